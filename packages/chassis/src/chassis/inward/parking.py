"""Streams that wait because a record of theirs could not be applied: tried again, or left out."""

import asyncio
import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.acting import Act, Step, unmoved
from chassis.commands.own_events import OPERATIONS, RELAY, ParkedRecordSkipped
from chassis.failures import NotFound
from chassis.followers.following import pause
from chassis.inward.hearing import Hearing
from chassis.inward.inbox import Inbox, PostgresInbox
from chassis.outward.records import to_unpublished
from chassis.running import logs
from ledger import parked
from ledger.connect import ACQUIRE_S
from ledger.decider import Decider
from ledger.envelope import Actor
from ledger.ids import new_id, stream_of
from ledger.parked import ParkedRecord

if TYPE_CHECKING:
    from chassis.runtime import Runtime

EVERY_S = 0.5
RECORDS = 500
"""Records of one stream that are tried in one go."""

PATIENCE_S = 3.0
"""How long an operator waits to hear what came of another try."""

_log = logs.logger(__name__)


async def retry_parked(runtime: "Runtime") -> None:
    """Try parked streams again when their pause is over, until the process is asked to end.

    One leader does, so that the records of a stream are applied one after the other.
    """
    inbox = PostgresInbox(runtime)
    async with runtime.leadership("parked"):
        await Retrying(Hearing(runtime, inbox), inbox, runtime.stopping).run()


class Retrying:
    """Applies what waits, stream by stream, each in its order."""

    def __init__(self, hearing: Hearing, inbox: Inbox, stopping: asyncio.Event) -> None:
        self._hearing = hearing
        self._inbox = inbox
        self._stopping = stopping

    async def run(self) -> None:
        """Try again until the process is asked to end."""
        while not self._stopping.is_set():
            due = await self._inbox.next_due()
            if due is None:
                await pause(self._stopping, EVERY_S)
                continue
            for record in await self._inbox.waiting(due, RECORDS):
                if self._stopping.is_set() or not await self._applied(record):
                    break

    async def _applied(self, record: ParkedRecord) -> bool:
        """Apply a record and take it away, or note why it must go on waiting."""
        try:
            reason = await self._apply(record)
        except Exception as error:  # noqa: BLE001 # whatever it is, the stream waits and says which
            reason = type(error).__name__
            about = logs.described(error)
            _log.warning("parked record failed again", event_type=record.type, **about)
        if reason is not None:
            await self._inbox.attempted(record, reason)
        return reason is None

    async def _apply(self, record: ParkedRecord) -> str | None:
        stream = (record.tenant, record.stream_id)
        before = await self._inbox.before([stream], [])
        outcome = await self._hearing.again(record, before.known)
        if stream in outcome.reasons:
            return outcome.reasons[stream]
        await self._inbox.applied(outcome, record)
        # What the database refuses it has noted there.
        return outcome.reasons.get(stream)


async def try_now(
    runtime: "Runtime", consumer: str, tenant: UUID, stream_id: UUID
) -> tuple[int, int]:
    """Have a stream tried at once by whoever does that; answer how many went, how many wait.

    Raises NotFound where it does not wait.
    """
    before = await _waiting(runtime, consumer, tenant, stream_id)
    if before is None:
        raise NotFound("parked stream")
    async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
        await parked.hurry(connection, consumer, tenant, stream_id)
    left: parked.ParkedStream | None = replace(before, attempts=0)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while left is not None and left.attempts == 0:
                await asyncio.sleep(0.02)
                left = await _waiting(runtime, consumer, tenant, stream_id)
    remaining = left.records if left else 0
    return max(0, before.records - remaining), remaining


async def _waiting(
    runtime: "Runtime", consumer: str, tenant: UUID, stream_id: UUID
) -> parked.ParkedStream | None:
    async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
        return await parked.stream(connection, consumer, tenant, stream_id)


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


async def skip_first(
    runtime: "Runtime", consumer: str, tenant: UUID, stream_id: UUID, reason: str, by: Actor
) -> int:
    """Leave out a stream's first record; who did it and why is recorded first. How many remain.

    Raises NotFound where the stream does not wait (any more).
    """
    async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
        records = await parked.records(connection, consumer, tenant, stream_id, 1)
    if not records:
        raise NotFound("parked stream")
    skipped = ParkedRecordSkipped(consumer, stream_id, records[0].version, reason)
    scope = frozenset([tenant])
    await runtime.shell.execute(Act(new_id(), tenant, scope, by, RecordSkip(skipped)))
    try:
        if consumer == RELAY:
            await _tell_nothing(runtime, records[0])
            _, remaining = await try_now(runtime, consumer, tenant, stream_id)
            return remaining
        async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            return await parked.remove(connection, records[0])
    except parked.Gone:
        raise NotFound("parked stream") from None


async def _tell_nothing(runtime: "Runtime", record: ParkedRecord) -> None:
    """Lay down for the relay a record that says no more than that there is a version.

    Were it left out altogether, every reader of the topic would miss it and ask for it.
    """
    [stored] = await runtime.shell.store.read(
        record.tenant, record.stream_id, after_version=record.version - 1, limit=1
    )
    told = to_unpublished(runtime.service, stored)
    laid_down = replace(record, key=told.key, value=told.value, headers=told.headers)
    async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
        await parked.replace(connection, laid_down)
