"""The people who work with families."""
