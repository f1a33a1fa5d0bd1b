"""The work: cases, allocation, sessions, workers."""
