"""Proposals, urgent provision and complaints as their callers meet them, with service heard of."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
import pytest
from google.rpc import error_details_pb2  # type: ignore[import-untyped] # ships no types
from grpc_status import rpc_status

from chassis.roles import Role

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

NORTHMOOR = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a04")


async def told_of_service(
    office: "Office", notice_id: str, case_id: UUID, name: str = "NoticeServed", **more: Any
) -> None:
    """Hear what notifications tells of the service of a proposal."""
    served = {"method": "by-hand", "deemed_on": office.today.date().isoformat()}
    data = {"notice_id": notice_id, "document": "proposal", "attempt": 1} | served | more
    await office.hear(office.record("notifications", name, data, case_id, NORTHMOOR))


async def refused(call: Any) -> Any:
    """Return the error with which a call was refused."""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    return raised.value


def reason_of(error: Any) -> tuple[str, dict[str, str]]:
    """Return the name of a refusal, and what it says beside it."""
    status: Any = rpc_status.from_call(error)
    info = error_details_pb2.ErrorInfo()
    assert any(each.Unpack(info) for each in status.details)
    return info.reason, dict(info.metadata)


async def proposed(lead: "Speaker", case_id: UUID, adopter: UUID, proposal: str) -> str:
    """Write and issue a proposal."""
    case = {"case_id": str(case_id)}
    written = await lead.do(
        "WriteProposal",
        **case,
        proposal=proposal,
        services=["therapy"],
        addressee=str(adopter),
        addressed_as="adopter",
        text="We propose this.",
    )
    await lead.do("IssueNotice", **case, notice_id=written.notice_id)
    return str(written.notice_id)


async def test_a_proposal_is_decided_in_its_time_and_its_words_are_for_readers_with_a_purpose(
    office: "Office",
) -> None:
    lead = await office.registered("social-worker", at=NORTHMOOR)
    manager = office.speaker(Role.TEAM_MANAGER, at=NORTHMOOR)
    case_id, adopter = await office.led_case(lead), uuid4()
    notice_id = await proposed(lead, case_id, adopter, "end")
    of_notice = {"case_id": str(case_id), "notice_id": notice_id}
    decide = of_notice | {
        "outcome": "kept",
        "from_day": (office.today + timedelta(days=60)).date().isoformat(),
        "reasons": "The goals are met.",
        "text": "We have decided.",
    }
    unserved = await refused(manager.do("DecideProposal", **decide))
    assert reason_of(unserved) == ("NoticeNotServed", {})
    # Who leads the case has no such verb, nor has who works elsewhere any sight of it.
    not_his = await refused(lead.do("DecideProposal", **decide))
    assert not_his.code() is grpc.StatusCode.PERMISSION_DENIED
    stranger = await office.registered("therapist", at=NORTHMOOR)
    unseen = await refused(stranger.ask("GetNotice", **of_notice))
    assert unseen.code() is grpc.StatusCode.NOT_FOUND

    first_day = office.today.date()
    await told_of_service(office, notice_id, case_id)
    early = await refused(manager.do("DecideProposal", **decide))
    until = (first_day + timedelta(days=28)).isoformat()
    assert reason_of(early) == ("RepresentationsOpen", {"until": until})
    lead.seen = await office.newest()
    summary = (await lead.ask("GetNotice", **of_notice)).notice
    assert summary.representations_until == until

    failed = {"name": "NoticeServiceFailed", "reason": "returned"}
    await told_of_service(office, notice_id, case_id, **failed)
    lead.seen = await office.newest()
    summary = (await lead.ask("GetNotice", **of_notice)).notice
    assert (summary.state, summary.representations_until) == ("issued", "")
    assert summary.service_failed
    await told_of_service(office, notice_id, case_id, attempt=2)

    said = {"by": str(adopter), "manner": "in-writing", "words": "We need it still."}
    await lead.do("RecordRepresentations", **of_notice, **said)
    await manager.do("DecideProposal", **decide)
    found = await manager.ask("GetNotice", "direct-care", **of_notice)
    assert (found.notice.state, found.notice.ground) == ("decided", "representations")
    words = {each.kind: each.words for each in found.entries}
    assert words["decision-made"] == "The goals are met."
    assert words["representation-made"] == "We need it still."
    assert not any(each.words for each in (await manager.ask("GetNotice", **of_notice)).entries)
    tasks = await manager.ask("ListCaseTasks", case_id=str(case_id))
    stood = {(each.kind, each.about.partition("/")[2]): each.state for each in tasks.tasks}
    assert stood["serve-notice", "proposal"] == "done"
    assert stood["decide", ""] == "done"
    assert stood["serve-notice", "decision"] == "waiting"


async def test_the_end_of_the_period_asks_a_manager_to_decide(office: "Office") -> None:
    lead = await office.registered("social-worker", at=NORTHMOOR)
    manager = office.speaker(Role.TEAM_MANAGER, at=NORTHMOOR)
    case_id = await office.led_case(lead)
    notice_id = await proposed(lead, case_id, uuid4(), "vary")
    await told_of_service(office, notice_id, case_id)
    await office.let_pass(29)

    async def over() -> bool:
        manager.seen = await office.newest()
        tasks = await manager.ask("ListCaseTasks", case_id=str(case_id))
        return any(each.kind == "decide" for each in tasks.tasks)

    await office.until(over, "the period is over")
    listed = await manager.ask("ListProposals", state="served", limit=200)
    assert notice_id in [each.notice_id for each in listed.notices]
    assert [
        each.notice_id for each in (await lead.ask("ListNotices", case_id=str(case_id))).notices
    ]


async def test_urgent_provision_names_what_was_skipped_and_a_decision_makes_it_good(
    office: "Office",
) -> None:
    lead = await office.registered("therapist", at=NORTHMOOR)
    manager = office.speaker(Role.TEAM_MANAGER, at=NORTHMOOR)
    case_id, adopter = await office.led_case(lead), uuid4()
    case: dict[str, Any] = {"case_id": str(case_id)}
    today = office.today.date().isoformat()
    urgent: dict[str, Any] = case | {
        "services": ["crisis-therapy"],
        "skipped": ["notice", "assessment"],
        "begins_on": today,
        "reason": "The placement may end tomorrow.",
    }
    not_his = await refused(lead.do("AuthoriseUrgentProvision", **urgent))
    assert not_his.code() is grpc.StatusCode.PERMISSION_DENIED
    begun = await manager.do("AuthoriseUrgentProvision", **urgent)
    again = await refused(manager.do("AuthoriseUrgentProvision", **urgent))
    assert reason_of(again) == ("AlreadyStands", {})
    lead.seen = manager.seen
    [shown] = (await lead.ask("ListUrgentProvisions", "direct-care", **case)).provisions
    assert [each.step for each in shown.skipped] == ["assessment", "notice"]
    assert shown.reason == "The placement may end tomorrow."

    notice_id = await proposed(lead, case_id, adopter, "provide")
    of_notice = case | {"notice_id": notice_id}
    await lead.do("RecordSatisfied", **of_notice, by=str(adopter))
    decided = {"outcome": "kept", "from_day": today, "reasons": "It helps.", "text": "We decided."}
    await manager.do("DecideProposal", **of_notice, **decided)
    found = (await manager.ask("GetNotice", **of_notice)).notice
    assert found.urgent_provision_id == begun.provision_id
    assessment = {"step": "assessment", "made_good_by": str(uuid4())}
    lead.seen = manager.seen
    await lead.do("RecordStepMadeGood", **case, provision_id=begun.provision_id, **assessment)
    [shown] = (await lead.ask("ListUrgentProvisions", **case)).provisions
    assert shown.state == "regularised"
    assert [each.made_good_by for each in shown.skipped if each.step == "notice"] == [notice_id]
    # Made good, it stands no longer: another can be authorised, and ended.
    second = await manager.do("AuthoriseUrgentProvision", **urgent)
    named = case | {"provision_id": second.provision_id}
    await manager.do("EndUrgentProvision", **named, reason="not-needed")
    tasks = (await manager.ask("ListCaseTasks", **case)).tasks
    states = {each.state for each in tasks if each.kind.startswith("regularise")}
    assert states == {"done", "dropped"}

    # What is assessed after all makes the step good by itself.
    third = await manager.do("AuthoriseUrgentProvision", **urgent | {"skipped": ["assessment"]})
    lead.seen = manager.seen
    limited: dict[str, Any] = {"kind": "limited", "services": ["respite"], "asked_by": "agency"}
    started = await lead.do("StartAssessment", **case, **limited, requested_on=today)
    await lead.do("ConsiderHeading", **case, heading="person-needs", words="He needs rest.")
    await lead.do("CompleteAssessment", **case, needs=["respite"], words="He does.")
    shown = (await lead.ask("ListUrgentProvisions", **case)).provisions
    [good] = [each for each in shown if each.provision_id == third.provision_id]
    assert good.state == "regularised"
    assert [each.made_good_by for each in good.skipped] == [started.assessment_id]


async def test_whom_a_complaint_is_about_finds_nothing_of_it(office: "Office") -> None:
    lead = await office.registered("social-worker", at=NORTHMOOR)
    manager = office.speaker(Role.TEAM_MANAGER, at=NORTHMOOR)
    case_id = await office.led_case(lead)
    made = await manager.do(
        "RecordComplaint",
        by=str(uuid4()),
        about_case=str(case_id),
        about_worker=str(lead.id),
        words="Nobody listened.",
    )
    complaint = {"complaint_id": made.complaint_id}
    lead.seen = manager.seen
    for hidden in (
        lead.ask("GetComplaint", **complaint),
        lead.do("AnswerComplaint", **complaint, finding="resolved", words="No."),
    ):
        assert (await refused(hidden)).code() is grpc.StatusCode.NOT_FOUND
    lines = [each.kind for each in (await lead.ask("ReadChronology", case_id=str(case_id))).entries]
    assert not [each for each in lines if "complaint" in each or "task" in each]
    himself = office.speaker(Role.TEAM_MANAGER, sub=lead.id, at=NORTHMOOR)
    himself.seen = manager.seen
    assert not (await himself.ask("ListComplaints", state="running", limit=200)).complaints
    assert (await refused(himself.ask("GetComplaint", **complaint))).code() is (
        grpc.StatusCode.NOT_FOUND
    )

    await office.let_pass(22)

    async def late() -> bool:
        manager.seen = await office.newest()
        listed = await manager.ask("ListComplaints", state="running", limit=200)
        return any(each.overdue for each in listed.complaints)

    await office.until(late, "the first stage is overdue")
    await manager.do("ExtendComplaintStage", **complaint, words="We need to ask more people.")
    await manager.do("AnswerComplaint", **complaint, finding="not-upheld", words="We did.")
    await manager.do("BeginComplaintStage", **complaint, stage=2)
    found = await manager.ask("GetComplaint", "complaint-handling", **complaint)
    assert (found.complaint.stage, found.complaint.awaited) == (2, "answer")
    assert found.entries[0].words == "Nobody listened."
    await manager.do("AnswerComplaint", **complaint, finding="partly-upheld", words="Partly.")
    await manager.do("BeginComplaintStage", **complaint, stage=3)
    await manager.do("RecordComplaintPanel", **complaint)
    await manager.do("RecordPanelReport", **complaint, words="The panel finds this.")
    await manager.do("AnswerComplaint", **complaint, finding="upheld", words="We are sorry.")
    kinds = [each.kind for each in (await manager.ask("GetComplaint", **complaint)).entries]
    assert kinds[0] == "complaint-made"
    assert kinds[-3:] == ["panel-held", "panel-reported", "stage-answered"]
