"""Tasks as workers meet them: asked of whoever leads, told again, handed on, done, and listed."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
import pytest

from casework.rules.calendars import in_force
from casework.streams import task_stream
from casework.tasks import standing, teams
from chassis.roles import Role
from ledger.clock import london_day
from ledger.rebuild import rebuild

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

NORTHMOOR = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a04")


async def agreed(by: "Speaker", case_id: UUID, due: str, desk: str = "lead") -> str:
    answer = await by.do(
        "AgreeAction", case_id=str(case_id), due_on=due, desk=desk, words="Ring the school."
    )
    return str(answer.task_id)


def ids(answer: Any) -> list[str]:
    return [each.task_id for each in answer.tasks]


async def test_a_task_waits_for_whoever_leads_and_is_told_again_until_taken_on(
    office: "Office",
) -> None:
    amina = await office.registered("therapist", at=NORTHMOOR)
    ben = await office.registered("support-worker", at=NORTHMOOR)
    manager = await office.registered("team-manager", at=NORTHMOOR)
    await manager.do("StartOnCall", post="duty-manager", until=office.today + timedelta(days=1))
    case_id = await office.led_case(amina)
    today = london_day(office.today)
    due = in_force().after(today, 3)
    task_id = await agreed(amina, case_id, due.isoformat())
    assert ids(await amina.ask("ListMyTasks")) == []
    [mine] = (await amina.ask("ListMyTasks", all=True)).tasks
    assert (mine.kind, mine.state, mine.due_on) == ("action-agreed", "waiting", due.isoformat())

    # Another lead: the task goes with the case.
    await manager.do("AllocateCase", case_id=str(case_id), worker_id=str(ben.id), reason="handover")
    amina.seen = ben.seen = manager.seen
    assert ids(await amina.ask("ListMyTasks", all=True)) == []
    assert ids(await ben.ask("ListMyTasks", through=due.isoformat())) == [task_id]

    # Nobody takes it on: he is told, then the manager too.
    async def told() -> list[list[str]]:
        answer = await manager.ask("GetTask", task_id=task_id)
        return [list(each.told) for each in answer.entries if each.kind == "task-escalated"]

    async def told_twice() -> bool:
        manager.seen = await office.newest()
        return len(await told()) == 2

    await office.let_pass((in_force().after(due, 2) - today).days + 1)
    await office.until(told_twice, "others are told twice")
    assert await told() == [[str(ben.id)], [str(ben.id), str(manager.id)]]
    assert task_id in ids(await manager.ask("ListOverdueTasks"))
    risks = (await manager.ask("ListTeamRisks", team="north")).tasks
    [risk] = [each for each in risks if each.task_id == task_id]
    assert (risk.overdue, risk.escalations) == (True, 2)
    assert ids(await manager.ask("ListTeamRisks", team="south")) == []

    # The case stands at its stage since it was allocated.
    at_stage = await manager.ask("ListWaiting", stage="allocated", limit=200)
    assert str(case_id) in {each.case_id for each in at_stage.cases}
    counts = {each.stage: each.cases for each in (await manager.ask("CountWaiting")).stages}
    assert counts["allocated"] == len(at_stage.cases)

    # Taken on, the ladder ends; done, it is in no list but the case's.
    await ben.do("AcknowledgeTask", task_id=task_id)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await manager.do("AcknowledgeTask", task_id=task_id)
    assert "TakenByAnother" in str(refused.value.details())
    await office.let_pass(10)
    await ben.do("CompleteTask", task_id=task_id, outcome="done", words="The school knows.")
    again = await ben.do("CompleteTask", task_id=task_id, outcome="done")
    assert again.receipt.version == len(
        await office.parts.shell.store.read(NORTHMOOR, task_stream(UUID(task_id)))
    )
    ben.seen = manager.seen = await office.newest()
    assert task_id not in ids(await manager.ask("ListOverdueTasks"))
    [over] = (await ben.ask("ListCaseTasks", case_id=str(case_id))).tasks
    assert (over.state, over.outcome) == ("done", "done")
    read = await ben.ask("GetTask", purpose="direct-care", task_id=task_id)
    assert [each.words for each in read.entries if each.words] == [
        "Ring the school.",
        "The school knows.",
    ]
    assert not any(each.words for each in (await ben.ask("GetTask", task_id=task_id)).entries)
    assert await told() == [[str(ben.id)], [str(ben.id), str(manager.id)]]


async def test_lists_come_in_pages_and_a_task_is_handed_to_one_by_name(office: "Office") -> None:
    amina = await office.registered("therapist", at=NORTHMOOR)
    ben = await office.registered("support-worker", at=NORTHMOOR)
    case_id = await office.led_case(amina)
    days = [london_day(office.today) + timedelta(days=each) for each in (5, 3, 4, 3)]
    made = [await agreed(amina, case_id, each.isoformat()) for each in days]
    by_day = sorted(zip(days, map(UUID, made), strict=True))
    found: list[str] = []
    token = ""
    while True:
        page = await amina.ask("ListMyTasks", all=True, limit=2, page_token=token)
        found += ids(page)
        if not (token := page.next_page_token):
            break
    assert found == [str(each) for _, each in by_day]

    first = found[0]
    await amina.do(
        "HandTask", task_id=first, desk="worker", worker_id=str(ben.id), reason="absence"
    )
    ben.seen = amina.seen
    assert ids(await ben.ask("ListMyTasks", all=True)) == [first]
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await ben.do(
            "HandTask", task_id=first, desk="worker", worker_id=str(uuid4()), reason="skills"
        )
    assert "WorkerUnknown" in str(refused.value.details())


async def test_a_managers_task_is_a_managers_and_nobody_elses_is_seen(office: "Office") -> None:
    amina = await office.registered("therapist", at=NORTHMOOR)
    stranger = await office.registered("therapist", at=NORTHMOOR)
    duty, manager = (
        office.speaker(role, at=NORTHMOOR) for role in (Role.DUTY_WORKER, Role.TEAM_MANAGER)
    )
    case_id = await office.led_case(amina)
    day = (london_day(office.today) + timedelta(days=3)).isoformat()
    task_id = await agreed(amina, case_id, day, desk="manager")
    for each in (amina, duty, stranger):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await each.do("CompleteTask", task_id=task_id, outcome="agreed")
        assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    with pytest.raises(grpc.aio.AioRpcError) as unseen:
        await stranger.ask("GetTask", task_id=task_id)
    assert unseen.value.code() is grpc.StatusCode.NOT_FOUND
    assert (await amina.ask("GetTask", task_id=task_id)).task.desk == "manager"
    await manager.do("CompleteTask", task_id=task_id, outcome="agreed")


async def test_what_no_message_could_tell_a_family_is_asked_of_a_person_once(
    office: "Office",
) -> None:
    amina = await office.registered("therapist", at=NORTHMOOR)
    case_id = await office.led_case(amina)
    message = uuid4()
    data = {"message_id": str(message), "channel": "email", "reason": "do-not-contact"}

    def failed(case: UUID, **more: str) -> Any:
        return office.record("notifications", "NotificationFailed", data | more, case, NORTHMOOR)

    await office.hear(failed(case_id), failed(case_id), failed(case_id, channel="in-app"))
    # Before there is a case the front door shows it.
    await office.hear(failed(uuid4()))
    amina.seen = await office.newest()
    tasks = (await amina.ask("ListMyTasks", all=True)).tasks
    [task] = [each for each in tasks if each.kind == "tell-otherwise"]
    assert (task.case_id, task.about) == (str(case_id), str(message))
    assert task.due_on == in_force().after(london_day(office.today), 1).isoformat()


async def test_whoever_knows_the_family_finds_its_work_in_no_list(office: "Office") -> None:
    amina = await office.registered("therapist", at=NORTHMOOR)
    other = await office.registered("team-manager", at=NORTHMOOR)
    case_id = await office.led_case(amina)
    day = london_day(office.today) + timedelta(days=1)
    task_id = await agreed(amina, case_id, day.isoformat())
    await office.let_pass(3)

    async def listed() -> tuple[bool, bool, bool]:
        other.seen = await office.newest()
        overdue = ids(await other.ask("ListOverdueTasks", limit=200))
        risks = ids(await other.ask("ListTeamRisks", team="north", limit=200))
        at_stage = await other.ask("ListWaiting", stage="allocated", limit=200)
        cases = [each.case_id for each in at_stage.cases]
        return task_id in overdue, task_id in risks, str(case_id) in cases

    assert await listed() == (True, True, True)
    manager = office.speaker(Role.TEAM_MANAGER, at=NORTHMOOR)
    knows = {"case_id": str(case_id), "knows": "family", "tie": "neighbour"}
    await manager.do("DeclareConflict", worker_id=str(other.id), **knows)
    assert await listed() == (False, False, False)
    with pytest.raises(grpc.aio.AioRpcError) as unseen:
        await other.ask("GetTask", task_id=task_id)
    assert unseen.value.code() is grpc.StatusCode.NOT_FOUND


async def test_the_lists_are_what_their_facts_come_to(office: "Office") -> None:
    amina = await office.registered("therapist", at=NORTHMOOR)
    await agreed(amina, await office.led_case(amina), "2030-01-02")
    amina.seen = await office.newest()
    assert (await amina.ask("ListMyTasks", all=True)).tasks
    for made in (standing.PROJECTION, teams.PROJECTION):
        before = [await rows_of(office, table) for table in made.tables]
        await rebuild(
            office.owner,
            office.parts.worker_pool,
            office.parts.feed,
            office.parts.shell.registry,
            made,
        )
        assert [await rows_of(office, table) for table in made.tables] == before


async def rows_of(office: "Office", table: str) -> list[str]:
    async with office.parts.worker_pool.acquire() as connection:
        found = await connection.fetch(f"select t::text as row from {table} t order by 1")
    return [each["row"] for each in found]
