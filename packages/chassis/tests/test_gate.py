"""No call gets in without a token, its authority and a row; no refusal tells of what is there."""

import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import grpc
import grpc.aio
import pytest
import pytest_asyncio

from chassis.edge.contract import described
from chassis.edge.interceptor import ABSENCE_S
from chassis.edge.rpc import Admission, admission, caller, command_context
from chassis.failures import Unavailable
from chassis.identity.local_issuer import LocalIssuer
from chassis.identity.policy import Facts, Policy, Relation, allow
from chassis.identity.tokens import Caller
from chassis.roles import Role
from chassis.service import Servicer
from chassis.testing import Scripted, Served, served
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline.groups.v1 import groups_pb2, groups_pb2_grpc

NAME = "throughline.groups.v1.GroupsService"
OURS = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
THEIRS = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a04")
READING = ["GetCohort", "ListCohorts", "GetPlace", "ListPlaces"]
WRITING = [each.name for each in described(NAME).methods if each.name not in READING]

POLICY = Policy.of(
    NAME,
    allow(Role.GROUP_FACILITATOR, to=WRITING),
    allow(Role.GROUP_FACILITATOR, Role.AUDITOR, to=READING),
    allow(Role.THERAPIST, to=["GetPlace"], when=Relation.ALLOCATED),
)


class Groups:
    """Answers, and remembers who was let in."""

    def __init__(self) -> None:
        self.seen: list[Admission] = []
        self.facts = Facts()
        self.away = False

    async def answer(self, name: str, request: Any) -> Any:
        """Answer if the context is right."""
        self.seen.append(admission())
        if name == "PublishProgramme":
            command_context(request.context, caller())
            return groups_pb2.PublishProgrammeResponse()
        return groups_pb2.GetPlaceResponse()

    async def look_up(self, _by: Caller, _method: str, _request: Any) -> Facts:
        """Answer the facts that the test set."""
        if self.away:
            raise Unavailable("casework's facts are older than 5 s")
        return self.facts


@pytest.fixture
def groups() -> Groups:
    """Give what is behind the gate."""
    return Groups()


@pytest_asyncio.fixture
async def up(groups: Groups) -> AsyncIterator[Served]:
    """Serve it."""
    add_to = groups_pb2_grpc.add_GroupsServiceServicer_to_server
    async with served(
        [Servicer(Scripted(groups.answer), add_to, NAME)], POLICY, groups.look_up
    ) as made:
        yield made


def reading(authority: UUID | str = OURS) -> groups_pb2.GetPlaceRequest:
    return groups_pb2.GetPlaceRequest(context=ReadContext(authority=str(authority)))


def writing(**context: Any) -> groups_pb2.PublishProgrammeRequest:
    given = {"command_id": str(uuid4()), "authority": str(OURS)} | context
    return groups_pb2.PublishProgrammeRequest(context=CommandContext(**given))


async def get(up: Served, token: str, request: groups_pb2.GetPlaceRequest) -> Any:
    async with up.channel_with(token) as channel:
        return await groups_pb2_grpc.GroupsServiceStub(channel).GetPlace(request)


async def get_as(up: Served, role: Role, request: groups_pb2.GetPlaceRequest) -> Any:
    return await get(up, up.issuer.mint("somebody", [role], [OURS]), request)


