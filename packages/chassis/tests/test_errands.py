"""Errands: one that fails rests, is tried again, and keeps none of the others waiting."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from chassis.failures import Unavailable
from chassis.followers import errands
from chassis.followers.errands import Errands
from ledger.connect import Connection
from packages.chassis.tests.conftest import Parts


@dataclass
class Desk:
    """What is to be done, and what was tried."""

    waiting: list[UUID]
    failing: dict[UUID, Exception] = field(default_factory=dict)
    tried: list[UUID] = field(default_factory=list)

    async def due(self, _rows: Connection, but: Collection[UUID], limit: int) -> list[UUID]:
        """Answer what waits."""
        return [each for each in self.waiting if each not in but][:limit]

    async def run(self, errand: UUID) -> None:
        """Do it, or fail."""
        self.tried.append(errand)
        if errand in self.failing:
            raise self.failing[errand]


def errands_at(desk: Desk, parts: Parts) -> Errands[UUID]:
    return Errands(parts.runtime, "errands", desk.due, lambda id_: id_, lambda id_: id_, desk.run)


FAILURES = [ValueError("unforeseen"), Unavailable("for the moment")]


@pytest.mark.parametrize("error", FAILURES)
async def test_one_that_fails_rests_and_the_others_are_done(parts: Parts, error: Exception) -> None:
    first, second = uuid4(), uuid4()
    desk = Desk([first, second], {first: error})
    own = errands_at(desk, parts)
    await own.round()
    assert desk.tried == [first, second]
    # Both rest: the one because it failed, the other because its row may be a moment behind.
    await own.round()
    assert desk.tried == [first, second]


@pytest.mark.parametrize("error", FAILURES)
async def test_one_that_failed_is_tried_again_after_its_rest(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(errands, "STORE_PAUSE_S", 0.0)
    monkeypatch.setattr(errands, "REST_S", 0.0)
    only = uuid4()
    desk = Desk([only], {only: error})
    own = errands_at(desk, parts)
    await own.round()
    desk.failing.clear()
    await own.round()
    assert desk.tried == [only, only]
