"""What comes late or is set right, and a calendar that changes: a person judges, days move."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework.rules.calendars import in_force
from casework.tasks import recounting, revising
from chassis.roles import Role
from ledger.clock import london_day
from ledger.working_days import Calendar

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office

NORTHMOOR = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a04")


async def test_a_fact_that_comes_late_or_is_set_right_asks_a_person_to_judge_what_was_decided(
    office: "Office",
) -> None:
    amina = await office.registered("support-worker", at=NORTHMOOR)
    manager = office.speaker(Role.TEAM_MANAGER, at=NORTHMOOR)
    case_id = await office.led_case(amina)
    held = london_day(office.today).isoformat()
    told = {"case_id": str(case_id), "kind": "home-visit", "minutes": 45, "notes": "We met."}
    await amina.do("RecordSession", held, **told)
    await office.let_pass(2)
    manager.seen = amina.seen
    await manager.close(case_id, "goals-met")

    async def raised() -> list[Any]:
        manager.seen = await office.newest()
        answer = await manager.ask("ListCaseTasks", case_id=str(case_id))
        return [each for each in answer.tasks if each.kind == "late-fact"]

    async def settled() -> None:
        async def looked() -> bool:
            async with office.parts.worker_pool.acquire() as connection:
                return await revising.HEEDED.behind(connection) == 0

        await office.until(looked, "late facts are looked at")

    # Told in time, before the closing; then one that was held before it and is told after it.
    await settled()
    assert await raised() == []
    await office.let_pass(1)
    late = await amina.do("RecordSession", held, **(told | {"kind": "meeting"}))
    await settled()
    [task] = await raised()
    assert (task.desk, task.state) == ("manager", "waiting")
    assert task.due_on == in_force().after(london_day(office.today), 5).isoformat()
    await amina.do(
        "CorrectSession",
        case_id=str(case_id),
        session_id=late.session_id,
        corrects=task.about.partition("/")[2],
        reason="wrong-wording",
        notes="We met at school.",
    )
    await settled()
    assert len(await raised()) == 2
    # Nothing was changed by itself: a person says that it stands.
    assert (await manager.ask("GetCase", case_id=str(case_id))).case.state == "closed"
    await manager.do("CompleteTask", task_id=task.task_id, outcome="stands", words="It stands.")
    done, waiting = sorted(await raised(), key=lambda each: str(each.state))
    assert (done.outcome, waiting.state) == ("stands", "waiting")


async def test_a_bank_holiday_that_is_proclaimed_moves_what_is_due_and_the_day_before_is_kept(
    office: "Office",
) -> None:
    amina = await office.registered("support-worker", at=NORTHMOOR)
    manager = office.speaker(Role.TEAM_MANAGER, at=NORTHMOOR)
    case_id = await office.led_case(amina)
    held = london_day(office.today).isoformat()
    manager.seen = amina.seen
    await office.let_pass(1)
    await manager.close(case_id, "goals-met")
    await amina.do(
        "RecordSession", held, case_id=str(case_id), kind="meeting", minutes=30, notes="Late."
    )

    async def tasks() -> list[Any]:
        manager.seen = await office.newest()
        return list((await manager.ask("ListCaseTasks", case_id=str(case_id))).tasks)

    async def raised() -> bool:
        return bool(await tasks())

    await office.until(raised, "the late session asks a person")
    [before] = await tasks()
    social = await office.registered("social-worker", at=NORTHMOOR)
    assessed = await office.led_case(social)
    await social.do(
        "StartAssessment", case_id=str(assessed), kind="full", asked_by="child", requested_on=held
    )
    asked = {"case_id": str(assessed)}
    [assessment] = (await social.ask("GetAssessments", **asked)).assessments
    proclaimed = in_force().after(london_day(office.today), 2)
    holiday = Calendar("proclaimed", added=frozenset({proclaimed}))
    assert await recounting.recount(office.parts, holiday) >= 1
    [after] = await tasks()
    assert list(after.earlier_due_on) == [before.due_on]
    assert after.due_on == holiday.after(london_day(office.today), 5).isoformat()
    social.seen = await office.newest()
    [counted] = (await social.ask("GetAssessments", **asked)).assessments
    assert list(counted.earlier_due_on) == [assessment.due_on]
    assert counted.due_on > assessment.due_on
    entries = (await manager.ask("GetTask", task_id=after.task_id)).entries
    assert [each.kind for each in entries] == ["task-raised", "task-recounted"]
    assert await recounting.recount(office.parts, holiday) == 0
