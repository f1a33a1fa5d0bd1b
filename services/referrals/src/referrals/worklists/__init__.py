"""What duty looks at: lists and counts."""
