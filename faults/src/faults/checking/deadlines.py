"""I15: deadlines fire once, when they are due, and not where the facts ended them before.

Of the kinds in `FIRED` it is made again from the events what set, moved and met them; of the
others the table itself is looked at.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from faults.checking.evidence import Event, Evidence, Store
from faults.checking.names import caused, stream_of
from faults.checking.report import Look, look

LONDON = ZoneInfo("Europe/London")
ACKNOWLEDGE, AGAIN, LADDER = timedelta(minutes=15), timedelta(minutes=30), 8


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as the events make it: when it is due, who set it, whether it was ended."""

    at: datetime
    set_by: UUID
    met: bool = False


Key = tuple[UUID, str, UUID]
"""An authority, a kind and a stream."""

FIRED: Mapping[str, str] = {
    "screening": "ScreeningOverdue",
    "information": "InformationOverdue",
    "allocation": "AllocationOverdue",
    "concern-acknowledgement": "ConcernEscalated",
    "offer": "PlaceLapsed",
    "authority-answer": "LAOverdue",
}
"""What is recorded when a deadline of a kind falls due and the state has not moved on."""

COMMANDS: Mapping[str, str] = {
    "screening": "ScreeningFellDue",
    "information": "InformationFellDue",
    "allocation": "NoteAllocationOverdue",
    "concern-acknowledgement": "NoteUnacknowledged",
    "offer": "LapseOffer",
    "authority-answer": "NoteAuthoritySilent",
}


def deadlines_fire_once(evidence: Evidence) -> Iterator[Look]:
    """I15: the table is what the events make it; what is due has fired, by one command, once."""
    for name, store in evidence.stores.items():
        wanted = due_by_the_events(store)
        rows = {
            (row["tenant"], row["kind"], row["stream_id"]): row for row in store.rows("deadlines")
        }
        for key in wanted.keys() | rows.keys():
            ids = {"service": name, "kind": key[1], "stream": key[2]}
            due, row = wanted.get(key), rows.get(key)
            if row is not None and _root(key[1]) not in FIRED:
                yield from _by_its_row(row, store, ids)
                continue
            if due is None or row is None:
                expected = "a deadline is one that the events set"
                yield look(due is None and row is None, expected, **ids)
                continue
            yield look(row["due_at"] == due.at, f"due at {due.at}", row["due_at"], **ids)
            met = row["met_at"] is not None
            yield look(met == due.met or row["fired_at"] is not None, f"met: {due.met}", met, **ids)
            late = due.at <= store.now and not due.met
            fired = row["fired_at"] is not None
            yield look(fired or not late, "what is due has fired", **ids)
            early = fired and row["fired_at"] < row["due_at"]
            yield look(not early, "nothing fires before it is due", **ids)
        yield from _effects(name, store)


def _by_its_row(row: Mapping[str, Any], store: Store, ids: Mapping[str, Any]) -> Iterator[Look]:
    """Look at a deadline of a kind whose setting is not made again here: it fires, not early."""
    fired = row["fired_at"] is not None
    late = row["due_at"] <= store.now and row["met_at"] is None
    yield look(fired or not late, "what is due has fired", **ids)
    early = fired and row["fired_at"] < row["due_at"]
    yield look(not early, "nothing fires before it is due", **ids)


