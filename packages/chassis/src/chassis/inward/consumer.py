"""The one consumer of a group: aiokafka's, which here tells when its own work has died."""

import zlib
from collections.abc import Collection
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer

if TYPE_CHECKING:
    from chassis.runtime import Runtime


class Consumer(AIOKafkaConsumer):  # type: ignore[misc] # aiokafka has no types
    """Reads records; only we commit its offsets.

    A task of aiokafka that meets an error which it does not know ends, and the consumer goes on
    answering that nothing has come. Writing to a connection that has just closed is such an error
    on uvloop: a RuntimeError, where `AIOKafkaConnection.send` (0.14) reckons with OSError alone.
    """

    def died(self) -> bool:
        """Whether nothing will come any more, whatever is in the topics: begin with a new one."""
        coordinating = self._coordinator._coordination_task  # noqa: SLF001 # it tells nobody
        return bool(self._fetcher.error_future.done() or coordinating.done())

    async def stop(self) -> None:
        """Leave the group and close all connections, also where a task has died."""
        try:
            await super().stop()
        finally:
            await self._client.close()


def consumer_for(runtime: "Runtime", topics: Collection[str]) -> Consumer:
    """Make the one consumer of a group, a static member of it.

    The name of a member tells what it listens to: under the name of one that listened to less the
    broker would give it that one's partitions back, and nobody would hear the rest (KIP-345).
    """
    name = runtime.service.name
    heard = zlib.crc32(" ".join(sorted(topics)).encode())
    return Consumer(
        bootstrap_servers=runtime.settings.kafka,
        client_id=f"{name}.react",
        group_id=f"throughline.{name}",
        group_instance_id=f"{name}.{runtime.settings.instance}.{heard:08x}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=10_000,
        heartbeat_interval_ms=1_000,
        max_poll_interval_ms=120_000,
    )
