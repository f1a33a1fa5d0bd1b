"""One way to ask for what is another authority's, and what came of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

import grpc
from google.protobuf.message import Message

from chassis.roles import Role
from stack.places import checkout
from tests.system.mirrors.contract import methods
from tests.system.office import commanded, reading
from tests.system.submissions import RECEIVED_AT, line
from tests.system.worlds import World
from throughline_cli.contracts import Method

NOT_FOUND, OK = grpc.StatusCode.NOT_FOUND, grpc.StatusCode.OK
REFUSED = grpc.StatusCode.FAILED_PRECONDITION
NEWCOMER = "6b0f4d0a-4a0e-4d5c-8f5d-1d2f3a4b5c6d"
"""An id of nobody anywhere."""

_WITH_A_DAY = {
    "CaseworkService.RecordSession",
    "InformationService.ReceiveInformation",
    "InformationService.CorrectInformation",
}
_FORM = checkout() / "services/referrals/tests/messages/web-form.json"


@dataclass(frozen=True, slots=True)
class Case:
    """One way to ask for something of a world: `rpc` is `Service.Method`.

    Texts in braces are the names of ids there; `{our …}` names one of the caller's own world.
    `own`: what comes of it in the caller's own authority; OK is an answer with nothing of theirs.
    `nowhere`: neither world has such a thing, so its own people are told just the same.
    `role` is one that has the verb. `service` serves it, where that is not said by the contract.
    """

    rpc: str
    asks: Mapping[str, Any] = field(default_factory=dict)
    role: Role = Role.TEAM_MANAGER
    own: grpc.StatusCode = NOT_FOUND
    service: str = ""
    nowhere: bool = False

    def __str__(self) -> str:
        short = (str, bool, int)
        about = " ".join(
            f"{name}={each}" for name, each in self.asks.items() if type(each) in short
        )
        return f"{self.service} {self.rpc} {about}".strip()

    @property
    def method(self) -> Method:
        """The RPC as its contract describes it."""
        return methods()[self.rpc]

    def request(self, caller: World, inside: World, theirs: World) -> Message:
        """Return the request of one world's caller inside another, with the ids of a third."""
        fields = {name: _filled(value, theirs, caller) for name, value in self.asks.items()}
        request: Any = self.method.request(fields)
        if "context" not in request.DESCRIPTOR.fields_by_name:
            request.authority = str(inside.authority)
        elif self.method.reads:
            request.context.MergeFrom(reading(inside.authority, purpose="direct-care"))
        else:
            request.context.MergeFrom(commanded(inside.authority))
        if self.rpc in _WITH_A_DAY:
            request.context.occurred.day = theirs.day.isoformat()
        return request  # type: ignore[no-any-return] # generated, of a type that is found by name


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: a status and all that was answered, as text."""

    code: grpc.StatusCode
    text: str = ""


async def ask(case: Case, caller: World, inside: World, theirs: World) -> Answer:
    """Let somebody of one world ask, inside a world, for what is another's."""
    service = case.service or case.method.service
    request = case.request(caller, inside, at(theirs, case))
    call = case.method.on(caller.people[case.role][service])(request, timeout=20)
    try:
        if case.method.described.server_streaming:
            parts = [each async for each in call]
            chunks = b"".join(getattr(each, "chunk", b"") for each in parts)
            return Answer(OK, "".join(map(str, parts)) + chunks.decode())
        return Answer(OK, str(await call))
    except grpc.aio.AioRpcError as error:
        return Answer(error.code(), error.details() or "")


def at(world: World, case: Case) -> World:
    """Return a world whose `stream` is one that the service of a case keeps there."""
    service = case.service or case.method.service
    ids = world.ids | {"stream": world.ids[f"stream in {service}"]}
    return World(
        world.authority, world.slug, world.people, world.worker, world.submission, world.day, ids
    )


def told_by(ours: World, theirs: World, case: Case) -> set[str]:
    """Return what an answer must not hold: all that is theirs and was not said in the question."""
    said = {str(each) for each in _texts(_filled(case.asks, at(theirs, case), ours))}
    # Its name may stand in our own records: it owes some of our children the service.
    found = {str(theirs.authority), theirs.worker, *theirs.ids.values()}
    return found - {ours.worker, *ours.ids.values()} - said


def _texts(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)
        case _:
            yield value


def _filled(value: Any, world: World, caller: World) -> Any:
    match value:
        case Mapping():
            return {name: _filled(each, world, caller) for name, each in value.items()}
        case list():
            return [_filled(each, world, caller) for each in value]
        case str() if _named(value):
            return _meant(value[1:-1], world, caller)
        case _:
            return value


def _meant(name: str, world: World, caller: World) -> Any:
    match name:
        case "submission":
            return line(world.submission).raw
        case "form":
            return form(world.slug)
        case "worker":
            return world.worker
        case "tomorrow":
            return datetime.combine(world.day + timedelta(days=1), time(), UTC)
        case _ if name.startswith("our "):
            return caller[name.removeprefix("our ")]
        case _:
            return world[name]


def form(slug: str) -> bytes:
    """Return a web form that was filled in for an authority."""
    filled = json.loads(_FORM.read_bytes()) | {"authority": slug, "sent_at": RECEIVED_AT}
    return json.dumps(filled).encode()


def _named(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("{")
