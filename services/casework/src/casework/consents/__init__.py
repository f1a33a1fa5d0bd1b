"""What a family agrees to, for each purpose; and what follows where it does not agree."""
