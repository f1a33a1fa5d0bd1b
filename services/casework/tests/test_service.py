"""Casework as its callers meet it: what others tell becomes cases, workers lead and record."""

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
import pytest

from chassis.roles import Role

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office

HARROWDALE = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a02")


async def test_an_accepted_referral_opens_the_childs_case_once(office: "Office") -> None:
    child, case_id = uuid4(), uuid4()
    record = await office.accept(child, case_id)
    await office.hear(record)
    duty = office.speaker(Role.DUTY_WORKER)
    duty.seen = await office.newest()
    found = await duty.ask("GetCase", case_id=str(case_id))
    assert found.case.child == str(child)
    assert (found.case.state, found.case.episode, found.case.lead) == ("open", 1, "")
    assert [each.reference for each in found.referrals] == ["WM-25-7K4"]
    assert list(found.case.needs) == ["sleep"]
    assert found.case.duty_holder == "westmarch"


async def test_of_two_acceptances_at_once_for_one_child_one_opens_and_one_joins(
    office: "Office",
) -> None:
    for _ in range(5):
        child = uuid4()
        ids = [uuid4(), uuid4()]
        await asyncio.gather(*(office.accept(child, each) for each in ids))
        duty = office.speaker(Role.DUTY_WORKER)
        duty.seen = await office.newest()
        found = [each for each in ids if await office.has_case(duty, each)]
        assert len(found) == 1
        answer = await duty.ask("GetCase", case_id=str(found[0]))
        assert len(answer.referrals) == 2


async def test_the_same_command_again_gets_the_first_answer(office: "Office") -> None:
    tess = await office.registered("support-worker")
    case_id = await office.led_case(tess)
    context = tess.context("2025-09-01")
    told: dict[str, Any] = {
        "context": context,
        "case_id": str(case_id),
        "kind": "home-visit",
        "minutes": 45,
        "notes": "We met.",
    }
    first = await tess.do("RecordSession", **told)
    again = await tess.do("RecordSession", **told)
    assert not first.receipt.duplicate
    assert again.receipt.duplicate
    assert (again.session_id, again.receipt.version) == (first.session_id, 1)
    answer = await tess.ask("GetCase", case_id=str(case_id))
    assert answer.case.sessions == 1


async def test_a_case_has_one_lead_and_the_earlier_stay_in_the_chronology(office: "Office") -> None:
    amina, ben = await office.registered("therapist"), await office.registered("support-worker")
    case_id = await office.led_case(amina)
    assert [each.case_id for each in (await amina.ask("ListCaseload")).cases] == [str(case_id)]
    manager = office.speaker(Role.TEAM_MANAGER)
    await manager.do(
        "AllocateCase",
        case_id=str(case_id),
        worker_id=str(ben.id),
        reason="handover",
        words="Ben knows the school.",
    )
    amina.seen = ben.seen = manager.seen
    assert list((await amina.ask("ListCaseload")).cases) == []
    assert [each.case_id for each in (await ben.ask("ListCaseload")).cases] == [str(case_id)]
    told = await manager.ask(
        "ReadChronology", purpose="supervision", case_id=str(case_id), unseal=True
    )
    allocations = [each for each in told.entries if each.kind == "allocated"]
    assert [each.data["worker"] for each in allocations] == [str(amina.id), str(ben.id)]
    assert allocations[1].words["words"] == "Ben knows the school."


async def test_only_a_worker_of_the_authority_can_lead(office: "Office") -> None:
    case_id = uuid4()
    await office.accept(uuid4(), case_id)
    manager = office.speaker(Role.TEAM_MANAGER)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await manager.do(
            "AllocateCase", case_id=str(case_id), worker_id=str(uuid4()), reason="new-case"
        )
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "WorkerUnknown" in str(refused.value.details())


async def test_a_case_that_nobody_leads_in_time_shows_as_late(office: "Office") -> None:
    case_id = uuid4()
    await office.accept(uuid4(), case_id)
    duty = office.speaker(Role.DUTY_WORKER)
    duty.seen = await office.newest()
    await office.let_pass(days=12)

    async def late() -> bool:
        answer = await duty.ask("GetCase", case_id=str(case_id))
        return bool(answer.case.allocation_overdue)

    await office.until(late, "the case shows as late")
    told = await duty.ask("ReadChronology", case_id=str(case_id))
    assert [each.kind for each in told.entries] == [
        "case-opened",
        "lead-awaited",
        "allocation-overdue",
        "task-raised",
    ]


async def test_places_of_a_group_are_asked_for_and_heard_of(office: "Office") -> None:
    lead = await office.registered("support-worker")
    case_id, cohort, place = await office.led_case(lead), uuid4(), uuid4()
    asked = await lead.do("RequestPlace", case_id=str(case_id), cohort_id=str(cohort))
    ids = {"place_id": str(place), "cohort_id": str(cohort)}
    offer = {**ids, "expires_at": "2199-01-10T00:00:00Z", "contact": str(uuid4())}
    came = {**ids, "session_number": 1, "attendance": "attended", "on": "2025-09-20"}
    await office.hear(
        office.record("groups", "PlaceOffered", offer, case_id),
        office.record("groups", "PlaceAccepted", ids, case_id),
        office.record("groups", "AttendanceRecorded", came, case_id),
    )
    lead.seen = await office.newest()
    answer = await lead.ask("GetCase", case_id=str(case_id))
    (stands,) = answer.places
    assert (stands.request_id, stands.place_id) == (asked.request_id, str(place))
    assert (stands.state, stands.sessions_attended) == ("accepted", 1)
    told = await lead.ask("ReadChronology", case_id=str(case_id))
    assert [each.kind for each in told.entries][-3:] == [
        "place-offered",
        "place-accepted",
        "group-attendance",
    ]


async def test_a_closed_case_opens_again_with_the_next_referral(office: "Office") -> None:
    lead = await office.registered("social-worker")
    child, case_id = uuid4(), uuid4()
    await office.accept(child, case_id)
    manager = office.speaker(Role.TEAM_MANAGER)
    await manager.do(
        "AllocateCase", case_id=str(case_id), worker_id=str(lead.id), reason="new-case"
    )
    context = lead.context()
    await lead.close(case_id, "goals-met", context=context)
    # A retry of the lead who leads it no more is still answered.
    assert (await lead.close(case_id, "goals-met", context=context)).receipt.duplicate
    manager.seen = lead.seen
    answer = await manager.ask("GetCase", case_id=str(case_id))
    assert (answer.case.state, answer.case.close_reason, answer.case.lead) == (
        "closed",
        "goals-met",
        "",
    )
    await office.accept(child, uuid4())
    manager.seen = await office.newest()
    answer = await manager.ask("GetCase", case_id=str(case_id))
    assert (answer.case.state, answer.case.episode, answer.case.lead) == ("open", 2, "")


async def test_lists_go_on_from_page_to_page(office: "Office") -> None:
    ids = {str(uuid4()) for _ in range(5)}
    for each in ids:
        await office.accept(uuid4(), UUID(each), HARROWDALE)
    duty = office.speaker(Role.DUTY_WORKER, at=HARROWDALE)
    duty.seen = await office.newest()
    found: list[str] = []
    token = ""
    while True:
        page = await duty.ask("ListCases", state="unallocated", limit=2, page_token=token)
        found += [each.case_id for each in page.cases]
        token = page.next_page_token
        if not token:
            break
    assert ids <= set(found)
    assert len(found) == len(set(found))


async def test_how_urgent_a_case_is_and_who_owes_the_service_is_heard(office: "Office") -> None:
    child, case_id = uuid4(), uuid4()
    accepted = office.acceptance(child)
    received = {"referral_id": accepted["referral_id"], "urgent": True, "immediate_danger": False}
    holds = {"child": str(child), "duty_holder": "saltby", "from_day": "2020-01-01", "to_day": None}
    await office.hear(
        office.record("referrals", "ReferralReceived", received, case_id),
        office.record("referrals", "ReferralAccepted", accepted, case_id),
        office.record("referrals", "ResponsibilityChanged", holds, None),
    )
    duty = office.speaker(Role.DUTY_WORKER)
    duty.seen = await office.newest()
    case = (await duty.ask("GetCase", case_id=str(case_id))).case
    assert (case.urgent, case.immediate_danger, case.duty_holder) == (True, False, "saltby")


async def test_a_case_closed_while_a_lead_is_named_ends_without_a_lead(office: "Office") -> None:
    ben, manager = await office.registered("support-worker"), office.speaker(Role.TEAM_MANAGER)
    for _ in range(8):
        case_id = str(uuid4())
        await office.accept(uuid4(), UUID(case_id))
        outcomes: Any = await asyncio.gather(
            manager.do("AllocateCase", case_id=case_id, worker_id=str(ben.id), reason="new-case"),
            manager.close(case_id, "duplicate"),
            return_exceptions=True,
        )
        named, ended = outcomes
        assert not isinstance(ended, BaseException)
        if isinstance(named, grpc.aio.AioRpcError):
            assert "CaseIsClosed" in str(named.details())
        manager.seen = await office.newest()
        answer = await manager.ask("GetCase", case_id=case_id)
        assert (answer.case.state, answer.case.lead) == ("closed", "")
        caseload = await manager.ask("ListCaseload", worker_id=str(ben.id))
        assert case_id not in [each.case_id for each in caseload.cases]


async def test_an_operator_counts_cases_and_sessions_of_each_authority(office: "Office") -> None:
    lead = await office.registered("support-worker")
    async with office.parts.worker_pool.acquire() as rows:
        before = await office.parts.service.counters(rows)
    case_id = str(await office.led_case(lead))
    await lead.do(
        "RecordSession", "2025-09-01", case_id=case_id, kind="meeting", minutes=5, notes="Yes."
    )
    await lead.ask("GetCase", case_id=case_id)
    async with office.parts.worker_pool.acquire() as rows:
        after = await office.parts.service.counters(rows)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert {name for name, by in grown.items() if by} == {
        f"{lead.authority}/{name}" for name in ("open", "allocated", "sessions")
    }
