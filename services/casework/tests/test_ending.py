"""A case is proposed to be closed, sent back, and closed once nothing is missing."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from casework.cases.case import CloseReason
from casework.closures import checklist
from casework.closures.checklist import BY_FACTS, Answer, Item
from casework.closures.closure import Terms, Wish
from casework.closures.commands import CloseCase
from casework.streams import task_made_for, task_stream
from casework.tasks import task
from casework.tasks.kinds import TaskKind
from casework.tasks.task_states import Done, Waiting
from chassis.acting import Act
from chassis.roles import Role
from ledger.envelope import Actor
from ledger.personal import Plain
from throughline.casework.v1 import casework_pb2 as pb

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

NORTHMOOR = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a04")
pytestmark = pytest.mark.asyncio(loop_scope="session")


def answered(*items: str) -> list[pb.ChecklistAnswer]:
    return [pb.ChecklistAnswer(item=each, done="done") for each in items]


ALL = answered("measures", "family-told", "referrer-told", "funding", "letters")


async def missing(by: "Speaker", case_id: str) -> list[str]:
    items = (await by.ask("GetChecklist", case_id=case_id)).items
    return [each.item for each in items if each.answered_by == "missing"]


async def refused(waiting: Any) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await waiting
    assert error.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    return str(error.value.details())


async def test_what_is_open_is_settled_before_a_case_is_closed(office: "Office") -> None:
    lead = await office.registered("therapist")
    manager = office.speaker(Role.TEAM_MANAGER)
    case_id = str(await office.led_case(lead))
    soon = Timestamp()
    soon.FromDatetime(datetime(2025, 9, 9, 14, tzinfo=UTC))
    booked = await lead.do(
        "ScheduleSession", case_id=case_id, kind="direct-work", starts_at=soon, minutes=50
    )
    concern = await lead.do(
        "RaiseConcern", case_id=case_id, source="session", words="He says he was hit."
    )
    named = {"concern_id": concern.concern_id}
    proposal = {"case_id": case_id, "reason": "no-engagement", "wish": "not-reached"}
    await lead.do("ProposeClosure", checklist=ALL[:3], **proposal)
    assert await missing(lead, case_id) == ["funding", "letters", "sessions", "safeguarding"]

    closing = {"case_id": case_id, "reason": "no-engagement", "summary": "They do not answer."}
    manager.seen = lead.seen
    assert "ManagerSigns" in await refused(lead.do("CloseCase", **closing))
    assert "ChecklistIncomplete" in await refused(manager.do("CloseCase", **closing))
    await manager.do("ReturnClosure", case_id=case_id, words="Cancel the session first.")
    await lead.do(
        "CancelSession", case_id=case_id, booking_id=booked.booking_id, reason="case-closing"
    )
    await manager.do("AcknowledgeConcern", **named)
    await manager.do("ReferConcern", to_authority="westmarch", consent="given", **named)
    assert await missing(lead, case_id) == [*(each.item for each in ALL), "safeguarding"]
    await manager.do("RecordAuthorityAnswer", from_authority="westmarch", **named)

    await lead.do("ProposeClosure", checklist=ALL, **proposal)
    assert await missing(lead, case_id) == []
    done = await manager.do("CloseCase", **closing)
    assert not done.receipt.duplicate
    case = (await manager.ask("GetCase", case_id=case_id)).case
    assert (case.state, case.stage, case.lead) == ("closed", "closed", "")

    # A closed case still takes a concern and a late fact, and stays closed.
    late = {"kind": "meeting", "minutes": 30, "notes": "A call, found later.", "case_id": case_id}
    await lead.do("RecordSession", "2025-08-20", attendance=pb.Attendance(), **late)
    await manager.do("RaiseConcern", case_id=case_id, source="agency", words="A risk.")
    case = (await manager.ask("GetCase", case_id=case_id)).case
    assert (case.state, case.sessions) == ("closed", 1)
    kinds = [each.kind for each in (await manager.ask("ReadChronology", case_id=case_id)).entries]
    told = [each for each in kinds if each.startswith(("closure-", "case-"))]
    assert told == [
        "case-opened",
        "closure-proposed",
        "closure-returned",
        "closure-proposed",
        "case-closed",
        "closure-signed",
    ]


async def test_what_came_in_the_instant_of_the_closing_is_seen_by_a_manager(
    office: "Office",
) -> None:
    lead = await office.registered("therapist", at=NORTHMOOR)
    manager = office.speaker(Role.TEAM_MANAGER, at=NORTHMOOR)
    case_id = await office.led_case(lead)
    named, soon = {"case_id": str(case_id)}, Timestamp()
    soon.FromDatetime(office.today + timedelta(days=3))
    slot: dict[str, Any] = {"kind": "direct-work", "starts_at": soon, "minutes": 50}
    booked = await lead.do("ScheduleSession", **named, **slot)
    concern = await lead.do("RaiseConcern", **named, source="session", words="She was hit.")

    # Whoever closed had looked at what is open before either was there.
    answers = tuple(Answer(each, checklist.Done.DONE) for each in Item if each not in BY_FACTS)
    terms = Terms(CloseReason.GOALS_MET, Wish.AGREES, None, answers)
    close = CloseCase(case_id, CloseReason.GOALS_MET, None, Plain("Well."), terms)
    by = Actor(str(manager.id), Role.TEAM_MANAGER.value)
    await office.parts.shell.execute(Act(uuid4(), NORTHMOOR, frozenset([NORTHMOOR]), by, close))

    about = f"concern/{concern.concern_id}"
    of_concern = task_stream(task_made_for(NORTHMOOR, TaskKind.LEFT_OPEN, None, about))

    async def left() -> dict[str, str]:
        manager.seen = await office.newest()
        tasks = (await manager.ask("ListCaseTasks", **named)).tasks
        return {each.about: each.state for each in tasks if each.kind == "left-open"}

    async def concerned() -> type:
        return type(await office.parts.shell.state(NORTHMOOR, task.DECIDER, of_concern))

    async def seen() -> bool:
        return await concerned() is Waiting

    await office.until(seen, "what was left open is asked of a manager")
    # Whoever reads the case's tasks learns nothing of a concern.
    assert await left() == {f"booking/{booked.booking_id}": "waiting"}
    cancelled = {"booking_id": booked.booking_id, "reason": "case-closing"}
    await manager.do("CancelSession", **named, **cancelled)
    over = {"outcome": "no-further-action", "words": "A bruise from a fall."}
    await manager.do("AcknowledgeConcern", concern_id=concern.concern_id)
    await manager.do("CloseConcern", concern_id=concern.concern_id, **over)
    assert await left() == {f"booking/{booked.booking_id}": "done"}
    assert await concerned() is Done


async def test_against_the_familys_wish_a_case_is_closed_by_a_decision_after_notice(
    office: "Office",
) -> None:
    lead = await office.registered("social-worker")
    manager, adopter = office.speaker(Role.TEAM_MANAGER), str(uuid4())
    case = await office.led_case(lead)
    case_id, named = str(case), {"case_id": str(case)}
    closing: dict[str, Any] = named | {"reason": "planned-end", "summary": "Enough."}
    against: dict[str, Any] = {"checklist": ALL, "wish": "disagrees"}
    manager.seen = lead.seen
    assert "NoticeNeeded" in await refused(manager.do("CloseCase", **closing, **against))

    async def stage() -> str:
        manager.seen = await office.newest()
        return str((await manager.ask("GetCase", case_id=case_id)).case.stage)

    proposal = {"proposal": "close", "addressee": adopter, "addressed_as": "adopter"}
    written = await lead.do("WriteProposal", **named, **proposal, text="We propose to close.")
    of_notice = named | {"notice_id": written.notice_id}
    against["notice_id"] = written.notice_id
    await lead.do("IssueNotice", **of_notice)
    assert await stage() == "proposed"
    served = {"method": "by-hand", "deemed_on": office.today.date().isoformat()}
    data = {"notice_id": written.notice_id, "document": "proposal", "attempt": 1} | served
    await office.hear(office.record("notifications", "NoticeServed", data, case))
    assert await stage() == "in-representations"
    assert "NoticeNeeded" in await refused(manager.do("CloseCase", **closing, **against))
    said = {"by": adopter, "manner": "in-writing", "words": "We need it still."}
    await lead.do("RecordRepresentations", **of_notice, **said)
    decided = {"outcome": "kept", "reasons": "The goals are met.", "text": "We have decided."}
    await manager.do("DecideProposal", **of_notice, **decided)
    assert await stage() == "decided"

    assert "ManagerSigns" in await refused(lead.do("CloseCase", **closing, **against))
    await manager.do("CloseCase", **closing, **against)
    assert await stage() == "closed"
