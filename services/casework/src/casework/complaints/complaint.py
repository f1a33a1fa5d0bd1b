"""A complaint: answered locally, else investigated, else heard by a panel, each in its time.

The children's statutory procedure (SI 2006/1738). It may be about a notice, and is none: a
representation on a proposal stays with the proposal.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias, assert_never
from uuid import UUID

from casework.complaints.complaint_commands import (
    Answer,
    Complain,
    ComplaintCommand,
    Extend,
    GoOn,
    HoldPanel,
    NoteOverdue,
    TakeReport,
    WithdrawComplaint,
)
from casework.complaints.complaint_events import (
    Awaited,
    Clock,
    ComplaintEvent,
    ComplaintMade,
    ComplaintWithdrawn,
    Finding,
    Matter,
    PanelHeld,
    PanelReported,
    StageAnswered,
    StageBegun,
    StageExtended,
    StageOverdue,
)
from ledger.decider import Decider, Refusal

LOCAL, INVESTIGATION, PANEL = 1, 2, 3
_FIRST: Final = {
    LOCAL: Awaited.ANSWER,
    INVESTIGATION: Awaited.ANSWER,
    PANEL: Awaited.PANEL,
}


@dataclass(frozen=True, slots=True)
class NotMade:
    """There is no such complaint."""


@dataclass(frozen=True, slots=True)
class Known:
    """What holds whatever becomes of it. `overdue`: days that were noted as over."""

    complaint_id: UUID
    by: UUID
    subject: UUID
    matter: Matter
    handler: UUID
    overdue: frozenset[tuple[int, date]] = frozenset()


@dataclass(frozen=True, slots=True)
class Running:
    """A stage waits for something by a day; with more time for it, until the latest day."""

    known: Known
    stage: int
    awaited: Awaited
    due_on: date
    latest_on: date


@dataclass(frozen=True, slots=True)
class Answered:
    """The stage was answered; the person may go on to the next one, after the third to none."""

    known: Known
    stage: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Who complained does so no more."""

    known: Known


class NoSuchComplaint(Refusal):
    """The authority has no complaint of that id."""


class HandledByThoseComplainedOf(Refusal):
    """Whom a complaint is about neither sees to it nor answers it."""


class NotAwaited(Refusal):
    """The stage waits for something else first."""


class NoLongerTime(Refusal):
    """The stage has no longer time than it was given."""


class StageNotNext(Refusal):
    """The stages come in their order, each after the one before was answered."""


class AnsweredOtherwise(Refusal):
    """The stage is answered already, otherwise."""


class ComplaintIsWithdrawn(Refusal):
    """Who complained does so no more."""


Complaint: TypeAlias = NotMade | Running | Answered | Withdrawn


