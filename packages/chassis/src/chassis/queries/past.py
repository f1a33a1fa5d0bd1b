"""Which recorded facts a reader of the past is shown: as known at an instant, as of a day. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from ledger.clock import london_day
from ledger.commands import StoredEvent


@dataclass(frozen=True, slots=True)
class Fact:
    """A stored event, `beside` it what has no column of its own, as JSON says it."""

    stored: StoredEvent
    beside: Mapping[str, Any]

    @classmethod
    def of(cls, stored: StoredEvent) -> "Fact":
        """Read what stands beside the event."""
        return cls(stored, from_json(stored.metadata))

    @property
    def corrects(self) -> UUID | None:
        """The event that this one sets right."""
        corrects = self.beside.get("corrects")
        return None if corrects is None else UUID(corrects)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as the reader is shown it; `corrected_by` is the newest correction known then."""

    fact: Fact
    corrected_by: UUID | None


def as_known(events: Sequence[Fact], known_at: datetime | None, as_of: date | None) -> list[Told]:
    """Return what was known at an instant and, given a day, had occurred by its end in London.

    *As known at T*: recorded at or before T. *As of D*: of what is known, with corrections applied
    (of a fact and its corrections, direct or not, only the newest stands), what occurred by the end
    of day D in London. Events come in the order of their positions and stay in it.
    """
    known = [each for each in events if known_at is None or each.stored.recorded_at <= known_at]
    corrected_by = {
        corrects: each.stored.event_id for each in known if (corrects := each.corrects) is not None
    }
    told = [Told(each, corrected_by.get(each.stored.event_id)) for each in known]
    if as_of is None:
        return told
    standing = _standing(known)
    return [
        each
        for each in told
        if each.fact.stored.event_id in standing
        and london_day(each.fact.stored.occurred_at) <= as_of
    ]


def _standing(known: Sequence[Fact]) -> frozenset[UUID]:
    """Return of each fact and its corrections the newest."""
    first: dict[UUID, UUID] = {}
    newest: dict[UUID, UUID] = {}
    for each in known:
        event_id, corrects = each.stored.event_id, each.corrects
        first[event_id] = event_id if corrects is None else first.get(corrects, corrects)
        newest[first[event_id]] = event_id
    return frozenset(newest.values())
