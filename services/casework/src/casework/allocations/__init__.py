"""Who leads a case and works on it, who was asked, how much it weighs, who may not."""
