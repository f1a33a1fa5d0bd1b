"""Which streams a complaint touches: its own, and the task of whoever sees to it.

What a complaint is about may be a worker of the case, so neither it nor its tasks stand in the
file of a case: the case is named in the complaint alone.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never, get_args
from uuid import UUID

from casework.cases import case
from casework.complaints import complaint, complaint_commands
from casework.complaints.clocks import reply_clock, report_clock, stage_clock
from casework.complaints.commands import (
    AnswerStage,
    BeginStage,
    ExtendStage,
    NoteStageOverdue,
    OfComplaint,
    RecordComplaint,
    RecordPanelHeld,
    RecordPanelReport,
    WithdrawComplaint,
)
from casework.complaints.complaint import LOCAL, NoSuchComplaint, NotMade
from casework.complaints.complaint_events import Clock, Matter
from casework.decisions import notice
from casework.decisions.notice_states import NotProposed
from casework.decisions.refusals import NoSuchNotice
from casework.rules.policies import shipped
from casework.streams import case_stream, complaint_stream, notice_stream
from casework.tasks.kinds import MoveReason, TaskKind, to_worker
from casework.tasks.raising import drop_step, move_step, settle_step, task_step
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day


async def _record(command: RecordComplaint, situation: Situation) -> Sequence[Step]:
    stream = complaint_stream(command.complaint_id)
    case_id, child = await _about(command, situation)
    on = command.on or london_day(await situation.now())
    clock = stage_clock(LOCAL, on, shipped().on(on, situation.partnership))
    complain = complaint_commands.Complain(
        command.complaint_id,
        command.by,
        child or command.by,
        Matter(case_id, command.notice, command.worker),
        command.handler,
        on,
        clock,
        command.words,
    )
    people = tuple(each for each in (child, command.by) if each is not None)
    return [
        Step(complaint.DECIDER, stream, complain, subjects=people),
        _task(command.complaint_id, LOCAL, command.handler, clock, situation),
    ]


async def _about(command: RecordComplaint, situation: Situation) -> tuple[UUID | None, UUID | None]:
    """Return the case and the child that it is about: those of the notice, where it names one."""
    if command.notice is not None:
        found = await situation.state(notice.DECIDER, notice_stream(command.notice))
        if isinstance(found, NotProposed):
            raise NoSuchNotice
        return found.known.case_id, found.known.child
    if command.case_id is None:
        return None, None
    of_case = await situation.state(case.DECIDER, case_stream(command.case_id))
    people = case.people_of(of_case)
    if not people:
        raise case.NoSuchCase
    return command.case_id, people[0]


async def _of_complaint(command: OfComplaint, situation: Situation) -> Sequence[Step]:
    stream = complaint_stream(command.complaint_id)
    found = await situation.state(complaint.DECIDER, stream)
    if isinstance(found, NotMade):
        raise NoSuchComplaint
    on = await _day(command, situation)
    asked = _asked(command, on, situation)
    own = Step(complaint.DECIDER, stream, asked, subjects=(found.known.by,))
    return [own, *_tasks(command, found, asked, situation)]


async def _day(command: OfComplaint, situation: Situation) -> date:
    on = getattr(command, "on", None)
    return on if isinstance(on, date) else london_day(await situation.now())


def _asked(
    command: OfComplaint, on: date, situation: Situation
) -> complaint_commands.ComplaintCommand:
    rules = shipped().on(on, situation.partnership)
    match command:
        case ExtendStage(words=words):
            return complaint_commands.Extend(words)
        case AnswerStage(finding=finding, by=by, words=words):
            return complaint_commands.Answer(finding, by, on, words)
        case BeginStage(stage=stage, handler=handler):
            return complaint_commands.GoOn(stage, handler, on, stage_clock(stage, on, rules))
        case RecordPanelHeld():
            return complaint_commands.HoldPanel(on, report_clock(on, rules))
        case RecordPanelReport(words=words):
            return complaint_commands.TakeReport(on, reply_clock(on, rules), words)
        case WithdrawComplaint():
            return complaint_commands.WithdrawComplaint(on)
        case _:
            assert_never(command)


def _tasks(
    command: OfComplaint,
    found: complaint.Complaint,
    asked: complaint_commands.ComplaintCommand,
    situation: Situation,
) -> list[Step]:
    """Ask whoever sees to it for the next stage; what is over is asked for no more."""
    tenant, kind, complaint_id = situation.tenant, TaskKind.ANSWER_COMPLAINT, command.complaint_id
    match asked, found:
        case complaint_commands.GoOn(stage, handler, _, clock), _:
            before = settle_step(tenant, kind, None, _stage(complaint_id, stage - 1))
            return [before, _task(complaint_id, stage, handler, clock, situation)]
        case complaint_commands.Answer(), complaint.Running(stage=stage):
            return [settle_step(tenant, kind, None, _stage(complaint_id, stage))]
        case complaint_commands.Extend(), complaint.Running(stage=stage, latest_on=latest_on):
            rule = shipped().on(latest_on, situation.partnership).version
            about, why = _stage(complaint_id, stage), MoveReason.AGREED
            return [move_step(tenant, kind, None, about, due_on=latest_on, rule=rule, because=why)]
        case complaint_commands.WithdrawComplaint(), complaint.Running(stage=stage):
            return [drop_step(tenant, kind, None, _stage(complaint_id, stage))]
        case _:
            return []


def _task(
    complaint_id: UUID, stage: int, handler: UUID, clock: Clock, situation: Situation
) -> Step:
    return task_step(
        situation.tenant,
        TaskKind.ANSWER_COMPLAINT,
        None,
        _stage(complaint_id, stage),
        due_on=clock.due_on,
        rule=clock.rule,
        whom=to_worker(handler),
    )


def _stage(complaint_id: UUID, stage: int) -> str:
    return f"{complaint_id}/{stage}"


async def _overdue(command: NoteStageOverdue, _situation: Situation) -> Sequence[Step]:
    over = complaint_commands.NoteOverdue(command.due_on)
    return [Step(complaint.DECIDER, command.complaint_stream, over)]


COMMANDS: Mapping[type, Compose] = {
    RecordComplaint: _record,
    NoteStageOverdue: _overdue,
    **dict.fromkeys(get_args(OfComplaint), _of_complaint),
}
