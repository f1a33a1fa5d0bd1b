"""Who holds a case at an instant, from the events by which custody passed alone. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Passing:
    """Custody passed from one authority to another at an instant, told by that event."""

    at: datetime
    from_authority: UUID
    to_authority: UUID
    event_id: UUID


def holder_at(opened_by: UUID, passings: Iterable[Passing], at: datetime) -> UUID:
    """Return who holds a case at an instant: at that of a passing already the authority it goes to.

    `opened_by` held it from its opening. Passings of one instant follow one another from hand to
    hand.
    """
    holder = opened_by
    waiting = sorted((each for each in passings if each.at <= at), key=lambda each: each.at)
    while waiting:
        # Of one instant: the one that goes on from who holds it now.
        follows = [each for each in waiting if each.from_authority == holder]
        found = follows[0] if follows else waiting[0]
        waiting.remove(found)
        holder = found.to_authority
    return holder
