"""Which streams a proposal touches: its own, the plan, urgent provision, and the tasks it asks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never, get_args
from uuid import UUID

from casework.assessments import assessment
from casework.cases import case
from casework.decisions import asking, deciding, notice, notice_commands
from casework.decisions.basis import completed
from casework.decisions.commands import (
    ByWorker,
    DecideProposal,
    IssueNotice,
    NoteNoticeFailed,
    NoteNoticeServed,
    NotePeriodEnded,
    OfNotice,
    RecordRepresentations,
    RecordSatisfied,
    RewordProposal,
    WithdrawProposal,
    WriteProposal,
)
from casework.decisions.notice_events import Basis
from casework.decisions.notice_states import Drafted, Known, Notice, NotProposed
from casework.decisions.refusals import AssessmentNotCompleted, NoSuchNotice
from casework.plans.coming_and_going import proposal_ended_steps, proposal_steps
from casework.rules.policies import shipped
from casework.streams import assessment_stream, case_stream, notice_stream
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day


async def _write(command: WriteProposal, situation: Situation) -> Sequence[Step]:
    stream, of_case = notice_stream(command.notice_id), case_stream(command.case_id)
    of_assessment = assessment_stream(command.case_id)
    await situation.look(
        {stream: notice.DECIDER, of_case: case.DECIDER, of_assessment: assessment.DECIDER}
    )
    child = case.open_case(await situation.state(case.DECIDER, of_case)).child
    assessed = completed(await situation.state(assessment.DECIDER, of_assessment))
    if command.assessment is not None and command.assessment != assessed:
        raise AssessmentNotCompleted
    propose = notice_commands.Propose(
        command.notice_id,
        command.case_id,
        child,
        command.proposal,
        command.services,
        command.addressee,
        Basis(assessed, command.plan_version),
        command.by,
        command.text,
    )
    people = tuple(dict.fromkeys((child, command.addressee.person)))
    return [Step(notice.DECIDER, stream, propose, command.case_id, people)]


async def _of_notice(command: OfNotice, situation: Situation) -> Sequence[Step]:
    """Turn a command on a proposal into its steps; one of another case is not there."""
    stream = notice_stream(command.notice_id)
    found = await situation.state(notice.DECIDER, stream)
    known = _known(found)
    match command:
        case NoteNoticeServed() | NoteNoticeFailed():
            today = london_day(await situation.now())
            asked = asking.of_service(command, found, today, situation)
            return [*_service(command, stream, known), *asked]
        case _ if command.case_id != known.case_id:
            raise NoSuchNotice
        case DecideProposal():
            return await deciding.steps(command, found, situation)
        case _:
            return await _by_a_worker(command, found, situation)


async def _by_a_worker(
    command: ByWorker,
    found: Notice,
    situation: Situation,
) -> Sequence[Step]:
    known = _known(found)
    on = await _day(command, situation)
    asked = _asked(command, on, situation)
    own = Step(
        notice.DECIDER,
        notice_stream(known.notice_id),
        asked,
        known.case_id,
        (known.child, known.addressee.person),
    )
    steps = [own, *asking.of_worker(command, found, on, situation)]
    version = known.basis.plan_version
    if isinstance(command, IssueNotice) and isinstance(found, Drafted) and version is not None:
        steps += await proposal_steps(known.case_id, version, known.notice_id, situation)
    if isinstance(command, WithdrawProposal):
        steps += await proposal_ended_steps(known.case_id, known.notice_id, situation)
    return steps


async def _day(command: object, situation: Situation) -> date:
    on = getattr(command, "on", None)
    return on if isinstance(on, date) else london_day(await situation.now())


def _asked(
    command: ByWorker,
    on: date,
    situation: Situation,
) -> notice_commands.NoticeCommand:
    match command:
        case RewordProposal(by=by, text_version=version, text=text):
            return notice_commands.Reword(by, version, text)
        case IssueNotice():
            rules = shipped().on(on, situation.partnership)
            return notice_commands.Issue(on, rules.representation_days, rules.version)
        case RecordRepresentations(representation_id=each, by=by, manner=manner, words=words):
            return notice_commands.Represent(each, by, manner, on, words)
        case RecordSatisfied(by=by):
            return notice_commands.BeSatisfied(by, on)
        case WithdrawProposal(words=words):
            return notice_commands.Withdraw(on, words)
        case _:
            assert_never(command)


def _service(
    command: NoteNoticeServed | NoteNoticeFailed, stream: UUID, known: Known
) -> list[Step]:
    asked: notice_commands.NoticeCommand
    match command:
        case NoteNoticeServed(_, document, attempt, method, deemed_on):
            asked = notice_commands.NoteServed(document, attempt, method, deemed_on)
        case NoteNoticeFailed(_, document, attempt, reason):
            asked = notice_commands.NoteServiceFailed(document, attempt, reason)
        case _:
            assert_never(command)
    people = (known.child, known.addressee.person)
    return [Step(notice.DECIDER, stream, asked, known.case_id, people)]


async def _over(command: NotePeriodEnded, situation: Situation) -> Sequence[Step]:
    stream = command.notice_stream
    found = await situation.state(notice.DECIDER, stream)
    known = _known(found)
    over = notice_commands.NotePeriodOver(command.last_day)
    people = (known.child, known.addressee.person)
    return [
        Step(notice.DECIDER, stream, over, known.case_id, people),
        *asking.of_period(command.last_day, found, situation),
    ]


def _known(found: Notice) -> Known:
    if isinstance(found, NotProposed):
        raise NoSuchNotice
    return found.known


COMMANDS: Mapping[type, Compose] = {
    WriteProposal: _write,
    NotePeriodEnded: _over,
    **dict.fromkeys(get_args(OfNotice), _of_notice),
}