async def refused(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    return raised.value


async def test_who_has_a_token_an_authority_and_a_row_gets_in(up: Served, groups: Groups) -> None:
    await get_as(up, Role.AUDITOR, reading())
    (seen,) = groups.seen
    assert seen.caller.actor.id == "somebody"
    assert seen.caller.scope == {OURS}
    assert seen.method == f"/{NAME}/GetPlace"


async def test_the_actor_is_labelled_with_the_role_that_let_him_in(
    up: Served, groups: Groups
) -> None:
    token = up.issuer.mint("somebody", [Role.THERAPIST, Role.AUDITOR], [OURS])
    await get(up, token, reading())
    groups.facts = Facts(relations=frozenset({Relation.ALLOCATED}))
    await get(up, token, reading())
    assert [each.caller.actor.role for each in groups.seen] == ["auditor", "therapist"]


async def test_without_a_token_nothing_is_said(up: Served, groups: Groups) -> None:
    async with grpc.aio.insecure_channel(up.target) as channel:
        stub = groups_pb2_grpc.GroupsServiceStub(channel)
        for metadata in (
            (),
            (("authorization", ""),),
            (("authorization", "Basic eDp4"),),
            (("authorization", "Bearer "),),
            (("authorization", "Bearer a.b.c"),),
            (("authorization", "Bearer a"), ("authorization", "Bearer b")),
        ):
            # Nonsense in the message does not show before the token is good.
            error = await refused(stub.GetPlace(reading("nonsense"), metadata=metadata))
            assert error.code() is grpc.StatusCode.UNAUTHENTICATED
            assert error.details() == "the token is not accepted"
    assert groups.seen == []


async def test_a_strangers_token_is_refused(up: Served) -> None:
    stranger = LocalIssuer.fresh(up.issuer.issuer)
    error = await refused(get(up, stranger.mint("x", [Role.AUDITOR], [OURS]), reading()))
    assert error.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_another_authority_is_not_found(up: Served, groups: Groups) -> None:
    error = await refused(get_as(up, Role.AUDITOR, reading(THEIRS)))
    assert (error.code(), error.details()) == (grpc.StatusCode.NOT_FOUND, "not found")
    assert groups.seen == []


@pytest.mark.parametrize("authority", ["", "westmarch", str(OURS)[:-1], f"{{{OURS}}}"])
async def test_what_is_no_authority_is_malformed(up: Served, authority: str) -> None:
    error = await refused(get_as(up, Role.AUDITOR, reading(authority)))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "context.authority" in str(error.details())


async def test_a_message_without_a_context_is_malformed(up: Served) -> None:
    error = await refused(get_as(up, Role.AUDITOR, groups_pb2.GetPlaceRequest()))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_verb_that_the_role_never_has_is_denied(up: Served, groups: Groups) -> None:
    for facts in (Facts(), Facts(denied=True), Facts(restricted=True)):
        groups.facts = facts
        error = await refused(get_as(up, Role.FINANCE_OFFICER, reading()))
        assert error.code() is grpc.StatusCode.PERMISSION_DENIED


@pytest.mark.parametrize(
    "facts",
    [
        Facts(),
        Facts(relations=frozenset({Relation.ALLOCATED}), denied=True),
        Facts(relations=frozenset({Relation.ALLOCATED}), restricted=True),
    ],
)
async def test_unrelated_conflicted_and_restricted_look_like_absence(
    up: Served, groups: Groups, facts: Facts
) -> None:
    groups.facts = facts
    error = await refused(get_as(up, Role.THERAPIST, reading()))
    assert (error.code(), error.details()) == (grpc.StatusCode.NOT_FOUND, "not found")
    assert not error.trailing_metadata()
    assert groups.seen == []


async def test_absence_takes_the_same_time_whatever_its_reason(up: Served, groups: Groups) -> None:
    groups.facts = Facts(denied=True)
    token = up.issuer.mint("somebody", [Role.THERAPIST], [OURS])
    async with up.channel_with(token) as channel:
        stub = groups_pb2_grpc.GroupsServiceStub(channel)
        for _ in range(5):
            began = time.monotonic()
            await refused(stub.GetPlace(reading()))
            assert time.monotonic() - began >= ABSENCE_S


async def test_facts_that_cannot_be_had_are_in_doubt(up: Served, groups: Groups) -> None:
    groups.away = True
    async with grpc.aio.insecure_channel(up.target) as channel:
        token = up.issuer.mint("somebody", [Role.AUDITOR], [OURS])
        stub = groups_pb2_grpc.GroupsServiceStub(channel)
        metadata = (("authorization", f"Bearer {token}"),)
        error = await refused(stub.GetPlace(reading(), metadata=metadata))
    assert error.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize(
    ("context", "field"),
    [
        ({"command_id": ""}, "context.command_id"),
        ({"command_id": "7"}, "context.command_id"),
        ({"expected_version": -1}, "context.expected_version"),
        ({"correlation_id": "7"}, "context.correlation_id"),
        ({"occurred": {}}, "context.occurred"),
        ({"occurred": {"day": "2025-02-30"}}, "context.occurred.day"),
        ({"occurred": {"instant": {"seconds": 10**15}}}, "context.occurred.instant"),
    ],
)
async def test_a_context_that_is_wrong_is_named_by_its_field(
    up: Served, context: dict[str, Any], field: str
) -> None:
    async with up.channel("somebody", [Role.GROUP_FACILITATOR], [OURS]) as channel:
        stub = groups_pb2_grpc.GroupsServiceStub(channel)
        error = await refused(stub.PublishProgramme(writing(**context)))
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert str(error.details()).startswith(f"{field}: ")
        await stub.PublishProgramme(writing(occurred={"day": "2025-09-01"}, expected_version=0))


async def test_an_rpc_that_is_not_there_is_not_there(up: Served) -> None:
    async with up.channel("somebody", list(Role), [OURS]) as channel:
        nowhere: Any = channel.unary_unary(f"/{NAME}/Invented")
        error = await refused(nowhere(b""))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_outside_of_a_call_there_is_no_caller() -> None:
    with pytest.raises(LookupError):
        caller()
