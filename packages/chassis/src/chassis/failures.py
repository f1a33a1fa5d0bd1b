"""What can go wrong outside the domain; each is mapped to a gRPC status in one place."""

from ledger.connect import STORE_AWAY
from ledger.writer import QueueFull
from vault.access import KeyringUnavailable


class Conflicted(Exception):  # noqa: N818 # the field's word for a lost race
    """Another command changed the stream first. Read again, then decide again."""


class NotFound(Exception):  # noqa: N818 # looks like absence, whatever the reason
    """There is nothing of that id, or nothing that this caller may know of."""


class Unavailable(Exception):  # noqa: N818 # named for the gRPC status it becomes
    """The outcome is in doubt or a part is away: the same command id may be tried again."""


TRANSIENT = (Unavailable, Conflicted, QueueFull, TimeoutError, OSError)
"""What may succeed when it is tried again with the same command id."""

PASSING = (*TRANSIENT, *STORE_AWAY, KeyringUnavailable)
"""What background work waits out: a part that it needs is away, or somebody was faster."""
