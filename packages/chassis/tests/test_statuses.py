"""Each error becomes its gRPC status in one place; what was not foreseen tells only an id."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import grpc
import grpc.aio
import pytest
import pytest_asyncio
from google.rpc import (  # type: ignore[import-untyped] # Google publishes no types for it
    error_details_pb2,
    status_pb2,
)

from chassis.edge.contract import described
from chassis.edge.malformed import Malformed, Violation, malformed
from chassis.edge.statuses import DETAILS_KEY
from chassis.failures import Conflicted, NotFound, Unavailable
from chassis.identity.policy import Policy, allow
from chassis.roles import Role
from chassis.running.telemetry_setup import JsonLines, exporting
from chassis.service import Servicer
from chassis.testing import Scripted, Served, logging_to, served
from ledger.decider import Refusal
from ledger.store import StoreUnavailable
from ledger.writer import QueueFull
from throughline.operations.v1 import operations_pb2, operations_pb2_grpc

NAME = "throughline.operations.v1.OperationsService"
POLICY = Policy.of(NAME, allow(Role.OPERATOR, to=[each.name for each in described(NAME).methods]))
OURS = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
CANARY = "Alice Hartley"


class AnswerTooLate(Refusal):
    """A refusal of a test."""


class Failing:
    """Raises what the test says."""

    def __init__(self) -> None:
        self.error: Callable[[], BaseException] = ValueError

    async def answer(self, _name: str, _request: Any) -> Any:
        """Raise it."""
        raise self.error()


@pytest.fixture
def failing() -> Failing:
    """Give the servicer."""
    return Failing()


@pytest_asyncio.fixture
async def up(failing: Failing) -> AsyncIterator[Served]:
    """Serve it."""
    add_to = operations_pb2_grpc.add_OperationsServiceServicer_to_server
    async with served([Servicer(Scripted(failing.answer), add_to, NAME)], POLICY) as made:
        yield made


async def told(up: Served) -> grpc.aio.AioRpcError:
    """Call without retries, and return what came back."""
    token = up.issuer.mint("operator", [Role.OPERATOR], [OURS])
    async with grpc.aio.insecure_channel(up.target) as channel:
        stub = operations_pb2_grpc.OperationsServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await stub.GetStatus(
                operations_pb2.GetStatusRequest(),
                metadata=(("authorization", f"Bearer {token}"),),
                timeout=20,
            )
    return raised.value


def detail_of(error: grpc.aio.AioRpcError, kind: Any) -> Any:
    """Unpack the one detail of the rich status."""
    trailing = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(trailing[DETAILS_KEY])
    assert status.code == error.code().value[0]
    assert status.message == error.details()
    (packed,) = status.details
    found = kind()
    assert packed.Unpack(found)
    return found


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (lambda: AnswerTooLate("the last day was 1 May"), "FAILED_PRECONDITION", "AnswerTooLate"),
        (lambda: Refusal(int, str), "FAILED_PRECONDITION", "Refusal"),
        (lambda: Conflicted("the stream is at version 4"), "ABORTED", "Conflicted"),
        (QueueFull, "RESOURCE_EXHAUSTED", "QueueFull"),
        (lambda: Unavailable(CANARY), "UNAVAILABLE", "Unavailable"),
        (lambda: StoreUnavailable(CANARY), "UNAVAILABLE", "Unavailable"),
        (lambda: TimeoutError(CANARY), "UNAVAILABLE", "Unavailable"),
        (lambda: ConnectionResetError(CANARY), "UNAVAILABLE", "Unavailable"),
        (lambda: asyncpg.InterfaceError(CANARY), "UNAVAILABLE", "Unavailable"),
        (lambda: asyncpg.ConnectionDoesNotExistError(CANARY), "UNAVAILABLE", "Unavailable"),
        (lambda: asyncpg.UniqueViolationError(CANARY), "INTERNAL", "Internal"),
        (lambda: ValueError(CANARY), "INTERNAL", "Internal"),
        (lambda: KeyError(CANARY), "INTERNAL", "Internal"),
        (lambda: AssertionError(CANARY), "INTERNAL", "Internal"),
        (lambda: RecursionError(CANARY), "INTERNAL", "Internal"),
        (lambda: ExceptionGroup("g", [AnswerTooLate()]), "FAILED_PRECONDITION", "AnswerTooLate"),
        (
            lambda: ExceptionGroup("g", [AnswerTooLate(), ValueError(CANARY)]),
            "INTERNAL",
            "Internal",
        ),
    ],
)
async def test_each_error_has_its_status_and_reason(
    up: Served, failing: Failing, error: Callable[[], Exception], code: str, reason: str
) -> None:
    failing.error = error
    came = await told(up)
    assert came.code().name == code
    info = detail_of(came, error_details_pb2.ErrorInfo)
    assert (info.reason, info.domain) == (reason, "throughline")
    assert CANARY not in str(came.details())


async def test_a_refusal_tells_its_words(up: Served, failing: Failing) -> None:
    failing.error = lambda: AnswerTooLate("the last day was 1 May")
    assert (await told(up)).details() == "AnswerTooLate: the last day was 1 May"


async def test_absence_has_the_same_words_whatever_its_reason(up: Served, failing: Failing) -> None:
    for words in ("case", "restricted", CANARY):
        failing.error = lambda words=words: NotFound(words)  # type: ignore[misc] # a test's lambda
        came = await told(up)
        assert (came.code(), came.details()) == (grpc.StatusCode.NOT_FOUND, "not found")
        assert not came.trailing_metadata()


async def test_what_is_malformed_is_told_field_by_field(up: Served, failing: Failing) -> None:
    failing.error = lambda: Malformed(
        [
            Violation("child.date_of_birth", "bad-date", "a day that exists, YYYY-MM-DD"),
            Violation("needs[2]", "unknown-need", "one of the list"),
        ]
    )
    came = await told(up)
    assert came.code() is grpc.StatusCode.INVALID_ARGUMENT
    found = detail_of(came, error_details_pb2.BadRequest).field_violations
    assert [(each.field, each.reason, each.description) for each in found] == [
        ("child.date_of_birth", "bad-date", "a day that exists, YYYY-MM-DD"),
        ("needs[2]", "unknown-need", "one of the list"),
    ]


async def test_a_thousand_violations_still_fit_in_an_answer(up: Served, failing: Failing) -> None:
    failing.error = lambda: Malformed(
        [Violation(f"a[{n}].{'é' * 400}", "unknown-field", "x" * 900) for n in range(1_000)]
    )
    came = await told(up)
    assert came.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert detail_of(came, error_details_pb2.BadRequest).field_violations


async def test_what_was_not_foreseen_is_found_in_the_log_by_its_id(
    up: Served, failing: Failing, tmp_path: Path
) -> None:
    failing.error = lambda: ValueError(CANARY)
    with logging_to(tmp_path / "log"):
        came = await told(up)
    error_id = detail_of(came, error_details_pb2.ErrorInfo).metadata["error_id"]
    assert came.details() == f"internal error {error_id}"
    text = (tmp_path / "log").read_text()
    (line,) = [json.loads(each) for each in text.splitlines() if error_id in each]
    assert line["error"] == "ValueError"
    assert line["at"].startswith(f"{__name__}:")
    assert CANARY not in text


async def test_only_our_own_faults_are_errors_of_the_span(
    up: Served, failing: Failing, tmp_path: Path
) -> None:
    with exporting("trial", JsonLines(tmp_path / "spans")):
        for error in (AnswerTooLate(), ValueError(CANARY)):
            failing.error = lambda error=error: error  # type: ignore[misc] # a test's lambda
            await told(up)
    text = (tmp_path / "spans").read_text()
    refused, failed = map(json.loads, text.splitlines())
    assert (refused["status"], refused["attributes"]["status"]) == ("unset", "FAILED_PRECONDITION")
    assert (failed["status"], failed["attributes"]["error.type"]) == ("error", "ValueError")
    assert CANARY not in text


async def test_a_peer_that_is_away_is_in_doubt_and_one_that_refuses_is_not_explained(
    up: Served, failing: Failing
) -> None:
    for code, expected in (
        ("UNAVAILABLE", "UNAVAILABLE"),
        ("CANCELLED", "UNAVAILABLE"),
        ("NOT_FOUND", "INTERNAL"),
    ):
        failing.error = lambda code=code: grpc.aio.AioRpcError(  # type: ignore[misc] # a test's
            grpc.StatusCode[code], grpc.aio.Metadata(), grpc.aio.Metadata(), CANARY
        )
        came = await told(up)
        assert came.code().name == expected
        assert CANARY not in str(came.details())


async def test_a_handler_whose_work_is_cancelled_by_others_leaves_nobody_waiting(
    up: Served, failing: Failing
) -> None:
    failing.error = asyncio.CancelledError
    assert (await told(up)).code() is grpc.StatusCode.UNAVAILABLE


def test_an_error_of_one_field_is_made_in_one_line() -> None:
    error = malformed("a.b", "required", "a UUID")
    assert error.violations == (Violation("a.b", "required", "a UUID"),)
    assert str(error) == "a.b: required (a UUID)"
