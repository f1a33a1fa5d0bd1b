"""A version that never came: asked from the owner, who answers the bytes that the relay sends."""

from typing import TYPE_CHECKING
from uuid import UUID

import grpc

from chassis.acting import Heard
from chassis.failures import Unavailable
from chassis.records import Arrived, to_heard
from throughline.operations.v1 import operations_pb2, operations_pb2_grpc

if TYPE_CHECKING:
    from chassis.runtime import Runtime

PATIENCE_S = 5.0


async def missing_records(
    runtime: "Runtime", found: Heard, known: int
) -> list[tuple[Heard, Arrived]]:
    """Return the records of a stream after version `known` and before the one that came."""
    records = await _published(runtime, found.service, found.tenant, found.stream_id, known + 1)
    missing = [(each, lost) for each, lost in records if known < each.version < found.version]
    if [each.version for each, _ in missing] != list(range(known + 1, found.version)):
        raise Unavailable("the owner could not fill a gap")
    return missing


async def _published(
    runtime: "Runtime", service: str, tenant: UUID, stream_id: UUID, start: int
) -> list[tuple[Heard, Arrived]]:
    stub = operations_pb2_grpc.OperationsServiceStub(runtime.peers[service])
    try:
        answer = await stub.ReadPublished(
            operations_pb2.ReadPublishedRequest(
                authority=str(tenant), stream_id=str(stream_id), from_version=start
            ),
            timeout=PATIENCE_S,
        )
    except grpc.aio.AioRpcError as error:
        raise Unavailable(f"{service} did not fill a gap: {error.code().name}") from None
    found = []
    for record in answer.records:
        headers = tuple((each.name, each.value) for each in record.headers)
        value = record.value or None
        found.append(
            (
                to_heard(record.key, value, headers),
                Arrived(f"throughline.{service}.v1", -1, -1, record.key, value, headers),
            )
        )
    return found
