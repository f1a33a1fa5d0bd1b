"""The History service: the same in every service, reading the past of a stream, case or person."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp
from grpc.aio import ServicerContext
from pydantic_core import to_jsonable_python

from chassis.commands.access import unseal
from chassis.edge.malformed import a_count, a_day, a_uuid, malformed
from chassis.edge.rpc import caller
from chassis.queries.exporting import export_part
from chassis.queries.past import Told, as_known
from chassis.queries.positions import PositionToken
from chassis.queries.reading import Reading
from chassis.running.settings import ClockMode
from chassis.runtime import Runtime
from ledger.commands import StoredEvent
from ledger.envelope import Envelope, Recorded
from ledger.personal import Handle, Plain
from ledger.registry import personal_fields
from throughline.common.v1 import common_pb2
from throughline.history.v1 import history_pb2, history_pb2_grpc

MOST = 10_000
"""Entries in one answer, and facts that are looked through for it."""

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
        known_at = await self._settled(request)
        async with self._runtime.rows.complete(tenant) as reading:
            stored = await _select(reading, request)
        # Corrections may lie anywhere behind: what is shown is chosen from all of it.
        recorded = [self._runtime.service.registry.decode(each) for each in stored]
        told = [
            each
            for each in as_known(recorded, known_at, as_of)
            if each.recorded.envelope.position > request.after_position
        ]
        shown = told[:limit]
        for entry in await self._entries(request, tenant, shown):
            yield history_pb2.ReadHistoryResponse(entry=entry)
        cut = len(shown) < len(told)
        yield history_pb2.ReadHistoryResponse(
            completeness=history_pb2.Completeness(
                service=self._runtime.service.name,
                position=shown[-1].recorded.envelope.position if cut else reading.position,
                position_token=PositionToken(self._runtime.service.name, reading.position).encode(),
                known_at=_timestamp(known_at or reading.now),
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
            stored = await _select(reading, request)
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

    async def _entries(
        self, request: history_pb2.ReadHistoryRequest, tenant: UUID, told: Sequence[Told]
    ) -> list[history_pb2.Entry]:
        values = [_personal(each.recorded.event) for each in told]
        if request.unseal:
            purpose = request.context.purpose
            if not purpose:
                raise malformed("context.purpose", "missing", "a coded purpose")
            flat = [value for each in values for value in each.values()]
            case_id = UUID(request.case_id) if request.case_id else None
            opened = iter(
                await unseal(
                    self._runtime.vault, caller(), purpose, flat, tenant=tenant, case_id=case_id
                )
            )
            values = [{name: next(opened) for name in each} for each in values]
        return [
            _entry(self._runtime.service.name, each, personal)
            for each, personal in zip(told, values, strict=True)
        ]


async def _select(
    reading: Reading,
    request: history_pb2.ReadHistoryRequest | history_pb2.ExportEvidenceRequest,
) -> list[StoredEvent]:
    """Return every event about what was asked for. Raises Malformed where there are too many."""
    about = request.WhichOneof("about")
    if about is None:
        raise malformed("about", "missing", "stream_id, case_id or subject")
    asked = a_uuid(about, getattr(request, about))
    read = reading.stream if about == "stream_id" else reading.thread
    found = await read(asked, MOST + 1)
    if len(found) > MOST:
        raise malformed(about, "too-many", f"one with at most {MOST} facts")
    return found


def _personal(event: object) -> dict[str, Any]:
    return {name: getattr(event, name) for name in personal_fields(type(event))}


def _entry(service: str, told: Told, personal: dict[str, Any]) -> history_pb2.Entry:
    event, envelope = told.recorded.event, told.recorded.envelope
    data = {
        each.name: to_jsonable_python(getattr(event, each.name))
        for each in fields(event)
        if each.name not in personal
    }
    sealed = sorted(name for name, value in personal.items() if isinstance(value, Handle))
    data |= {
        name: value.value if isinstance(value, Plain) else to_jsonable_python(value)
        for name, value in personal.items()
        if not isinstance(value, Handle)
    }
    return history_pb2.Entry(
        service=service,
        type=envelope.type,
        data=ParseDict(data, Struct()),
        sealed_fields=sealed,
        corrected_by=str(told.corrected_by or ""),
        **_envelope(envelope),
    )


def _envelope(envelope: Envelope) -> dict[str, Any]:
    return {
        "event_id": str(envelope.event_id),
        "authority": str(envelope.tenant),
        "category": envelope.category,
        "stream_id": str(envelope.stream_id),
        "version": envelope.version,
        "position": envelope.position,
        "schema_version": envelope.schema_version,
        "occurred": _occurred(envelope),
        "recorded_at": _timestamp(envelope.recorded_at),
        "actor_id": envelope.actor.id,
        "actor_role": envelope.actor.role,
        "on_behalf_of": envelope.actor.on_behalf_of or "",
        "command_id": str(envelope.command_id),
        "correlation_id": str(envelope.correlation_id),
        "causation_id": str(envelope.causation_id or ""),
        "basis": envelope.basis.value,
        "corrects": str(envelope.corrects or ""),
        "subjects": [str(each) for each in envelope.subjects],
        "case_id": str(envelope.case_id or ""),
    }


def _occurred(envelope: Envelope) -> common_pb2.Occurred:
    if envelope.occurred.is_day:
        return common_pb2.Occurred(day=_london(envelope).isoformat())
    return common_pb2.Occurred(instant=_timestamp(envelope.occurred.at))


def _london(envelope: Envelope) -> date:
    return Recorded(None, envelope).occurred_on


def _timestamp(at: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp
