"""Nobody of one partnership is answered by the other: each call of each room looks like absence."""

from collections.abc import Iterator

import grpc

from casework.policy import POLICY as CASEWORK
from chassis.roles import Role
from groups.policy import POLICY as GROUPS
from notifications.policy import POLICY as NOTIFICATIONS
from referrals.policy import POLICY as REFERRALS
from tests.scenarios.stage import Actor, Stage
from tests.scenarios.world import World
from throughline_cli.contracts import Method, methods

NO_PERSON = {Role.SERVICE, Role.OPERATOR}
ROWS = [row for policy in (REFERRALS, CASEWORK, GROUPS, NOTIFICATIONS) for row in policy.rows]


async def test_who_has_the_verb_but_not_the_authority_finds_nothing(world: World) -> None:
    await world.at("2025-10-09")
    stage, asked, answered = world.stage, 0, []
    for name, method in methods().items():
        for role in roles(method):
            stranger = Actor(stage, role, "westmarch", somebody(stage, role, "northmoor"))
            asked += 1
            try:
                await (stranger.ask(name, {}) if method.reads else stranger.do(name, {}))
                answered.append((name, role.value, "OK"))
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.NOT_FOUND:
                    answered.append((name, role.value, error.code().name))
    assert answered == []
    assert asked >= len(methods()) - len(SERVED_ALONE)


async def test_who_has_the_authority_but_not_the_verb_is_told_so(world: World) -> None:
    await world.at("2025-10-10")
    stage, wrong = world.stage, []
    for name, method in methods().items():
        stranger = Role.FINANCE_OFFICER
        if stranger in roles(method):
            continue
        actor = Actor(stage, stranger, "westmarch", somebody(stage, stranger, "westmarch"))
        try:
            await (actor.ask(name, {}) if method.reads else actor.do(name, {}))
            wrong.append((name, "OK"))
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.PERMISSION_DENIED:
                wrong.append((name, error.code().name))
    assert wrong == []


def roles(method: Method) -> list[Role]:
    """Return the roles of people who may make a call in some relation."""
    path = f"/{method.described.containing_service.full_name}/{method.described.name}"
    return sorted({row.role for row in ROWS if row.method == path} - NO_PERSON)


def somebody(stage: Stage, role: Role, authority: str) -> str:
    """Return the name of somebody who has a role for an authority."""
    tenant = stage.authority(authority)
    return next(
        slug
        for slug, person in sorted(stage.staff.known.items())
        if role in person.roles and tenant in person.tenants
    )


def _served_alone() -> Iterator[str]:
    for name, method in methods().items():
        if not roles(method):
            yield name


SERVED_ALONE = frozenset(_served_alone())
"""Calls that only our own services make."""
