"""What a case has to do with groups."""
