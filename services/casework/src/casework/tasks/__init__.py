"""What somebody has to do by when: tasks, their ladder of escalation, and lists of work."""
