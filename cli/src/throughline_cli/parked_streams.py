"""`throughline parked`: streams that wait because a record of theirs could not be applied.

Beside them records of which no stream can be told: dead letters, of which nothing waits.
"""

from contextlib import AsyncExitStack
from typing import Annotated

import typer

from chassis.roles import Role
from throughline.operations.v1 import operations_pb2, operations_pb2_grpc
from throughline_cli.command import carry_out, console, platform_of
from throughline_cli.people import Staff

app = typer.Typer(help="Streams that wait because a record of theirs could not be applied.")

A_SERVICE = typer.Argument(help="The service in whose store the stream waits.")
A_CONSUMER = typer.Argument(help="The consumer, as `parked list` shows it.")
AN_AUTHORITY = typer.Argument(help="The authority's id.")
A_STREAM = typer.Argument(help="The stream's id.")


@app.command(name="list")
def list_() -> None:
    """List what waits, in every service, in the words that `retry` and `skip` take."""

    async def work() -> None:
        async with AsyncExitStack() as opened:
            staff = Staff.of(platform_of("embedded"), opened)
            line = await staff.line(Role.OPERATOR)
            said = []
            for service, channel in line.channels.items():
                stub = operations_pb2_grpc.OperationsServiceStub(channel)
                answer = await stub.ListParked(operations_pb2.ListParkedRequest(limit=1000))
                said += [_parked(service, each) for each in answer.parked]
                said += [_dead(service, each) for each in answer.dead_letters]
            # One line each, however narrow the window: ids are there to be copied.
            console.print("\n".join(said) or "Nothing is parked.", soft_wrap=True, highlight=False)

    carry_out(work())


def _parked(service: str, found: operations_pb2.ParkedStream) -> str:
    return (
        f"{service} {found.consumer} {found.authority} {found.stream_id}"
        f"  {found.records} records, {found.attempts} tries:"
        f" {found.reason} at {found.event_type} {found.event_id}"
    )


def _dead(service: str, found: operations_pb2.DeadLetter) -> str:
    return (
        f"{service} dead letter, nothing waits for it: {found.topic} partition {found.partition}"
        f" offset {found.offset}: {found.reason}"
    )


@app.command()
def retry(
    service: Annotated[str, A_SERVICE],
    consumer: Annotated[str, A_CONSUMER],
    authority: Annotated[str, AN_AUTHORITY],
    stream: Annotated[str, A_STREAM],
) -> None:
    """Try a stream's records again now, in order."""

    async def work() -> None:
        async with AsyncExitStack() as opened:
            stub = await _stub(opened, service)
            answer = await stub.RetryParked(
                operations_pb2.RetryParkedRequest(
                    consumer=consumer, authority=authority, stream_id=stream
                )
            )
            console.print(f"{answer.applied} applied, {answer.remaining} still wait")

    carry_out(work())


@app.command()
def skip(
    service: Annotated[str, A_SERVICE],
    consumer: Annotated[str, A_CONSUMER],
    authority: Annotated[str, AN_AUTHORITY],
    stream: Annotated[str, A_STREAM],
    reason: Annotated[str, typer.Option(help="Why it is left out; recorded for good.")],
) -> None:
    """Leave out a stream's first record, with a reason that is recorded; the others go on."""

    async def work() -> None:
        async with AsyncExitStack() as opened:
            stub = await _stub(opened, service)
            answer = await stub.SkipParked(
                operations_pb2.SkipParkedRequest(
                    consumer=consumer, authority=authority, stream_id=stream, reason=reason
                )
            )
            console.print(f"left out; {answer.remaining} still wait")

    carry_out(work())


async def _stub(
    opened: AsyncExitStack, service: str
) -> "operations_pb2_grpc.OperationsServiceAsyncStub":
    staff = Staff.of(platform_of("embedded"), opened)
    line = await staff.line(Role.OPERATOR)
    if service not in line.channels:
        raise typer.BadParameter(f"{service} is no service: {', '.join(line.channels)}")
    return operations_pb2_grpc.OperationsServiceStub(line[service])
