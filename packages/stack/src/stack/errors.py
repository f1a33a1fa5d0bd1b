"""What this package says when it cannot go on."""


class StackError(Exception):
    """Something on this machine stops the servers. The words say what, and what to do about it."""
