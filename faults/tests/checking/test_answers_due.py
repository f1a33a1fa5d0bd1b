"""An authority that was notified is waited for until the end of its day, each by itself."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from faults.checking.deadlines import deadlines_fire_once, due_by_the_events

TENANT, CONCERN = UUID(int=1), UUID(int=2)


def fact(position: int, kind: str, **said: str) -> Any:
    return SimpleNamespace(
        tenant=TENANT,
        stream_id=CONCERN,
        event_id=uuid4(),
        position=position,
        type=kind,
        said=said,
        recorded_at=datetime(2025, 12, 24, 20, tzinfo=UTC),
    )


def test_each_authority_has_a_day_of_its_own_until_it_answers() -> None:
    asked = fact(1, "ReferredToLA", authority="saltby", answer_by="2025-12-29")
    other = fact(2, "ReferredToLA", authority="estover", answer_by="2026-06-30")
    answered = fact(3, "LAAcknowledged", authority="saltby")
    store: Any = SimpleNamespace(events=[asked, other, answered])
    found = due_by_the_events(store)
    saltby = found[TENANT, "authority-answer/saltby", CONCERN]
    estover = found[TENANT, "authority-answer/estover", CONCERN]
    assert (saltby.at, saltby.met) == (datetime(2025, 12, 30, tzinfo=UTC), True)
    # Summer time: the day is over at eleven by the clock of Greenwich.
    assert (estover.at, estover.met) == (datetime(2026, 6, 30, 23, tzinfo=UTC), False)
    assert estover.set_by == other.event_id


@pytest.mark.parametrize(
    ("due", "fired", "met", "wrong"),
    [
        (1, 2, None, 0),
        (1, None, 1, 0),
        (9, None, None, 0),
        (1, None, None, 1),
        (5, 4, None, 1),
    ],
)
def test_a_deadline_that_is_not_made_again_fires_when_it_is_due(
    due: int, fired: int | None, met: int | None, wrong: int
) -> None:
    def at(hour: int | None) -> datetime | None:
        return None if hour is None else datetime(2026, 1, 1, hour, tzinfo=UTC)

    row = {"tenant": TENANT, "kind": "registration-lapse/hcpc/2025-01-01", "stream_id": CONCERN}
    row |= {"due_at": at(due), "fired_at": at(fired), "met_at": at(met)}
    store = SimpleNamespace(events=[], now=at(6), rows=lambda _table: [row])
    evidence: Any = SimpleNamespace(stores={"casework": store})
    assert len([each for each in deadlines_fire_once(evidence) if each is not None]) == wrong
