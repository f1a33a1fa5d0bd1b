"""What is known in a case: who said what and when, and where it does not agree."""
