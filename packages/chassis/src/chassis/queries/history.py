"""The History service: the same in every service, reading the past of a stream, case or person."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from grpc.aio import ServicerContext
from pydantic_core import to_jsonable_python

from chassis.commands.access import unseal
from chassis.edge.malformed import a_count, a_day, a_uuid, malformed
from chassis.edge.rpc import caller
from chassis.failures import NotFound
from chassis.queries.entries import Telling, parts_of, timestamp
from chassis.queries.exporting import export_part
from chassis.queries.past import Fact, Told, as_known
from chassis.queries.positions import PositionToken
from chassis.queries.reading import Reading
from chassis.running.settings import ClockMode
from chassis.runtime import Runtime
from ledger.commands import StoredEvent
from ledger.personal import Handle, Personal
from throughline.history.v1 import history_pb2, history_pb2_grpc
from vault.access import Shredded

MOST = 10_000
"""Entries in one answer, and facts that are looked through for it."""

AT_ONCE = 1_000
"""The most entries that go together in one part."""

TURN = 500
"""Facts that are read before whoever else waits in the process has his turn."""

RECORDED_WITHIN = timedelta(seconds=5)
"""How old the stamp of an append may be when it is stored: the store refuses an older one."""

CHUNK_BYTES = 256 * 1024


class History(history_pb2_grpc.HistoryServiceServicer):
    """Answers from the events themselves, never from a read model that could differ."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def ReadHistory(  # noqa: N802 # the contract's name
        self,
        request: history_pb2.ReadHistoryRequest,
        context: ServicerContext[Any, Any],  # noqa: ARG002 # grpc's signature
    ) -> AsyncIterator[history_pb2.ReadHistoryResponse]:
        """Answer the facts in the order they were recorded, then how far the answer reaches."""
        tenant = a_uuid("context.authority", request.context.authority)
        as_of = a_day("as_of", request.as_of) if request.as_of else None
        limit = a_count("limit", request.limit or MOST, 1, MOST)
        at_once = a_count("at_once", request.at_once, 0, AT_ONCE)
        known_at = await self._settled(request)
        async with self._runtime.rows.complete(tenant) as reading:
            stored = await asked_of(reading, request)
        # What is not there is refused in the words in which policy keeps what is from who may not.
        if not stored:
            raise NotFound("history")
        # Corrections may lie anywhere behind: what is shown is chosen from all of it.
        told = [
            each
            for each in as_known([Fact.of(each) for each in stored], known_at, as_of)
            if each.fact.stored.position > request.after_position
        ]
        shown = told[:limit]
        name = self._runtime.service.name
        # By all that is known, also by what an earlier instant or a day would leave out.
        withheld = self._runtime.service.withhold(stored)
        tellings = await self._tellings(request, tenant, shown, withheld)
        for part in parts_of(name, tellings, at_once):
            yield part
        cut = len(shown) < len(told)
        yield history_pb2.ReadHistoryResponse(
            completeness=history_pb2.Completeness(
                service=name,
                position=shown[-1].fact.stored.position if cut else reading.position,
                position_token=PositionToken(name, reading.position).encode(),
                known_at=timestamp(known_at or reading.now),
            )
        )

    async def ExportEvidence(  # noqa: N802 # the contract's name
        self,
        request: history_pb2.ExportEvidenceRequest,
        context: ServicerContext[Any, Any],  # noqa: ARG002 # grpc's signature
    ) -> AsyncIterator[history_pb2.ExportEvidenceResponse]:
        """Answer this service's part of a bundle, in pieces."""
        tenant = a_uuid("context.authority", request.context.authority)
        async with self._runtime.rows.complete(tenant) as reading:
            stored = await asked_of(reading, request)
        if not stored:
            raise NotFound("history")
        part = await export_part(self._runtime, tenant, stored)
        for start in range(0, len(part), CHUNK_BYTES):
            yield history_pb2.ExportEvidenceResponse(chunk=part[start : start + CHUNK_BYTES])

    async def _settled(self, request: history_pb2.ReadHistoryRequest) -> datetime | None:
        """Return the instant asked for, once nothing more can be recorded at it.

        An append is stamped before it is stored, by at most RECORDED_WITHIN.
        """
        if not request.HasField("known_at"):
            return None
        known_at = request.known_at.ToDatetime(tzinfo=UTC)
        age = await self._runtime.rows.now() - known_at
        if age < timedelta(0):
            raise malformed("known_at", "in-the-future", "at most the service's clock")
        if self._runtime.settings.clock is ClockMode.SYSTEM and age < RECORDED_WITHIN:
            await asyncio.sleep((RECORDED_WITHIN - age).total_seconds())
        return known_at

    async def _tellings(
        self,
        request: history_pb2.ReadHistoryRequest,
        tenant: UUID,
        told: Sequence[Told],
        withheld: AbstractSet[UUID],
    ) -> Iterator[Telling]:
        """Read what is shown, opened if that was asked for and is not withheld."""
        registry = self._runtime.service.registry
        parts: list[tuple[Mapping[str, Any], Mapping[str, Personal[Any]]]] = []
        for start in range(0, len(told), TURN):
            parts += [registry.parts(each.fact.stored) for each in told[start : start + TURN]]
            await asyncio.sleep(0)
        values = [
            (value, request.unseal and each.fact.stored.event_id not in withheld)
            for each, (_, personal) in zip(told, parts, strict=True)
            for value in personal.values()
        ]
        wanted = [value for value, is_opened in values if is_opened]
        opened = iter(await self._opened(request, tenant, wanted) if request.unseal else ())
        said = iter([next(opened) if is_opened else _closed(value) for value, is_opened in values])
        return (
            _telling(each, clear, {name: next(said) for name in personal})
            for each, (clear, personal) in zip(told, parts, strict=True)
        )

    async def _opened(
        self,
        request: history_pb2.ReadHistoryRequest,
        tenant: UUID,
        values: Sequence[Personal[Any]],
    ) -> list[Any]:
        purpose = request.context.purpose
        if not purpose:
            raise malformed("context.purpose", "missing", "a coded purpose")
        case_id = UUID(request.case_id) if request.case_id else None
        vault = self._runtime.vault
        return await unseal(vault, caller(), purpose, values, tenant=tenant, case_id=case_id)


async def asked_of(
    reading: Reading,
    request: history_pb2.ReadHistoryRequest | history_pb2.ExportEvidenceRequest,
) -> list[StoredEvent]:
    """Return every event about what a request names. Raises Malformed where there are too many."""
    about = request.WhichOneof("about")
    if about is None:
        raise malformed("about", "missing", "stream_id, case_id or subject")
    asked = a_uuid(about, getattr(request, about))
    read = reading.stream if about == "stream_id" else reading.thread
    found = await read(asked, MOST + 1)
    if len(found) > MOST:
        raise malformed(about, "too-many", f"one with at most {MOST} facts")
    return found


def _closed(value: Personal[Any]) -> Any:
    return value if isinstance(value, Handle) else value.value


def _telling(told: Told, clear: Mapping[str, Any], personal: Mapping[str, Any]) -> Telling:
    """Say what is told: of a personal value that stays a handle its name only."""
    opened = {
        name: to_jsonable_python(value) if isinstance(value, Shredded) else value
        for name, value in personal.items()
        if not isinstance(value, Handle)
    }
    return Telling(told, {**clear, **opened}, sorted(personal.keys() - opened.keys()))
