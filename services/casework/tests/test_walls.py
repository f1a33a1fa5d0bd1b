"""Who is not to see or do a thing gets nothing, and what is not in its form is named by field."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
import pytest

from casework.policy import POLICY
from chassis.identity.policy import Facts, Relation, Request
from chassis.roles import Role
from throughline.casework.v1 import casework_pb2 as pb

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

HARROWDALE = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a02")
SERVICE = pb.DESCRIPTOR.services_by_name["CaseworkService"]
SOMEBODY, TENANT = "somebody", UUID(int=1)
WORKERS = {Role.THERAPIST, Role.SOCIAL_WORKER, Role.SUPPORT_WORKER}
DUTY = {Role.TEAM_MANAGER, Role.DUTY_WORKER}
READERS = DUTY | {Role.AUDITOR}


def admitted(rpc: str, *relations: Relation) -> set[Role]:
    """Return the roles that may call an RPC in those relations."""
    facts, name = Facts(frozenset(relations)), f"/{SERVICE.full_name}/{rpc}"
    return {
        role
        for role in Role
        if POLICY.decide(
            facts, Request(name, SOMEBODY, frozenset([role]), frozenset([TENANT]), TENANT)
        ).admitted
    }


def test_every_rpc_has_rows() -> None:
    POLICY.check_complete([SERVICE])


@pytest.mark.parametrize(
    ("rpc", "anyone", "leading"),
    [
        ("RegisterWorker", {Role.TEAM_MANAGER}, {Role.TEAM_MANAGER}),
        ("ChangeWorkerRegistration", {Role.TEAM_MANAGER}, {Role.TEAM_MANAGER}),
        ("AllocateCase", DUTY, DUTY),
        ("RecordSession", set(), WORKERS | {Role.TEAM_MANAGER}),
        ("CorrectSession", {Role.TEAM_MANAGER}, WORKERS | {Role.TEAM_MANAGER}),
        ("RequestPlace", {Role.TEAM_MANAGER}, WORKERS | {Role.TEAM_MANAGER}),
        (
            "CloseCase",
            {Role.TEAM_MANAGER},
            {Role.THERAPIST, Role.SOCIAL_WORKER, Role.TEAM_MANAGER},
        ),
        ("GetCase", READERS, READERS | WORKERS),
        ("ReadChronology", READERS, READERS | WORKERS),
        ("ListCases", READERS, READERS),
    ],
)
def test_who_may_do_what_with_a_case_depends_on_leading_it(
    rpc: str, anyone: set[Role], leading: set[Role]
) -> None:
    assert admitted(rpc) == anyone
    assert admitted(rpc, Relation.ALLOCATED) == leading


@pytest.mark.parametrize("rpc", ["GetWorker", "ListCaseload"])
def test_a_worker_sees_what_is_his_own(rpc: str) -> None:
    assert admitted(rpc) == READERS
    assert admitted(rpc, Relation.OWN) == READERS | WORKERS


def requests_about(case: str, worker: str, session: str) -> dict[str, dict[str, Any]]:
    """Make a well-formed request for every RPC about one case, worker and session."""
    period = pb.Registration(body="hcpc", valid_from="2025-01-01", valid_to="2026-01-01")
    return {
        "ChangeWorkerRegistration": {"worker_id": worker, "registration": period},
        "AllocateCase": {"case_id": case, "worker_id": worker, "reason": "new-case"},
        "RecordSession": {"case_id": case, "kind": "meeting", "minutes": 1, "notes": "Words."},
        "CorrectSession": {
            "case_id": case,
            "session_id": session,
            "corrects": str(uuid4()),
            "reason": "omission",
            "minutes": 2,
        },
        "RequestPlace": {"case_id": case, "cohort_id": str(uuid4())},
        "CloseCase": {"case_id": case, "reason": "moved", "summary": "Moved.", "wish": "agrees"},
        "GetCase": {"case_id": case},
        "ReadChronology": {"case_id": case},
        "GetWorker": {"worker_id": worker},
    }


async def call(by: "Speaker", rpc: str, request: dict[str, Any]) -> Any:
    reading = rpc.startswith(("Get", "Read", "List"))
    return await (by.ask(rpc, **request) if reading else by.do(rpc, "2025-09-01", **request))


async def test_the_other_authoritys_ids_are_nothing_here(office: "Office") -> None:
    lead = await office.registered("therapist")
    case_id = str(await office.led_case(lead))
    told = await lead.do(
        "RecordSession", "2025-09-01", case_id=case_id, kind="meeting", minutes=5, notes="Words."
    )
    for role in (Role.TEAM_MANAGER, Role.THERAPIST):
        other = office.speaker(role, at=HARROWDALE, sub=lead.id)
        for rpc, request in requests_about(case_id, str(lead.id), told.session_id).items():
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await call(other, rpc, request)
            assert refused.value.code() in (
                grpc.StatusCode.NOT_FOUND,
                grpc.StatusCode.PERMISSION_DENIED,
            ), rpc
        assert list((await other.ask("ListCaseload", worker_id=str(lead.id))).cases) == []
    manager = office.speaker(Role.TEAM_MANAGER, at=HARROWDALE)
    for state in ("unallocated", "open", "closed"):
        listed = await manager.ask("ListCases", state=state)
        assert case_id not in [each.case_id for each in listed.cases]


async def test_a_worker_who_does_not_lead_the_case_finds_nothing(office: "Office") -> None:
    lead, other = await office.registered("therapist"), await office.registered("therapist")
    case_id = str(await office.led_case(lead))
    about = requests_about(case_id, str(lead.id), str(uuid4()))
    for rpc in ("RecordSession", "CorrectSession", "RequestPlace", "CloseCase", "GetCase"):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call(other, rpc, about[rpc])
        assert refused.value.code() is grpc.StatusCode.NOT_FOUND, rpc


@pytest.mark.parametrize(
    ("rpc", "wrong", "field"),
    [
        ("RecordSession", {"kind": "chat"}, "kind"),
        ("RecordSession", {"minutes": 721}, "minutes"),
        ("RecordSession", {"minutes": -1}, "minutes"),
        ("RecordSession", {"notes": ""}, "notes"),
        ("RecordSession", {"notes": "x" * 20_001}, "notes"),
        ("RecordSession", {"basis": "rumour"}, "basis"),
        (
            "RecordSession",
            {"attendance": pb.Attendance(attended=["child", "dog"])},
            "attendance.attended[1]",
        ),
        ("CloseCase", {"reason": "because"}, "reason"),
        ("CloseCase", {"summary": " "}, "summary"),
        ("CloseCase", {"wish": "perhaps"}, "wish"),
        (
            "CloseCase",
            {"checklist": [pb.ChecklistAnswer(item="safeguarding", done="done")]},
            "checklist[0].item",
        ),
        ("RequestPlace", {"cohort_id": "none"}, "cohort_id"),
        ("GetCase", {"case_id": "none"}, "case_id"),
        ("ReadChronology", {"as_of": "2025-02-30"}, "as_of"),
        ("ReadChronology", {"limit": 501}, "limit"),
        ("ReadChronology", {"page_token": "x"}, "page_token"),
    ],
)
async def test_what_is_wrong_is_named_and_changes_nothing(
    office: "Office", rpc: str, wrong: dict[str, Any], field: str
) -> None:
    lead = await office.registered("therapist")
    case_id = str(await office.led_case(lead))
    request = requests_about(case_id, str(lead.id), str(uuid4()))[rpc] | wrong
    position = await office.parts.feed.last_position()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call(lead, rpc, request)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert str(refused.value.details()).startswith(f"{field}: ")
    assert await office.parts.feed.last_position() == position


async def test_a_session_must_say_when_and_not_tomorrow(office: "Office") -> None:
    lead = await office.registered("therapist")
    about = requests_about(str(await office.led_case(lead)), str(lead.id), str(uuid4()))
    for day in ("", "2199-01-01"):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await lead.do("RecordSession", day, **about["RecordSession"])
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert "context.occurred" in str(refused.value.details())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "boss"}, "kind"),
        ({"teams": ["north", "Amina's team"]}, "teams[1]"),
        ({"display_name": ""}, "display_name"),
        (
            {
                "registrations": [
                    pb.Registration(body="hcpc", valid_from="2026-01-02", valid_to="2026-01-01")
                ]
            },
            "registrations[0].valid_to",
        ),
    ],
)
async def test_a_worker_is_registered_in_his_form(
    office: "Office", wrong: dict[str, Any], field: str
) -> None:
    manager = office.speaker(Role.TEAM_MANAGER)
    right: dict[str, Any] = {
        "worker_id": str(uuid4()),
        "kind": "therapist",
        "display_name": "Tess",
        "teams": ["north"],
    }
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await manager.do("RegisterWorker", **(right | wrong))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert str(refused.value.details()).startswith(f"{field}: ")
