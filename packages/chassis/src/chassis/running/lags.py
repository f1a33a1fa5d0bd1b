"""What is behind what: followers of the log against its end, the consumer against the topics."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError
from aiokafka.structs import OffsetAndMetadata

from chassis.commands.own_events import RELAY
from chassis.failures import Unavailable
from chassis.followers.project import follower_names
from ledger import checkpoints
from ledger.connect import Connection
from throughline.operations.v1 import operations_pb2

if TYPE_CHECKING:
    from chassis.runtime import Runtime

NOTARISE = "notarise"
PATIENCE_MS = 5_000
LOADING_PAUSE_S = 0.1


@dataclass(frozen=True, slots=True)
class Found:
    """The log's last position, and how far its followers are behind it."""

    position: int
    lags: list[operations_pb2.Lag]


async def log_lags(runtime: "Runtime", connection: Connection) -> Found:
    """Measure how far each follower is behind the service's log, in positions."""
    position = await runtime.feed.last_position()
    names = [("relay", RELAY), ("notarise", NOTARISE)]
    names += [("project", name) for name in follower_names(runtime.service)]
    seen = await checkpoints.seen_by(connection)
    return Found(
        position,
        [
            operations_pb2.Lag(role=role, name=name, behind=max(0, position - seen.get(name, 0)))
            for role, name in names
        ],
    )


async def heard_lags(runtime: "Runtime") -> list[operations_pb2.Lag]:
    """Measure how far the service is behind others' topics, in records. Raises Unavailable."""
    return [
        operations_pb2.Lag(role="react", name=each.topic, shard=each.partition, behind=behind)
        for each, behind in (await runtime.consumer_lags.read()).items()
    ]


@dataclass(frozen=True, slots=True)
class _Watch:
    """Connections that only ask. `watcher` never subscribes, so it is no member of the group."""

    admin: AIOKafkaAdminClient
    watcher: AIOKafkaConsumer
    partitions: list[TopicPartition]

    async def stop(self) -> None:
        await self.watcher.stop()
        await self.admin.close()


class ConsumerLags:
    """Asks the broker how many records a service has not heard yet; keeps its connections.

    All partitions are asked for at once: whoever waits for quiet asks again and again.
    """

    def __init__(self, kafka: str, group: str, topics: Iterable[str]) -> None:
        self._kafka = kafka
        self._group = group
        self._topics = sorted(topics)
        self._watch: _Watch | None = None
        self._asking = asyncio.Lock()

    async def read(self) -> dict[TopicPartition, int]:
        """Return the lag of each partition of the topics. Raises Unavailable."""
        if not self._topics:
            return {}
        async with self._asking:
            try:
                async with asyncio.timeout(PATIENCE_MS / 1000):
                    if self._watch is None:
                        self._watch = await self._connected()
                    return await self._ask(self._watch)
            except (KafkaError, TimeoutError, OSError) as error:
                await self._disconnect()
                raise Unavailable(type(error).__name__) from None

    async def close(self) -> None:
        """Let the connections go."""
        async with self._asking:
            await self._disconnect()

    async def _connected(self) -> _Watch:
        # Also when whoever asked goes away: what never started must not be kept.
        async with AsyncExitStack() as undo:
            admin = AIOKafkaAdminClient(
                bootstrap_servers=self._kafka, request_timeout_ms=PATIENCE_MS
            )
            undo.push_async_callback(admin.close)
            await admin.start()
            watcher = AIOKafkaConsumer(
                bootstrap_servers=self._kafka, request_timeout_ms=PATIENCE_MS
            )
            undo.push_async_callback(watcher.stop)
            await watcher.start()
            watch = _Watch(admin, watcher, await _partitions(admin, self._topics))
            undo.pop_all()
        return watch

    async def _ask(self, watch: _Watch) -> dict[TopicPartition, int]:
        # Ends come first: of a record that comes meanwhile nobody says that it was not heard.
        ends = await watch.watcher.end_offsets(watch.partitions)
        committed = await self._committed(watch)
        # Where nothing was committed yet, the broker says -1.
        return {each: max(0, ends[each] - max(0, committed[each].offset)) for each in ends}

    async def _committed(self, watch: _Watch) -> dict[TopicPartition, OffsetAndMetadata]:
        """Return what the group has committed; a coordinator that still loads is asked again."""
        while True:
            try:
                found: dict[
                    TopicPartition, OffsetAndMetadata
                ] = await watch.admin.list_consumer_group_offsets(
                    self._group, partitions=watch.partitions
                )
                if found.keys() >= {*watch.partitions}:
                    return found
            except KafkaError as error:
                if not error.retriable:
                    raise
            await asyncio.sleep(LOADING_PAUSE_S)

    async def _disconnect(self) -> None:
        if self._watch is not None:
            watch, self._watch = self._watch, None
            await watch.stop()


async def _partitions(admin: AIOKafkaAdminClient, topics: Sequence[str]) -> list[TopicPartition]:
    """Return the partitions of topics; their number never changes. Raises KafkaError."""
    described = await admin.describe_topics(list(topics))
    found = sorted(
        TopicPartition(topic["topic"], each["partition"])
        for topic in described
        for each in topic["partitions"]
    )
    if {each.topic for each in found} != set(topics):
        raise UnknownTopicOrPartitionError(", ".join(topics))
    return found
