"""An authority that was notified is waited for until the end of its day, each by itself."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from faults.checking.deadlines import due_by_the_events

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
