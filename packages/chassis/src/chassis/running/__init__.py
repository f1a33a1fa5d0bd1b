"""A process and its care: settings, logs, traces, lags, operations."""
