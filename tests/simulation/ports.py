"""The ports of a process over the world: each call lets others go first, and again after it."""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any
from uuid import UUID

from aiokafka import ConsumerRecord, TopicPartition

from chassis.inward.gaps import Pair
from chassis.inward.reading import read_record
from chassis.outward.broker import Acknowledged
from chassis.outward.records import Arrived, TopicRecord, event_name, to_record
from ledger.commands import Answer, AppendCommand, Snapshot, StoredEvent
from ledger.feed import Cursor, Page
from ledger.looking import Found, Wanted
from ledger.store import READ_LIMIT
from tests.simulation.world import PARTITIONS, Kept, World


async def turn() -> None:
    """Let others go first: a place where a process may die."""
    await asyncio.sleep(0)


class WorldStore:
    """A service's store and feed."""

    def __init__(self, world: World, kept: Kept) -> None:
        self._world = world
        self._store = kept.store

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append in one commit."""
        await turn()
        answers = await self._store.append(batch)
        self._world.committed()
        await turn()
        return answers

    async def look(self, tenant: UUID, scope: frozenset[UUID], wanted: Wanted) -> Found:
        """Read for a decision."""
        await turn()
        found = await self._store.look(tenant, scope, wanted)
        await turn()
        return found

    async def keep_snapshot(self, tenant: UUID, stream_id: UUID, snapshot: Snapshot) -> None:
        """Keep a snapshot, in a commit of its own."""
        await turn()
        await self._store.keep_snapshot(tenant, stream_id, snapshot)
        self._world.committed()

    async def read(
        self, tenant: UUID, stream_id: UUID, after_version: int = 0, limit: int = READ_LIMIT
    ) -> list[StoredEvent]:
        """Read a stream."""
        await turn()
        return await self._store.read(tenant, stream_id, after_version, limit)

    async def of_case(self, tenant: UUID, case_id: UUID) -> dict[UUID, str]:
        """Return the streams of a case."""
        await turn()
        return await self._store.of_case(tenant, case_id)

    async def claimed(self, tenant: UUID, kind: str, limit: int) -> frozenset[str]:
        """Return the values of a kind that streams hold."""
        await turn()
        return await self._store.claimed(tenant, kind, limit)

    async def page(self, cursor: Cursor, limit: int) -> Page:
        """Return the events after a cursor."""
        await turn()
        page = await self._store.page(cursor, limit)
        await turn()
        return page

    async def safe_position(self) -> int:
        """Return where the log ends."""
        return len(self._store.log)

    async def last_position(self) -> int:
        """Return where the log ends."""
        return len(self._store.log)


class WorldBroker:
    """A topic that a relay sends to; each record is a commit of its own."""

    def __init__(self, world: World, topic: str) -> None:
        self._world = world
        self._topic = topic

    def check(self, _record: TopicRecord) -> None:
        """Take records of any size."""

    async def send(self, records: Sequence[TopicRecord]) -> list[Acknowledged]:
        """Take records over; they get into the topic one after the other."""
        loop = asyncio.get_running_loop()
        handed: list[Acknowledged] = [loop.create_future() for _ in records]
        for record, acknowledged in zip(records, handed, strict=True):
            await turn()
            self._keep(record)
            self._world.committed()
            loop.call_soon(acknowledged.set_result, None)
        await turn()
        return handed

    def _keep(self, record: TopicRecord) -> None:
        rules, name, value = self._world.rules, event_name(record), record.value
        headers = dict(record.headers)
        if rules.loses.get(name, 0) > 0:
            rules.loses[name] -= 1
            rules.lost.add((UUID(headers["ce_subject"].decode()), int(headers["ce_sequence"])))
            return
        if rules.spoils.get(name, 0) > 0:
            rules.spoils[name] -= 1
            value = b"{"
        number = sum(record.key) % PARTITIONS
        kept = self._world.topics[self._topic][number]
        place = (self._topic, number, len(kept))
        kept.append(Arrived(*place, record.key, value, record.headers))


class WorldTopics:
    """What a consumer reads of the topics: any part of what is there, each partition in order."""

    def __init__(self, world: World, group: str, topics: Sequence[str], seed: int) -> None:
        self._world = world
        self._group = group
        self._at = {
            TopicPartition(topic, number): world.offsets.get((group, topic, number), 0)
            for topic in topics
            for number in range(PARTITIONS)
        }
        self._random = Random(seed)  # noqa: S311 # to draw an order, nothing secret

    async def getmany(
        self, *, timeout_ms: int, max_records: int
    ) -> dict[TopicPartition, list[Any]]:
        """Return some of what has come, or nothing after a while."""
        await turn()
        if found := self._some(max_records):
            return found
        await asyncio.sleep(timeout_ms / 1000)
        return self._some(max_records)

    def died(self) -> bool:
        """Say no: it dies with its process alone."""
        return False

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        """Commit just these offsets."""
        await turn()
        for each, offset in offsets.items():
            self._world.offsets[self._group, each.topic, each.partition] = offset
        self._world.committed()
        await turn()

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Go on from an offset."""
        self._at[partition] = offset

    def _some(self, most: int) -> dict[TopicPartition, list[Any]]:
        found: dict[TopicPartition, list[Any]] = {}
        partitions = list(self._at)
        self._random.shuffle(partitions)
        for each in partitions:
            there = self._world.topics[each.topic][each.partition][self._at[each] :]
            taken = there[: self._random.randint(1, most)]
            if taken:
                found[each] = [_as_consumed(record) for record in taken]
                self._at[each] += len(taken)
        return found


def _as_consumed(record: Arrived) -> Any:
    place = (record.topic, record.partition, record.offset)
    return ConsumerRecord(*place, 0, 0, record.key, record.value, None, 0, 0, record.headers)


class WorldOwners:
    """The other services, asked for what they told."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def published(
        self, service: str, tenant: UUID, stream_id: UUID, start: int
    ) -> Sequence[Pair]:
        """Return a stream's records from a version on."""
        await turn()
        kept = self._world.kept[service]
        stored = await kept.store.read(tenant, stream_id, start - 1)
        await turn()
        topic = kept.service.topic
        records = [to_record(kept.service, each) for each in stored]
        return [
            (
                read_record(each.key, each.value, each.headers),
                Arrived(topic, -1, -1, each.key, each.value, each.headers),
            )
            for each in records
        ]
