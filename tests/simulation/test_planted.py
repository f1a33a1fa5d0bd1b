"""Faults that are planted in a process are found: the simulation can fail."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest

from chassis.inward import hearing, react
from chassis.inward.outcome import Outcome
from chassis.outward import sending
from ledger.commands import Appended
from ledger.heard import Before
from tests.simulation.crashing import try_out
from tests.simulation.memories import WorldInbox
from tests.simulation.ports import WorldStore, turn
from tests.simulation.process import Story
from tests.simulation.stories import (
    a_place_crosses_authorities,
    a_record_is_lost,
    a_referral_is_taken_up,
    a_request_comes_before_the_cohort,
    somebody_is_in_danger,
)

Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Let what parks in a story not be told again and again."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def offsets_first(patch: pytest.MonkeyPatch) -> None:
    """Commit the offsets before the effects."""

    async def take(listener: Any, records: Sequence[Any]) -> None:
        await listener._topics.commit(react._behind(records))
        await listener._hearing.batch([react._arrived(each) for each in records])

    patch.setattr(react.Listener, "_take", take)


def random_command_ids(patch: pytest.MonkeyPatch) -> None:
    """Draw the ids of commands that follow from what was heard."""
    patch.setattr(hearing, "caused_id", lambda *_cause: uuid4())


def nothing_heard(patch: pytest.MonkeyPatch) -> None:
    """Remember nothing of what was heard."""
    usual = WorldInbox.before

    async def before(inbox: WorldInbox, *about: Any) -> Before:
        found = await usual(inbox, *about)
        inbox._kept.heard.heard.clear()
        return Before({}, found.waiting, found.accepted)

    patch.setattr(WorldInbox, "before", before)


def heard_first(patch: pytest.MonkeyPatch) -> None:
    """Remember what was heard before its commands are carried out."""
    usual = hearing.Hearing._do

    async def do(self: Any, ask: Any, found: Any, outcome: Any, shell: Any) -> None:
        stream = (found.tenant, found.stream_id)
        self._inbox._kept.heard.heard[stream] = found.version
        outcome.known = dict(outcome.known) | {stream: found.version}
        self._inbox._world.committed()
        await turn()
        await usual(self, ask, found, outcome, shell)

    patch.setattr(hearing.Hearing, "_do", do)


def checkpoint_first(patch: pytest.MonkeyPatch) -> None:
    """Move the relay's checkpoint before the records are in the topic."""
    usual = sending.Sending._hand_over

    async def hand_over(self: Any, handed: Any) -> None:
        since = self._outbox._kept.sent.cursor
        await self._outbox.advance(since, handed.end, handed.page.seen_to, [], {})
        await usual(self, handed)

    async def settled(*_arguments: Any) -> None:
        """Leave the checkpoint where it is."""

    patch.setattr(sending.Sending, "_hand_over", hand_over)
    patch.setattr(sending._Settling, "_write", settled)


def answered_first(patch: pytest.MonkeyPatch) -> None:
    """Answer a command before it is committed."""
    usual = WorldStore.append

    async def append(store: Any, batch: Sequence[Any]) -> list[Any]:
        foreseen: list[Any] = await store._store.copy().append(batch)
        if not all(isinstance(each, Appended) for each in foreseen):
            answers: list[Any] = await usual(store, batch)
            return answers

        async def later() -> None:
            for _ in range(5):
                await turn()
            await usual(store, batch)

        store.late = asyncio.ensure_future(later())
        return foreseen

    patch.setattr(WorldStore, "append", append)


def parked_is_dropped(patch: pytest.MonkeyPatch) -> None:
    """Let what the domain cannot do yet not wait."""
    patch.setattr(Outcome, "park", lambda *_arguments: None)


def gaps_are_passed_over(patch: pytest.MonkeyPatch) -> None:
    """Take what comes after a gap for the next."""

    async def nothing_missing(*_about: Any) -> list[Any]:
        return []

    patch.setattr(hearing, "missing_records", nothing_missing)


PLANTED: dict[Plant, Story] = {
    offsets_first: a_referral_is_taken_up,
    random_command_ids: a_referral_is_taken_up,
    nothing_heard: somebody_is_in_danger,
    heard_first: a_place_crosses_authorities,
    checkpoint_first: a_referral_is_taken_up,
    answered_first: a_referral_is_taken_up,
    parked_is_dropped: a_request_comes_before_the_cohort,
    gaps_are_passed_over: a_record_is_lost,
}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert try_out(PLANTED[plant], enough=1).wrong != ()
