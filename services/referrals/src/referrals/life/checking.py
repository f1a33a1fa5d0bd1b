"""Screening a referral: its checks, each by itself and in any order, and its clock."""

from ledger.decider import Refusal
from referrals.codes import DutyAnswer
from referrals.duty.line import Span
from referrals.life.commands import Answer, AnswerChecks, DutyFound, NoteScreeningDue
from referrals.life.events import (
    Answered,
    CheckAnswered,
    DutyHolderChecked,
    ReferralEvent,
    ReferralReceived,
    ScreeningOverdue,
)
from referrals.life.following import with_consequences
from referrals.life.refusals import AlreadyDecided, RedirectUnderWay
from referrals.life.states import NotReceived, Received, Redirected, Referral, Screened, desk_of


def answer_checks(command: AnswerChecks, referral: Referral) -> list[ReferralEvent]:
    """Keep each answer that is another than the one held."""
    desk = desk_of(referral)
    if desk is None:
        raise Refusal(AnswerChecks, NotReceived)
    answers = [_answered(each, desk.said) for each in command.answers]
    fresh = [each for each in answers if each not in desk.checks]
    match referral:
        # The same again is the same answer, here and elsewhere, so that callers may retry.
        case _ if not fresh:
            return []
        case Received() | Screened():
            return with_consequences(referral, fresh, command.targets)
        case Redirected():
            raise RedirectUnderWay
        case _:
            raise AlreadyDecided


def note_screening_due(command: NoteScreeningDue, referral: Referral) -> list[ReferralEvent]:
    """Record that the screening is late, once."""
    match referral:
        case Received(desk=desk) if not desk.overdue and command.due_at == desk.due[-1].due_at:
            return [ScreeningOverdue(desk.said.referral, command.due_at)]
        case NotReceived():
            raise Refusal(NoteScreeningDue, NotReceived)
        # Noted before, moved, or screened meanwhile.
        case _:
            return []


def _answered(answer: Answer | DutyFound, said: ReferralReceived) -> Answered:
    match answer:
        case Answer():
            return CheckAnswered(
                referral=said.referral,
                child=said.child,
                check=answer.check,
                answer=answer.code,
                refers_to=answer.refers_to,
                words=answer.words,
            )
        case DutyFound(span=span, rule=rule):
            return DutyHolderChecked(
                referral=said.referral,
                child=said.child,
                answer=_whose(span, said.received_by),
                holder=span.duty_holder if span else None,
                from_day=span.from_day if span else None,
                to_day=span.to_day if span else None,
                rule=rule,
            )


def _whose(span: Span | None, here: str) -> DutyAnswer:
    if span is None or span.duty_holder is None:
        return DutyAnswer.UNDETERMINED
    return DutyAnswer.HERE if span.duty_holder == here else DutyAnswer.ELSEWHERE
