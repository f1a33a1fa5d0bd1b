"""The Operations service: clocks, lags, parked streams; in every service, nothing personal."""

from datetime import UTC
from typing import Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from grpc.aio import ServicerContext

from chassis.edge.malformed import a_count, a_text, a_uuid, malformed
from chassis.edge.rpc import caller
from chassis.failures import NotFound
from chassis.inward.parking import skip_first, try_now
from chassis.outward.records import TopicRecord, to_record
from chassis.running import logs
from chassis.running.lags import heard_lags, log_lags
from chassis.runtime import Runtime
from ledger import dead_letters, deadlines, parked
from ledger.connect import ACQUIRE_S
from throughline.operations.v1 import operations_pb2, operations_pb2_grpc

MOST_RECORDS = 1_000
ENOUGH_BYTES = 1_000_000
"""An answer ends behind the record that reaches this; a record has as much at most."""

# Versions have no gaps: their sum counts the events, of which there are many more than streams.
_COUNT_EVENTS = "select tenant, sum(version) as events from es.streams group by tenant"
_MOVE = "update es.clock set at = greatest(at, $1) where mode = 'simulated' returning at"
_CLOCK = "select mode, es.now() as now from es.clock"
_log = logs.logger(__name__)


class Operations(operations_pb2_grpc.OperationsServiceServicer):
    """Answers an operator, and a consumer that found a gap."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def GetStatus(  # noqa: N802 # the contract's name
        self,
        request: operations_pb2.GetStatusRequest,
        context: ServicerContext[Any, Any],  # noqa: ARG002 # grpc's signature
    ) -> operations_pb2.GetStatusResponse:
        """Answer what is behind what."""
        unheard = await heard_lags(self._runtime)
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            found = await log_lags(self._runtime, connection)
            events = await connection.fetch(_COUNT_EVENTS) if request.counts else []
            counted = await self._runtime.service.counters(connection) if request.counts else {}
            due = await deadlines.count_due(connection)
            pending = await self._runtime.service.pending(connection)
            streams = await parked.count(connection)
            letters = await dead_letters.count(connection)
        return operations_pb2.GetStatusResponse(
            service=self._runtime.service.name,
            safe_position=found.position,
            lags=[*found.lags, *unheard],
            parked_streams=streams,
            dead_letters=letters,
            events_by_authority={str(row["tenant"]): row["events"] for row in events},
            pending=due + pending,
            counters=counted,
        )

    async def GetClock(  # noqa: N802 # the contract's name
        self,
        request: operations_pb2.GetClockRequest,  # noqa: ARG002 # it asks for all
        context: ServicerContext[Any, Any],  # noqa: ARG002 # grpc's signature
    ) -> operations_pb2.GetClockResponse:
        """Answer the service's clock and its next deadline."""
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            clock = await connection.fetchrow(_CLOCK)
            next_due = await deadlines.next_due(connection)
        if clock is None:
            raise NotFound("clock")
        answer = operations_pb2.GetClockResponse(mode=clock["mode"])
        answer.now.FromDatetime(clock["now"])
        if next_due is not None:
            answer.next_due.FromDatetime(next_due)
        return answer

    async def MoveClock(  # noqa: N802 # the contract's name
        self,
        request: operations_pb2.MoveClockRequest,
        context: ServicerContext[Any, Any],  # noqa: ARG002 # grpc's signature
    ) -> operations_pb2.MoveClockResponse:
        """Move a simulated clock forward; an earlier instant leaves it where it is."""
        to = request.to.ToDatetime(tzinfo=UTC)
        if self._runtime.settings.clock != "simulated":
            raise malformed("to", "system-clock", "a clock that is simulated")
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            at = await connection.fetchval(_MOVE, to)
        if at is None:
            raise malformed("to", "system-clock", "a clock that is simulated")
        # What may be due now is looked for; the log has not grown.
        self._runtime.pulse.hinted()
        stamp = Timestamp()
        stamp.FromDatetime(at)
        return operations_pb2.MoveClockResponse(now=stamp)

    async def ListParked(  # noqa: N802 # the contract's name
        self,
        request: operations_pb2.ListParkedRequest,
        context: ServicerContext[Any, Any],  # noqa: ARG002 # grpc's signature
    ) -> operations_pb2.ListParkedResponse:
        """List the streams that wait, and the records of which no stream can be told."""
        limit = a_count("limit", request.limit or 100, 1, 1000)
        async with self._runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            found = await parked.list_streams(connection, limit)
            dead = await dead_letters.listed(connection, limit)
        return operations_pb2.ListParkedResponse(
            parked=[_parked(each) for each in found], dead_letters=[_buried(each) for each in dead]
        )

    async def RetryParked(  # noqa: N802 # the contract's name
        self,
        request: operations_pb2.RetryParkedRequest,
        context: ServicerContext[Any, Any],  # noqa: ARG002 # grpc's signature
    ) -> operations_pb2.RetryParkedResponse:
        """Try the records of one stream again, now."""
        tenant, stream = _named(request)
        applied, remaining = await try_now(self._runtime, request.consumer, tenant, stream)
        return operations_pb2.RetryParkedResponse(applied=applied, remaining=remaining)

    async def SkipParked(  # noqa: N802 # the contract's name
        self,
        request: operations_pb2.SkipParkedRequest,
        context: ServicerContext[Any, Any],  # noqa: ARG002 # grpc's signature
    ) -> operations_pb2.SkipParkedResponse:
        """Leave out a stream's first parked record; that it was, and why, is recorded first."""
        tenant, stream = _named(request)
        reason = a_text("reason", request.reason, 500)
        remaining = await skip_first(
            self._runtime, request.consumer, tenant, stream, reason, caller().actor
        )
        return operations_pb2.SkipParkedResponse(remaining=remaining)

    async def ReadPublished(  # noqa: N802 # the contract's name
        self,
        request: operations_pb2.ReadPublishedRequest,
        context: ServicerContext[Any, Any],  # noqa: ARG002 # grpc's signature
    ) -> operations_pb2.ReadPublishedResponse:
        """Answer the bytes that the relay sends for one stream from a version on."""
        tenant, stream = _named(request)
        start = a_count("from_version", request.from_version, 1, 2**31)
        stored = await self._runtime.shell.store.read(
            tenant, stream, after_version=start - 1, limit=MOST_RECORDS
        )
        answer, size = operations_pb2.ReadPublishedResponse(), 0
        for each in stored:
            try:
                record = to_record(self._runtime.service, each)
            except Exception as error:  # noqa: BLE001 # a service's own words; the relay parks it
                _log.warning("event cannot be told", event_type=each.type, **logs.described(error))
                break
            answer.records.append(_published(record))
            size += answer.records[-1].ByteSize()
            if size > ENOUGH_BYTES:
                break
        return answer


def _parked(found: parked.ParkedStream) -> operations_pb2.ParkedStream:
    answer = operations_pb2.ParkedStream(
        consumer=found.consumer,
        authority=str(found.tenant),
        stream_id=str(found.stream_id),
        records=found.records,
        attempts=found.attempts,
        reason=found.reason,
        event_id=str(found.event_id or ""),
        event_type=found.type,
    )
    answer.next_attempt.FromDatetime(found.next_attempt_at)
    return answer


def _buried(found: dead_letters.Buried) -> operations_pb2.DeadLetter:
    answer = operations_pb2.DeadLetter(
        topic=found.topic, partition=found.partition, offset=found.offset, reason=found.reason
    )
    answer.received_at.FromDatetime(found.received_at)
    return answer


def _published(record: TopicRecord) -> operations_pb2.PublishedRecord:
    return operations_pb2.PublishedRecord(
        key=record.key,
        value=record.value or b"",
        headers=[
            operations_pb2.RecordHeader(name=name, value=value) for name, value in record.headers
        ],
    )


def _named(request: Any) -> tuple[UUID, UUID]:
    return a_uuid("authority", request.authority), a_uuid("stream_id", request.stream_id)