def decide(  # noqa: PLR0911 # a row a command
    command: ComplaintCommand, complaint: Complaint
) -> list[ComplaintEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, complaint:
        case Complain(), NotMade():
            return [_made(command)]
        # The same complaint again is the same answer, so that callers may retry.
        case Complain(), _:
            return []
        case _, NotMade():
            raise NoSuchComplaint
        case NoteOverdue(day), Running(due_on=due_on, latest_on=latest_on):
            return _overdue(day, complaint) if day in (due_on, latest_on) else []
        case NoteOverdue(), _:
            return []
        case WithdrawComplaint(), Withdrawn():
            return []
        case _, Withdrawn():
            raise ComplaintIsWithdrawn
        case WithdrawComplaint(on), _:
            return [ComplaintWithdrawn(complaint.known.complaint_id, on)]
        case GoOn(), _:
            return _go_on(command, complaint)
        case _:
            return _in_stage(command, complaint)


def _made(command: Complain) -> ComplaintMade:
    if command.handler == command.matter.worker:
        raise HandledByThoseComplainedOf
    return ComplaintMade(
        command.complaint_id,
        command.by,
        command.subject,
        command.matter,
        command.handler,
        command.on,
        command.clock,
        command.words,
    )


def _overdue(day: date, complaint: Running) -> list[ComplaintEvent]:
    known, stage = complaint.known, complaint.stage
    if (stage, day) in known.overdue:
        return []
    again_on = complaint.latest_on if day < complaint.latest_on else None
    return [StageOverdue(known.complaint_id, stage, complaint.awaited, day, again_on)]


def _go_on(command: GoOn, complaint: Running | Answered) -> list[ComplaintEvent]:
    known = complaint.known
    if command.handler == known.matter.worker:
        raise HandledByThoseComplainedOf
    match complaint:
        case Running(stage=stage) if stage == command.stage:
            return []
        case Answered(stage=stage) if stage + 1 == command.stage <= PANEL:
            pass
        # The first answer is late: nobody has to wait for it.
        case Running(stage=1, latest_on=latest_on) if command.stage == INVESTIGATION:
            if command.on <= latest_on:
                raise StageNotNext
        case _:
            raise StageNotNext
    stage, on = command.stage, command.on
    return [StageBegun(known.complaint_id, stage, command.handler, on, command.clock)]


def _in_stage(
    command: Extend | Answer | HoldPanel | TakeReport, complaint: Running | Answered
) -> list[ComplaintEvent]:
    known, stage = complaint.known, complaint.stage
    match command, complaint:
        case Answer(), _:
            return _answer(command, complaint)
        case Extend(words), Running(awaited=Awaited.ANSWER, due_on=due_on, latest_on=latest_on):
            if due_on == latest_on:
                return []
            return [StageExtended(known.complaint_id, known.subject, stage, latest_on, words)]
        case Extend(), _:
            raise NoLongerTime
        case _, Running():
            return _panel(command, complaint)
        case _:
            raise NotAwaited


def _answer(command: Answer, complaint: Running | Answered) -> list[ComplaintEvent]:
    known, stage = complaint.known, complaint.stage
    if command.by == str(known.matter.worker):
        raise HandledByThoseComplainedOf
    finding, by, on, words = command.finding, command.by, command.on, command.words
    match complaint:
        case Running(awaited=Awaited.ANSWER | Awaited.REPLY):
            subject = known.subject
            return [StageAnswered(known.complaint_id, subject, stage, finding, by, on, words)]
        case Running():
            raise NotAwaited
        # The same answer again is the same, so that callers may retry.
        case Answered(finding=held):
            if finding is not held:
                raise AnsweredOtherwise
            return []


def _panel(command: HoldPanel | TakeReport, complaint: Running) -> list[ComplaintEvent]:
    known = complaint.known
    match command, complaint.awaited:
        case HoldPanel(on, clock), Awaited.PANEL:
            return [PanelHeld(known.complaint_id, on, clock)]
        case TakeReport(on, clock, words), Awaited.REPORT:
            return [PanelReported(known.complaint_id, known.subject, on, clock, words)]
        case (HoldPanel(), Awaited.REPORT) | (TakeReport(), Awaited.REPLY):
            return []
        case _:
            raise NotAwaited


def evolve(complaint: Complaint, event: ComplaintEvent) -> Complaint:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, complaint:
        case ComplaintMade(complaint_id, by, subject, matter, handler, clock=clock), _:
            known = Known(complaint_id, by, subject, matter, handler)
            return _running(known, LOCAL, Awaited.ANSWER, clock)
        case _, NotMade():
            return complaint
        case StageOverdue(stage=stage, due_on=day), _:
            overdue = complaint.known.overdue | {(stage, day)}
            return replace(complaint, known=replace(complaint.known, overdue=overdue))
        case ComplaintWithdrawn(), _:
            return Withdrawn(complaint.known)
        case StageAnswered(stage=stage, finding=finding), _:
            return Answered(complaint.known, stage, finding)
        case _:
            return _went_on(complaint.known, complaint, event)


def _went_on(
    known: Known,
    complaint: Complaint,
    event: StageExtended | StageBegun | PanelHeld | PanelReported,
) -> Complaint:
    match event:
        case StageBegun(stage=stage, handler=handler, clock=clock):
            return _running(replace(known, handler=handler), stage, _FIRST[stage], clock)
        case StageExtended(due_on=day):
            return replace(complaint, due_on=day) if isinstance(complaint, Running) else complaint
        case PanelHeld(clock=clock):
            return _running(known, PANEL, Awaited.REPORT, clock)
        case PanelReported(clock=clock):
            return _running(known, PANEL, Awaited.REPLY, clock)
        case _:
            assert_never(event)


def _running(known: Known, stage: int, awaited: Awaited, clock: Clock) -> Running:
    return Running(known, stage, awaited, clock.due_on, clock.latest_on)


DECIDER: Decider[ComplaintCommand, Complaint, ComplaintEvent] = Decider(
    "Complaint", NotMade(), decide, evolve
)
