"""From an error to what a gRPC caller is told: the one place where errors become statuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

import asyncpg
import grpc
import grpc.aio
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.message import Message
from google.rpc import (  # type: ignore[import-untyped] # Google publishes no types for it
    error_details_pb2 as details_pb2,
)
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped] # the same

from chassis.edge.malformed import Malformed, Violation
from chassis.failures import Conflicted, NotFound, Unavailable
from chassis.identity.claims import TokenRefused
from chassis.running import logs
from ledger.decider import Refusal
from ledger.store import NotInScope, StoreUnavailable
from ledger.writer import QueueFull
from vault.access import KeyringUnavailable

DETAILS_KEY = "grpc-status-details-bin"
"""The trailing metadata that carries a google.rpc.Status."""

DOMAIN = "throughline"
"""The domain of every ErrorInfo; a reason is the name of a refusal as the code spells it."""

# The details travel in a header of HTTP/2, of which clients take 8 KB and more.
MAX_DETAIL_BYTES = 4_000
MAX_WORDS = 500

_log = logs.logger(__name__)


class Forbidden(Exception):  # noqa: N818 # named for what the caller is told
    """None of the caller's roles ever has the verb."""


class DeadlinePassed(Exception):  # noqa: N818 # named for what happened
    """The call took longer than it may."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What the caller is told."""

    code: grpc.StatusCode
    words: str
    detail: Message | None = None

    def trailing_metadata(self) -> tuple[tuple[str, bytes], ...]:
        """Return the rich status, as google.rpc defines it."""
        if self.detail is None:
            return ()
        packed = Packed()
        packed.Pack(self.detail)
        number: int = self.code.value[0]
        status = Status(code=number, message=self.words, details=[packed])
        return ((DETAILS_KEY, status.SerializeToString()),)


# In doubt or away: the same command id may be tried again.
_IN_DOUBT = (
    Unavailable,
    StoreUnavailable,
    KeyringUnavailable,
    TimeoutError,
    ConnectionError,
    asyncpg.InterfaceError,
    # A connection that was torn in mid-answer no longer knows what it was doing.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)
AWAY = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.CANCELLED,
    }
)
"""What whoever is asked may answer otherwise in a moment; of a command it leaves in doubt.

CANCELLED where the caller cancelled nothing: the time of the call was over there a moment before.
"""


def failure_of(error: Exception, method: str) -> Failure:
    """Return what a call's error is to its caller; an unexpected one is logged under an id."""
    code = grpc.StatusCode
    match error := _lone(error):
        case TokenRefused(reason=reason):
            told = _told(code.UNAUTHENTICATED, "the token is not accepted", reason)
        case Malformed(violations=violations):
            told = Failure(code.INVALID_ARGUMENT, _cut(str(error)), _bad_request(violations))
        case Forbidden():
            words = "none of the caller's roles has this verb"
            told = _told(code.PERMISSION_DENIED, words, "Forbidden")
        case NotFound() | NotInScope():
            # The same words whatever the reason: a refusal looks like absence.
            told = Failure(code.NOT_FOUND, "not found")
        case Refusal(code=name, details=details):
            words = f"{name}: {error}" if str(error) else name
            told = _told(code.FAILED_PRECONDITION, words, name, details)
        case Conflicted():
            told = _told(code.ABORTED, str(error) or "conflict", "Conflicted")
        case QueueFull():
            words = "too many commands wait; try again later"
            told = _told(code.RESOURCE_EXHAUSTED, words, "QueueFull")
        case DeadlinePassed():
            told = Failure(code.DEADLINE_EXCEEDED, "the call took too long")
        case _:
            told = _unforeseen(error, method)
    return told


def _unforeseen(error: Exception, method: str) -> Failure:
    """Tell in doubt from wrong: both are logged, neither is explained to the caller."""
    peer = isinstance(error, grpc.aio.AioRpcError) and error.code() in AWAY
    if peer or isinstance(error, _IN_DOUBT):
        _log.warning("call in doubt", method=method, **logs.described(error))
        words = "in doubt or away; the same command id may be tried again"
        return _told(grpc.StatusCode.UNAVAILABLE, words, "Unavailable")
    error_id = uuid4()
    _log.error("call failed", method=method, error_id=error_id, **logs.described(error))
    info = details_pb2.ErrorInfo(
        reason="Internal", domain=DOMAIN, metadata={"error_id": str(error_id)}
    )
    return Failure(grpc.StatusCode.INTERNAL, f"internal error {error_id}", info)


def _told(
    code: grpc.StatusCode, words: str, reason: str, details: Mapping[str, str] | None = None
) -> Failure:
    info = details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=details)
    return Failure(code, _cut(words), info)


def _cut(words: str) -> str:
    return words if len(words) <= MAX_WORDS else words[: MAX_WORDS - 1] + "…"


def _bad_request(violations: Sequence[Violation]) -> details_pb2.BadRequest:
    told = details_pb2.BadRequest()
    for each in violations:
        told.field_violations.add(
            field=each.field[:200], reason=each.code, description=each.allowed[:500]
        )
        if told.ByteSize() > MAX_DETAIL_BYTES:
            del told.field_violations[-1]
            break
    return told


def _lone(error: Exception) -> Exception:
    """Return the error inside a group of one: a task group wraps even a refusal."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
