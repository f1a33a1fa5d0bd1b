"""Who looked at a worklist: a stream for each reader, and each look is a fact of its own.

Lists hold nothing sealed, so a look is recorded by list and number of rows, not by child.
"""

from dataclasses import dataclass
from datetime import date

from chassis.acting import unmoved
from ledger.decider import Decider

CATEGORY = "Look"


@dataclass(frozen=True, slots=True)
class ListRead:
    """Somebody was shown a page of a list. `filters`: the names of those that were set."""

    reader: str
    worklist: str
    filters: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class FiguresRead:
    """Somebody was shown figures of a quarter, by a breakdown."""

    reader: str
    breakdown: str
    first_day: date


LookEvent = ListRead | FiguresRead


@dataclass(frozen=True, slots=True)
class NoteLook:
    """Record that somebody is about to be shown something."""

    shown: LookEvent


def decide(command: NoteLook, _nothing: None) -> list[LookEvent]:
    """Each look is a fact of its own: the same again is another look."""
    return [command.shown]


LOOK: Decider[NoteLook, None, LookEvent] = Decider(CATEGORY, None, decide, unmoved)
