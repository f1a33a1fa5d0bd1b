"""A version that never came: asked from the owner, who answers the bytes that the relay sends."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias
from uuid import UUID

import grpc

from chassis.acting import Heard
from chassis.failures import Unavailable
from chassis.inward.reading import Spoiled, Unreadable, read_record
from chassis.outward.records import Arrived
from throughline.operations.v1 import operations_pb2, operations_pb2_grpc

if TYPE_CHECKING:
    from chassis.runtime import Runtime

PATIENCE_S = 5.0

Pair: TypeAlias = tuple[Heard | Spoiled, Arrived]


class Owners(Protocol):
    """Those who told; asked for what of it never came."""

    async def published(
        self, service: str, tenant: UUID, stream_id: UUID, start: int
    ) -> Sequence[Pair]:
        """Return some of a stream's records in order, from a version on. Raises Unavailable."""


class NotTheOwners(Exception):  # noqa: N818 # named for the record that came
    """The owner does not know that version, or those before it: it never told this."""


async def missing_records(owners: Owners, found: Heard | Spoiled, known: int) -> list[Pair]:
    """Return the records of a stream after version `known` and before the one that came.

    Raises NotTheOwners, and Unavailable where the owner does not answer.
    """
    owned: list[Pair] = []
    # Up to its own version: a record that the owner never wrote is none of the stream.
    while (reached := known + len(owned)) < found.version:
        page = await owners.published(found.service, found.tenant, found.stream_id, reached + 1)
        wanted = page[: found.version - reached]
        versions = [each.version for each, _ in wanted]
        if not wanted or versions != list(range(reached + 1, reached + 1 + len(wanted))):
            raise NotTheOwners
        owned += wanted
    return owned[:-1]


class GrpcOwners:
    """Asks the peers of a process, with the service's own token."""

    def __init__(self, runtime: "Runtime") -> None:
        self._peers = runtime.peers

    async def published(
        self, service: str, tenant: UUID, stream_id: UUID, start: int
    ) -> Sequence[Pair]:
        """Return a page of a stream's records. Raises Unavailable."""
        if service not in self._peers:
            raise Unavailable(f"{service} is no peer")
        stub = operations_pb2_grpc.OperationsServiceStub(self._peers[service])
        try:
            answer = await stub.ReadPublished(
                operations_pb2.ReadPublishedRequest(
                    authority=str(tenant), stream_id=str(stream_id), from_version=start
                ),
                timeout=PATIENCE_S,
            )
        except grpc.aio.AioRpcError as error:
            raise Unavailable(f"{service} did not fill a gap: {error.code().name}") from None
        try:
            return [_read(service, record) for record in answer.records]
        except Unreadable:
            raise Unavailable(f"{service} answered what is no record") from None


def _read(service: str, record: operations_pb2.PublishedRecord) -> Pair:
    headers = tuple((each.name, each.value) for each in record.headers)
    value = record.value or None
    arrived = Arrived(f"throughline.{service}.v1", -1, -1, record.key, value, headers)
    return read_record(record.key, value, headers), arrived
