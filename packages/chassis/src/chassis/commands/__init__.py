"""From a command to its committed events: facts gathered, decided, sealed, chained, appended."""
