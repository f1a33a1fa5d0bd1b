"""Callers who are not let in: each gets its status, and nothing is changed.

An authority that is out of scope and one that is none look the same.
"""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from chassis.identity.claims import AUDIENCE
from chassis.identity.local_issuer import LocalIssuer
from chassis.roles import Role
from tests.system.desk import (
    CASEWORK,
    OPERATIONS,
    REFERRALS,
    Desk,
    Request,
    Told,
    raw,
    session,
    submission,
)
from tests.system.installation import Installation
from tests.system.office import commanded, reading
from tests.system.submissions import invented
from throughline.casework.v1 import casework_pb2 as casework
from throughline.operations.v1 import operations_pb2 as operations
from throughline.referrals.v1 import referrals_pb2 as referrals

NOBODY = UUID("00000000-0000-4000-8000-000000000000")


def _with_other_header(desk: Desk, **header: Any) -> str:
    now = int(time.time())
    claims = {"iss": desk.issuer.issuer, "aud": AUDIENCE, "sub": "x", "iat": now, "nbf": now}
    claims |= {"exp": now + 600, "roles": ["team-manager"], "tenants": []}
    return desk.issuer.sign(claims, **header)


def _past(seconds: int) -> dict[str, int]:
    then = int(time.time()) - seconds
    return {"iat": then - 600, "nbf": then - 600, "exp": then}


NOT_BELIEVED: dict[str, tuple[Callable[[Desk], str | None], str]] = {
    "none": (lambda _desk: None, "missing"),
    "no token at all": (lambda _desk: "not.a.token", "not-a-token"),
    "expired": (lambda desk: desk.token(Role.TEAM_MANAGER, **_past(31)), "expired"),
    "of another issuer's key": (
        lambda desk: LocalIssuer.fresh(desk.issuer.issuer).mint(
            "x", [Role.TEAM_MANAGER], [desk.case.authority]
        ),
        "unknown-key",
    ),
    "altered": (lambda desk: desk.token(Role.TEAM_MANAGER)[:-8] + "AAAAAAAA", "signature"),
    "for somebody else": (lambda desk: desk.token(Role.TEAM_MANAGER, aud="bank"), "audience"),
    "by another issuer": (lambda desk: desk.token(Role.TEAM_MANAGER, iss="http://x"), "issuer"),
    "too long a life": (lambda desk: desk.token(Role.TEAM_MANAGER, life_s=901), "life"),
    "with its key inside": (
        lambda desk: _with_other_header(desk, jku="http://127.0.0.1/keys"),
        "forbidden-header",
    ),
}


async def test_tokens_that_are_not_believed_open_nothing(
    platform: Installation, desk: Desk
) -> None:
    before = await platform.events()
    found = {
        what: await desk.send(*session()(desk), token(desk))
        for what, (token, _) in NOT_BELIEVED.items()
    }
    assert found == {
        what: Told("UNAUTHENTICATED", code=reason) for what, (_, reason) in NOT_BELIEVED.items()
    }
    assert await platform.events() == before


async def test_the_request_of_all_these_is_a_good_one(desk: Desk) -> None:
    assert await desk.send(*session()(desk), desk.token(Role(desk.worker.kind))) == Told("OK")


async def test_an_authority_out_of_scope_looks_like_none(
    platform: Installation, desk: Desk
) -> None:
    token = desk.token(Role.TEAM_MANAGER, Role.DUTY_WORKER)
    others = [desk.office.authority(each) for each in ("northmoor", "estover")]
    before = await platform.events()
    for other in (*others, uuid4()):
        command = desk.screening(context={"authority": str(other)}).SerializeToString()
        read = referrals.GetReferralRequest(
            context=reading(other), referral_id=desk.case.referral_id
        ).SerializeToString()
        assert await desk.send(f"{REFERRALS}ScreenReferral", command, token) == Told("NOT_FOUND")
        assert await desk.send(f"{REFERRALS}GetReferral", read, token) == Told("NOT_FOUND")
    assert await platform.events() == before


FORBIDDEN: dict[str, tuple[Role, Request]] = {
    "an auditor submits": (Role.AUDITOR, submission()),
    "an auditor records": (Role.AUDITOR, session()),
    "a duty worker records": (Role.DUTY_WORKER, session()),
    "a manager runs the platform": (Role.TEAM_MANAGER, raw(f"{OPERATIONS}GetStatus", b"")),
    "an operator looks at a case": (
        Role.OPERATOR,
        lambda desk: (
            f"{CASEWORK}GetCase",
            casework.GetCaseRequest(
                context=reading(desk.case.authority), case_id=desk.case.case_id
            ).SerializeToString(),
        ),
    ),
    "a subscriber asks for an address": (
        Role.SUBSCRIBER,
        lambda desk: (
            f"{REFERRALS}GetContact",
            referrals.GetContactRequest(
                context=reading(desk.case.authority, purpose="x"), person_id=str(NOBODY)
            ).SerializeToString(),
        ),
    ),
}


async def test_verbs_that_a_role_never_has_are_denied(platform: Installation, desk: Desk) -> None:
    before = await platform.events()
    found = {
        what: await desk.send(*request(desk), desk.token(role))
        for what, (role, request) in FORBIDDEN.items()
    }
    assert found == dict.fromkeys(FORBIDDEN, Told("PERMISSION_DENIED", code="Forbidden"))
    assert await platform.events() == before


async def test_a_version_that_has_moved_on_aborts_the_command(
    platform: Installation, desk: Desk
) -> None:
    request = casework.AllocateCaseRequest(
        context=commanded(desk.case.authority, expected_version=0),
        case_id=desk.case.case_id,
        worker_id=desk.office.staff.workers(desk.case.authority)[0].id,
        reason="handover",
    )
    before = await platform.events()
    told = await desk.send(
        f"{CASEWORK}AllocateCase", request.SerializeToString(), desk.token(Role.TEAM_MANAGER)
    )
    assert told == Told("ABORTED", code="Conflicted")
    assert await platform.events() == before


async def test_what_the_domain_refuses_is_named(platform: Installation, desk: Desk) -> None:
    taken = await desk.office.submit(invented())
    await desk.office.operator.settle()
    request = referrals.AcceptReferralRequest(
        context=commanded(desk.case.authority), referral_id=taken.children[0].referral_id
    )
    before = await platform.events()
    told = await desk.send(
        f"{REFERRALS}AcceptReferral", request.SerializeToString(), desk.token(Role.DUTY_WORKER)
    )
    assert told.status == "FAILED_PRECONDITION"
    assert told.code
    assert await platform.events() == before


async def test_a_clock_moves_for_an_operator_only(platform: Installation, desk: Desk) -> None:
    request = operations.MoveClockRequest()
    request.to.GetCurrentTime()
    told = await desk.send(
        f"{OPERATIONS}MoveClock", request.SerializeToString(), desk.token(Role.AUDITOR)
    )
    assert told == Told("PERMISSION_DENIED", code="Forbidden")
