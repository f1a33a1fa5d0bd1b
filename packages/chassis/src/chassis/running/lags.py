"""What is behind what: followers of the log against its end, the consumer against the topics."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

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


class ConsumerLags:
    """Asks the broker how many records a service has not heard yet; keeps its connection."""

    def __init__(self, kafka: str, group: str, topics: Iterable[str]) -> None:
        self._kafka = kafka
        self._group = group
        self._topics = sorted(topics)
        self._watcher: AIOKafkaConsumer | None = None
        self._partitions: list[TopicPartition] = []
        self._asking = asyncio.Lock()

    async def read(self) -> dict[TopicPartition, int]:
        """Return the lag of each partition of the topics. Raises Unavailable."""
        if not self._topics:
            return {}
        async with self._asking:
            try:
                async with asyncio.timeout(PATIENCE_MS / 1000):
                    return await self._ask(await self._connected())
            except (KafkaError, TimeoutError, OSError) as error:
                await self._disconnect()
                raise Unavailable(type(error).__name__) from None

    async def close(self) -> None:
        """Let the connection go."""
        async with self._asking:
            await self._disconnect()

    async def _connected(self) -> AIOKafkaConsumer:
        if self._watcher is None:
            # A consumer knows the partitions of what it subscribes to only, and this one does not.
            self._partitions = await _partitions(self._kafka, self._topics)
            # It only asks: it never subscribes, so it is no member of the group.
            watcher = AIOKafkaConsumer(
                bootstrap_servers=self._kafka,
                group_id=self._group,
                enable_auto_commit=False,
                request_timeout_ms=PATIENCE_MS,
            )
            try:
                await watcher.start()
            except BaseException:
                # Also when whoever asked went away: one that never started must not be kept.
                await watcher.stop()
                raise
            self._watcher = watcher
        return self._watcher

    async def _ask(self, watcher: AIOKafkaConsumer) -> dict[TopicPartition, int]:
        ends = await watcher.end_offsets(self._partitions)
        offsets = await asyncio.gather(*(watcher.committed(each) for each in self._partitions))
        committed = dict(zip(self._partitions, offsets, strict=True))
        return {each: max(0, ends[each] - (committed[each] or 0)) for each in self._partitions}

    async def _disconnect(self) -> None:
        if self._watcher is not None:
            watcher, self._watcher = self._watcher, None
            await watcher.stop()


async def _partitions(kafka: str, topics: Sequence[str]) -> list[TopicPartition]:
    """Return the partitions of topics; their number never changes. Raises KafkaError."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=PATIENCE_MS)
    try:
        await admin.start()
        described = await admin.describe_topics(list(topics))
    finally:
        await admin.close()
    found = sorted(
        TopicPartition(topic["topic"], each["partition"])
        for topic in described
        for each in topic["partitions"]
    )
    if {each.topic for each in found} != set(topics):
        raise UnknownTopicOrPartitionError(", ".join(topics))
    return found
