"""What was held with a child or family."""
