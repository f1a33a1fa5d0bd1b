"""The walls before a worker who knows a family: whatever he asks of it is not there."""
