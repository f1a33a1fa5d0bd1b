"""The numbers that casework decides by."""
