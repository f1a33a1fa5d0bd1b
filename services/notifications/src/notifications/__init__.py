"""What must be told to whom, and whether it arrived."""
