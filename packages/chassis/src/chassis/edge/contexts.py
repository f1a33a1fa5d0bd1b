"""What every command and every reading says of itself, parsed."""

from dataclasses import dataclass
from uuid import UUID

from chassis.edge.malformed import a_count, a_day, a_timestamp, a_uuid, if_given, malformed
from chassis.failures import NotFound
from chassis.identity.tokens import Caller
from ledger.clock import start_of_day
from ledger.envelope import Occurred
from throughline.common.v1 import common_pb2

MAX_VERSION = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command's context. `occurred` is None where the service's clock is to say it."""

    command_id: UUID
    tenant: UUID
    expected_version: int | None
    occurred: Occurred | None
    correlation_id: UUID | None


def command_context(context: common_pb2.CommandContext, caller: Caller) -> Commanded:
    """Parse a command's context. Raises Malformed, or NotFound for an authority out of scope."""
    return Commanded(
        command_id=a_uuid("context.command_id", context.command_id),
        tenant=tenant_of(context, caller),
        expected_version=(
            a_count("context.expected_version", context.expected_version, 0, MAX_VERSION)
            if context.HasField("expected_version")
            else None
        ),
        occurred=occurred_of(context.occurred) if context.HasField("occurred") else None,
        correlation_id=if_given(a_uuid, "context.correlation_id", context.correlation_id),
    )


def tenant_of(context: common_pb2.CommandContext | common_pb2.ReadContext, caller: Caller) -> UUID:
    """Return the authority of a context. Raises Malformed, or NotFound where out of scope."""
    tenant = a_uuid("context.authority", context.authority)
    if tenant not in caller.scope:
        raise NotFound("authority")
    return tenant


def occurred_of(occurred: common_pb2.Occurred, field: str = "context.occurred") -> Occurred:
    """Read when something was true in the world: an instant, or a day in London."""
    match occurred.WhichOneof("precision"):
        case "instant":
            return Occurred(a_timestamp(f"{field}.instant", occurred.instant))
        case "day":
            return Occurred(start_of_day(a_day(f"{field}.day", occurred.day)), "day")
        case _:
            raise malformed(field, "required", "an instant or a day")
