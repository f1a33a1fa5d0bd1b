"""The numbers that the front door goes by: rule sets with the day they begin."""
