"""A listener begins nothing once it is to end, and commits what is done, however it ends."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from chassis.inward import offsets, react
from chassis.outward.records import Arrived
from packages.chassis.tests.conftest import until
from packages.chassis.tests.sources import TOPIC


class OneBatch:
    """Topics that have one batch; what is committed and sought is kept."""

    def __init__(self, *records: Any, fails: Sequence[Exception] = ()) -> None:
        self._records = list(records)
        self._fails = list(fails)
        self.committed: list[dict[TopicPartition, int]] = []
        self.sought: list[tuple[TopicPartition, int]] = []

    async def getmany(self, **_bounds: int) -> Any:
        """Return the batch once, then nothing."""
        await asyncio.sleep(0.001)
        found, self._records = self._records, []
        return {TopicPartition(TOPIC, 0): found} if found else {}

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        """Fail as often as it is laid down."""
        if self._fails:
            raise self._fails.pop(0)
        self.committed.append(offsets)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Keep it."""
        self.sought.append((partition, offset))

    def died(self) -> bool:
        """Say no: it has its one batch for ever."""
        return False


class Heard:
    """Takes batches, and as long for each as a test wants."""

    def __init__(self) -> None:
        self.began, self.may_end = asyncio.Event(), asyncio.Event()
        self.batches = 0

    async def batch(self, _records: Sequence[Arrived]) -> None:
        """Wait until it may end."""
        self.began.set()
        await self.may_end.wait()
        self.batches += 1


RECORD = ConsumerRecord(TOPIC, 0, 7, 0, 0, b"key", b"value", None, 3, 5, ())
BEHIND = {TopicPartition(TOPIC, 0): 8}


def listening(topics: OneBatch, hearing: Heard) -> tuple[react.Listener, asyncio.Event]:
    """Make a listener of what a test lays down, and what ends it."""
    stopping = asyncio.Event()
    return react.Listener(topics, hearing, stopping), stopping  # type: ignore[arg-type] # stands for Hearing


async def test_no_batch_is_begun_once_the_process_is_to_end() -> None:
    topics, hearing = OneBatch(RECORD), Heard()
    listener, stopping = listening(topics, hearing)
    stopping.set()
    async with asyncio.timeout(1):
        await listener.run()
    assert (hearing.batches, topics.committed) == (0, [])


async def test_what_is_done_when_the_process_ends_is_committed() -> None:
    topics, hearing = OneBatch(RECORD), Heard()
    listener, stopping = listening(topics, hearing)
    running = asyncio.create_task(listener.run())
    await hearing.began.wait()
    stopping.set()
    hearing.may_end.set()
    async with asyncio.timeout(1):
        await running
    assert topics.committed == [BEHIND]


async def test_partitions_go_to_another_member_after_the_batch_in_hand() -> None:
    topics, hearing = OneBatch(RECORD), Heard()
    listener, stopping = listening(topics, hearing)
    running = asyncio.create_task(listener.run())
    await hearing.began.wait()
    going = asyncio.create_task(listener.let_go())
    await asyncio.sleep(0.01)
    # Of a batch that is not done nothing is committed: a crash here repeats it.
    assert (going.done(), topics.committed) == (False, [])
    hearing.may_end.set()
    async with asyncio.timeout(1):
        await going
    assert topics.committed == [BEHIND]
    stopping.set()
    await running


async def test_a_batch_that_outlives_its_partitions_commits_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(react, "REVOKE_S", 0.01)
    topics, hearing = OneBatch(RECORD), Heard()
    listener, stopping = listening(topics, hearing)
    running = asyncio.create_task(listener.run())
    await hearing.began.wait()
    await listener.let_go()
    hearing.may_end.set()
    stopping.set()
    await running
    assert (hearing.batches, topics.committed) == (1, [])


async def test_offsets_that_the_broker_did_not_take_are_committed_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offsets, "PAUSE_S", 0.01)
    topics, hearing = OneBatch(RECORD, fails=[KafkaError(), KafkaError()]), Heard()
    hearing.may_end.set()
    listener, stopping = listening(topics, hearing)
    running = asyncio.create_task(listener.run())

    async def committed() -> bool:
        return topics.committed == [BEHIND]

    await until(committed, "the offsets are committed")
    stopping.set()
    await running


async def test_a_commit_that_the_end_of_the_process_breaks_off_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offsets, "EVERY_S", 0.0)
    topics, hearing = OneBatch(RECORD), Heard()
    usual, begun = topics.commit, asyncio.Event()

    async def commit(given: dict[TopicPartition, int]) -> None:
        if not begun.is_set():
            begun.set()
            await asyncio.Event().wait()
        await usual(given)

    monkeypatch.setattr(topics, "commit", commit)
    hearing.may_end.set()
    listener, stopping = listening(topics, hearing)
    running = asyncio.create_task(listener.run())
    async with asyncio.timeout(5):
        await begun.wait()
        stopping.set()
        await running
    assert topics.committed == [BEHIND]


async def test_a_broker_that_is_away_does_not_keep_a_process_from_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offsets, "PATIENCE_S", 0.02)
    topics, hearing = OneBatch(RECORD), Heard()
    asked = asyncio.Event()

    async def commit(_offsets: dict[TopicPartition, int]) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(topics, "commit", commit)
    hearing.may_end.set()
    listener, stopping = listening(topics, hearing)
    running = asyncio.create_task(listener.run())
    async with asyncio.timeout(5):
        await asked.wait()
        stopping.set()
        await running
