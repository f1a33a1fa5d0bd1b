"""For tests of walls: every RPC of the contract that a person may call, and what it can name."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.message_factory import GetMessageClass

from chassis.edge.contract import described
from chassis.roles import Role
from referrals.policy import POLICY
from referrals.walls.naming import NAMING

SERVICES = sorted({row.method[1:].partition("/")[0] for row in POLICY.rows})
FOR_PEOPLE = {row.method for row in POLICY.rows if row.role is not Role.SERVICE}
RPCS = [
    rpc
    for service in SERVICES
    for rpc in described(service).methods
    if f"/{service}/{rpc.name}" in FOR_PEOPLE
]


def fields(message: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of all texts of a request that are not of its context."""
    for each in message.fields:
        inner = each.message_type
        if inner is None:
            yield (*before, each)
        elif inner.file.package == message.file.package:
            yield from fields(inner, (*before, each))


def naming(rpc: Any) -> list[tuple[Any, ...]]:
    """Return the paths of all fields of an RPC by which a family can be found."""
    return [path for path in fields(rpc.input_type) if path[-1].name in NAMING]


def request(rpc: Any, path: tuple[Any, ...], text: str) -> Any:
    """Make a request that says nothing but an id."""
    asked = at = GetMessageClass(rpc.input_type)()
    for each in path[:-1]:
        inner = getattr(at, each.name)
        at = inner.add() if hasattr(inner, "add") else inner
    setattr(at, path[-1].name, text)
    return asked
