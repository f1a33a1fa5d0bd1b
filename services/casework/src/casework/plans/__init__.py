"""The plan of a case: drafted in versions, proposed, in force from a day, paused, ended."""
