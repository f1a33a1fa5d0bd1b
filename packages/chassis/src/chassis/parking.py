"""Streams that wait because a record of theirs could not be applied or sent; trying them again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from chassis import logs
from chassis.acting import Step, unmoved
from chassis.hearing import TRANSIENT, Hearing
from chassis.outcome import Outcome
from chassis.own_events import OPERATIONS, ParkedRecordSkipped
from chassis.records import Arrived, Unreadable, read_record
from ledger import parked
from ledger.commands import StoredEvent
from ledger.decider import Decider
from ledger.ids import stream_of

if TYPE_CHECKING:
    from chassis.runtime import Runtime

EVERY_S = 0.5
RECORDS = 500
"""Records of one stream that are tried in one go."""

_log = logs.logger(__name__)


async def retry_parked(runtime: "Runtime") -> None:
    """Try parked streams again when their pause is over, until the process is asked to end."""
    async with runtime.leadership("parked"):
        while not runtime.stopping.is_set():
            async with runtime.worker_pool.acquire(timeout=5) as connection:
                waiting = await parked.next_due(connection, runtime.service.name)
            if waiting is None:
                await asyncio.sleep(EVERY_S)
            else:
                await retry_stream(runtime, runtime.service.name, waiting.tenant, waiting.stream_id)


async def retry_stream(
    runtime: "Runtime", consumer: str, tenant: UUID, stream_id: UUID
) -> tuple[int, int]:
    """Try the records of a parked stream in order; answer how many were applied and still wait."""
    hearing = Hearing(runtime)
    applied = 0
    async with runtime.worker_pool.acquire(timeout=5) as connection:
        records = await parked.records(connection, consumer, tenant, stream_id, RECORDS)
    for record in records:
        reason, outcome = await _try(hearing, record)
        async with (
            runtime.worker_pool.acquire(timeout=5) as connection,
            connection.transaction(),
        ):
            if reason is None:
                await outcome.write(connection)
                # What the database refuses it has noted there.
                reason = outcome.reasons.get((tenant, stream_id))
            if reason is not None:
                await parked.attempted(connection, consumer, tenant, stream_id, reason)
                break
            await parked.remove(connection, record)
            applied += 1
    return applied, len(records) - applied


async def _try(hearing: Hearing, record: parked.ParkedRecord) -> tuple[str | None, Outcome]:
    outcome = Outcome(hearing.consumer)
    arrived = Arrived(
        record.topic, record.partition, record.offset, record.key, record.value, record.headers
    )
    try:
        found = read_record(record.key, record.value, record.headers)
        return await hearing.effect(found, arrived, outcome), outcome
    except (Unreadable, *TRANSIENT) as error:
        return type(error).__name__, outcome


async def park_unsendable(runtime: "Runtime", consumer: str, event: StoredEvent) -> None:
    """Park an event that can never be a record, with an alert; the stream waits behind it."""
    _log.error("event cannot be sent", event_type=event.type, position=event.position)
    async with (
        runtime.worker_pool.acquire(timeout=5) as connection,
        connection.transaction(),
    ):
        await parked.add(
            connection,
            [
                parked.ParkedRecord(
                    consumer=consumer,
                    tenant=event.tenant,
                    stream_id=event.stream_id,
                    version=event.version,
                    topic=runtime.service.topic,
                    partition=-1,
                    offset=event.position,
                    key=None,
                    value=None,
                    headers=(),
                    event_id=event.event_id,
                    type=event.type,
                )
            ],
            {(event.tenant, event.stream_id): "Unsendable"},
        )


async def parked_streams(
    runtime: "Runtime", consumer: str, events: Sequence[StoredEvent]
) -> set[tuple[UUID, UUID]]:
    """Return which of the events' streams are parked."""
    streams = list({(event.tenant, event.stream_id) for event in events})
    async with runtime.worker_pool.acquire(timeout=5) as connection:
        return await parked.parked_streams(connection, consumer, streams)


@dataclass(frozen=True, slots=True)
class RecordSkip:
    """Record that an operator left out a parked record."""

    skipped: ParkedRecordSkipped


def _decide(command: RecordSkip, _nothing: None) -> list[ParkedRecordSkipped]:
    return [command.skipped]


SKIPS: Decider[RecordSkip, None, ParkedRecordSkipped] = Decider(OPERATIONS, None, _decide, unmoved)


def skip_step(service: str, command: RecordSkip) -> Step:
    """Return the step that records a skip, on a stream for each stream that is parked."""
    return Step(SKIPS, stream_of(service, OPERATIONS, command.skipped.stream_id), command)
