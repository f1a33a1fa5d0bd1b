"""What a batch of records from others came to: collected, then written in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from chassis.acting import Heard
from chassis.inward.reading import Spoiled
from chassis.outward.records import Arrived
from chassis.running import logs
from ledger import dead_letters, heard, parked
from ledger.connect import Connection
from ledger.writes import Write
from ledger.writing import send

Stream = tuple[UUID, UUID]
Read = Heard | Spoiled

# Faults of the moment or of the machine. Any other, while writing, is the record's.
_NOT_ITS_OWN = (
    asyncpg.PostgresConnectionError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
)

_log = logs.logger(__name__)


@dataclass(slots=True)
class Outcome:
    """What is to be written for one consumer.

    `known` are the versions up to which streams were heard before, `waiting` the streams that wait;
    `reasons` say why some of them wait from now on.
    """

    consumer: str
    known: Mapping[Stream, int]
    waiting: set[Stream] = field(default_factory=set)
    applied: list[tuple[Heard, Arrived, list[Write]]] = field(default_factory=list)
    refused: list[heard.Refused] = field(default_factory=list)
    reasons: dict[Stream, str] = field(default_factory=dict)
    to_park: list[parked.ParkedRecord] = field(default_factory=list)
    dead: list[dead_letters.DeadLetter] = field(default_factory=list)
    _advanced: dict[Stream, int] = field(default_factory=dict)

    def heard_to(self, found: Read) -> int:
        """Return the version up to which a record's stream is heard by now."""
        stream = (found.tenant, found.stream_id)
        return self._advanced.get(stream, self.known.get(stream, 0))

    @property
    def steps(self) -> dict[Stream, tuple[int, int]]:
        """From which known version up to which each stream is heard now."""
        return {each: (self.known.get(each, 0), to) for each, to in self._advanced.items()}

    def hear(self, found: Read) -> None:
        """Take note that a record was dealt with, unless others before it are still missing."""
        if found.version == self.heard_to(found) + 1:
            self._advanced[found.tenant, found.stream_id] = found.version

    def park(self, found: Read, record: Arrived, reason: str | None = None) -> None:
        """Let a record wait; without a reason it queues behind one that waits already."""
        stream = (found.tenant, found.stream_id)
        self.to_park.append(
            parked.ParkedRecord(
                consumer=self.consumer,
                tenant=found.tenant,
                stream_id=found.stream_id,
                version=found.version,
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                key=record.key,
                value=record.value,
                headers=record.headers,
                event_id=found.event_id,
                type=found.type,
            )
        )
        self.waiting.add(stream)
        if reason is not None:
            self.reasons[stream] = reason

    def bury(self, record: Arrived, at: str) -> None:
        """Keep a record of which no stream can be told for a person to look at."""
        place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        _log.error("dead letter", consumer=self.consumer, **place)
        self.dead.append(
            dead_letters.DeadLetter(
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                key=record.key,
                value=record.value,
                headers=record.headers,
                reason=at,
            )
        )

    async def write(self, connection: Connection) -> None:
        """Write all of it in a transaction; alone or inside the caller's.

        A record whose writes the database refuses parks its stream. Raises heard.Overtaken where
        somebody else has heard of the same streams meanwhile: nothing of it is written then.
        """
        if self._is_heard_only and not connection.is_in_transaction():
            # One statement is a transaction.
            await self._remember(connection)
            return
        try:
            async with connection.transaction():
                await send(connection, [each for *_, writes in self.applied for each in writes])
                await self._remember(connection)
        except _NOT_ITS_OWN:
            raise
        except (asyncpg.PostgresError, ValueError):
            async with connection.transaction():
                await self._write_one_by_one(connection)
                await self._remember(connection)

    @property
    def _is_heard_only(self) -> bool:
        return not (self.applied or self.refused or self.to_park or self.dead)

    async def _remember(self, connection: Connection) -> None:
        await heard.go_on(connection, self.consumer, self.steps)
        await heard.add_refused(connection, self.refused)
        await parked.add(connection, self.to_park, self.reasons)
        await dead_letters.add(connection, self.dead)

    async def _write_one_by_one(self, connection: Connection) -> None:
        """Write record by record, each in a savepoint: what is no culprit's is kept."""
        for found, record, writes in self.applied:
            if (found.tenant, found.stream_id) in self.reasons:
                self.park(found, record)
                continue
            try:
                async with connection.transaction():
                    await send(connection, writes)
            except _NOT_ITS_OWN:
                raise
            except (asyncpg.PostgresError, ValueError) as error:
                _log.error("record parked", error=type(error).__name__, event_type=found.type)
                self.park(found, record, type(error).__name__)