def _effects(name: str, store: Store) -> Iterator[Look]:
    """Look at what followed: caused by the event that set the deadline, once for each."""
    of_kind = {recorded: kind for kind, recorded in FIRED.items()}
    by_id = {each.event_id: each for each in store.events}
    seen: Counter[tuple[UUID, str, UUID | None]] = Counter()
    for event in store.events:
        kind = of_kind.get(event.type)
        if kind is None:
            continue
        seen[event.stream_id, event.type, event.cause] += 1
        sets = _sets(by_id[event.cause]) if event.cause in by_id else None
        there = sets is not None and _root(sets[0]) == kind
        expected = "what falls due follows from what set its deadline"
        yield look(there, expected, event=event.event_id)
        if sets is not None:
            exact, stream, at = sets
            natural = f"{stream}:{at.astimezone(UTC)}:{event.cause}"
            cause = stream_of(name, f"deadline {exact}", natural)
            made = caused("clock", cause, COMMANDS[kind], stream)
            expected = "what falls due has the one command id of its deadline"
            yield look(event.command_id == made, expected, event.command_id, event=event.event_id)
            expected = "nothing falls due before it is due"
            yield look(event.recorded_at >= at, expected, event=event.event_id)
    for (stream_id, recorded, set_by), number in seen.items():
        expected = "a deadline falls due once"
        ids = {"stream": stream_id, "event": recorded, "set_by": set_by}
        yield look(number == 1, expected, number, **ids)


def _root(kind: str) -> str:
    """Return a kind without what tells apart several that one stream waits for."""
    return kind.partition("/")[0]


def due_by_the_events(store: Store) -> dict[Key, Due]:
    """Return the deadlines that a store's events set, moved and met."""
    found: dict[Key, Due] = {}
    for event in sorted(store.events, key=lambda each: each.position):
        sets = _sets(event)
        if sets is not None:
            kind, stream, at = sets
            found[event.tenant, kind, stream] = Due(at, event.event_id)
        for met in _meets(event):
            if (event.tenant, *met) in found:
                before = found[event.tenant, *met]
                found[event.tenant, *met] = Due(before.at, before.set_by, met=True)
    return found


def _sets(  # noqa: PLR0911 # a row of the table is a return
    event: Event,
) -> tuple[str, UUID, datetime] | None:
    match event.type:
        case "ScreeningDueSet":
            return "screening", event.stream_id, datetime.fromisoformat(event.said["due_at"])
        # Casework records information too, which nothing waits for.
        case "InformationAsked" | "InformationReceived" | "InformationOverdue" if event.said.get(
            "next_due_at"
        ):
            due_at = datetime.fromisoformat(event.said["next_due_at"])
            return "information", event.stream_id, due_at
        case "LeadAwaited" | "LeadEnded":
            due_on = date.fromisoformat(event.said["due_on"])
            return "allocation", event.stream_id, _begins(due_on + timedelta(days=1))
        case "ConcernRaised" | "ConcernReopened":
            return "concern-acknowledgement", event.stream_id, event.recorded_at + ACKNOWLEDGE
        case "ConcernEscalated" if event.said["step"] < LADDER:
            again = datetime.fromisoformat(event.said["due"]) + AGAIN
            return "concern-acknowledgement", event.stream_id, again
        case "ReferredToLA":
            answer_by = date.fromisoformat(event.said["answer_by"])
            kind = f"authority-answer/{event.said['authority']}"
            return kind, event.stream_id, _begins(answer_by + timedelta(days=1))
        case "PlaceOffered":
            return "offer", event.stream_id, datetime.fromisoformat(event.said["expires_at"])
        case _:
            return None


def _meets(  # noqa: PLR0911 # a row of the table is a return
    event: Event,
) -> list[tuple[str, UUID]]:
    match event.type:
        case "ReferralScreened":
            return [("screening", event.stream_id)]
        case "ReferralAccepted":
            return [("information", event.stream_id)]
        case "ReferralDeclined" | "ReferralWithdrawn" | "ReferralTakenBack":
            return [("screening", event.stream_id), ("information", event.stream_id)]
        case "InformationReceived" if event.said.get("next_due_at", "") is None:
            return [("information", event.stream_id)]
        case "CaseAllocated" | "AllocationEnded":
            return [("allocation", event.stream_id)]
        case "ConcernAcknowledged":
            return [("concern-acknowledgement", event.stream_id)]
        case "LAAcknowledged":
            return [(f"authority-answer/{event.said['authority']}", event.stream_id)]
        case "PlaceAccepted" | "PlaceDeclined":
            return [("offer", event.stream_id)]
        case _:
            return []


def _begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)
