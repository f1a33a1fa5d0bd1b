"""The numbers that the front door goes by: working days, and rule sets with the day they begin."""
