"""How an episode is brought to its end: the checklist, who signs, what is settled first."""
