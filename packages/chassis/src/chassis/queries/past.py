"""Which recorded facts a reader of the past is shown: as known at an instant, as of a day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ledger.clock import london_day
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as the reader is shown it; `corrected_by` is the newest correction known then."""

    recorded: Recorded[Any]
    corrected_by: UUID | None


def as_known(
    events: Sequence[Recorded[Any]], known_at: datetime | None, as_of: date | None
) -> list[Told]:
    """Return what was known at an instant and, given a day, had occurred by its end in London.

    *As known at T*: recorded at or before T. *As of D*: of what is known, with corrections applied
    (of a fact and its corrections, direct or not, only the newest stands), what occurred by the end
    of day D in London. Events come in the order of their positions and stay in it.
    """
    known = [each for each in events if known_at is None or each.envelope.recorded_at <= known_at]
    corrected_by = {
        each.envelope.corrects: each.envelope.event_id
        for each in known
        if each.envelope.corrects is not None
    }
    told = [Told(each, corrected_by.get(each.envelope.event_id)) for each in known]
    if as_of is None:
        return told
    standing = _standing(known)
    return [
        each
        for each in told
        if each.recorded.envelope.event_id in standing
        and london_day(each.recorded.envelope.occurred.at) <= as_of
    ]


def _standing(known: Sequence[Recorded[Any]]) -> frozenset[UUID]:
    """Return of each fact and its corrections the newest."""
    first: dict[UUID, UUID] = {}
    newest: dict[UUID, UUID] = {}
    for each in known:
        event_id, corrects = each.envelope.event_id, each.envelope.corrects
        first[event_id] = event_id if corrects is None else first.get(corrects, corrects)
        newest[first[event_id]] = event_id
    return frozenset(newest.values())
