"""Sabotage: bugs planted outside the shipped code, one at a time, that the programme must catch."""
