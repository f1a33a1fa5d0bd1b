"""What is proposed to a family, what it says to that, and what is decided."""
