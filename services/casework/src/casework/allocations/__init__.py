"""Who leads a case and works on it."""
