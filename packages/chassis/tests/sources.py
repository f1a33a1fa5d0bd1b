"""Another service, in memory, that tells what the tests' small service hears."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import grpc

from chassis.outward.records import Arrived, to_record
from chassis.roles import Role
from chassis.running.operations import Operations
from chassis.running.serving import OPERATIONS, OWN_POLICY
from chassis.runtime import Runtime
from chassis.service import Servicer
from chassis.testing import served
from ledger.commands import StoredEvent
from ledger.envelope import Recorded
from packages.chassis.tests.conftest import Parts
from packages.chassis.tests.counters import COUNTERS, Count, Counted, Open
from packages.chassis.tests.in_memory import InMemory
from throughline.operations.v1 import operations_pb2_grpc

TOPIC = "throughline.sources.v1"
BAD = 99
"""A movement of this many is told in words that the hearer chokes on."""
NOTE = 1_000
"""A movement of so many more is told as a note of that many."""


@dataclass(frozen=True, slots=True)
class Rang:
    """Something rang for a counter."""

    counter: str
    by: int


@dataclass(frozen=True, slots=True)
class Noted:
    """Something is to be noted, so many times."""

    stream: str
    times: int


@dataclass(frozen=True, slots=True)
class Bad:
    """Something that nobody can do anything with."""


def publish(recorded: Recorded[Any]) -> object | None:
    """Tell of movements; the case is the counter that hears of them."""
    about = str(recorded.envelope.case_id)
    match recorded.event:
        case Counted(by=by) if by == BAD:
            return Bad()
        case Counted(by=by) if by >= NOTE:
            return Noted(about, by - NOTE)
        case Counted(by=by):
            return Rang(about, by)
        case _:
            return None


SOURCES = replace(COUNTERS, name="sources", publish=publish)


class Sources:
    """The service as it is for one authority."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.one = InMemory(service=SOURCES, tenant=parts.tenant)
        self.away = False

    async def about(self, target: UUID, *movements: int) -> UUID:
        """Begin a stream about a counter of ours, with these movements from version 2 on."""
        stream = uuid4()
        await self.one.do(Open(stream, uuid4(), "Alice", f"label {stream}", target))
        await self.move(stream, *movements)
        return stream

    async def move(self, stream: UUID, *movements: int) -> None:
        """Move a stream on."""
        for each in movements:
            await self.one.do(Count(stream, each))

    async def records(self, stream: UUID, *versions: int) -> list[Arrived]:
        """Return the records of a stream as they come by the topic: all, or those versions."""
        found = await self.one.stream(stream)
        return arrived([each for each in found if not versions or each.version in versions])

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[Parts]:
        """Let the service be asked for what it told, as a peer of ours; `away`: it does not."""
        add = operations_pb2_grpc.add_OperationsServiceServicer_to_server
        theirs = replace(self.parts.runtime, shell=self.one.shell, service=self.one.service)
        servicer = Servicer(_Asked(self, theirs), add, OPERATIONS)
        async with (
            served([servicer], OWN_POLICY) as server,
            server.channel("counters", [Role.SERVICE], [self.parts.tenant]) as channel,
        ):
            yield replace(
                self.parts, runtime=replace(self.parts.runtime, peers={"sources": channel})
            )


class _Asked(Operations):
    """Answers what it told, unless it is away."""

    def __init__(self, sources: Sources, runtime: Runtime) -> None:
        super().__init__(runtime)
        self._sources = sources

    async def ReadPublished(self, request: Any, context: Any) -> Any:  # noqa: N802 # the contract's
        if self._sources.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        return await super().ReadPublished(request, context)


def arrived(stored: Sequence[StoredEvent]) -> list[Arrived]:
    """Return the records of events, each where its position puts it."""
    records = [(each.position, to_record(SOURCES, each)) for each in stored]
    return [Arrived(TOPIC, 0, at, each.key, each.value, each.headers) for at, each in records]
