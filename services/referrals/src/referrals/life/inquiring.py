"""Information that a referral waits for: asked, come, or late."""

from collections.abc import Iterable
from datetime import datetime

from ledger.decider import Refusal
from referrals.life.commands import AskInformation, NoteInformationDue, ReceiveInformation
from referrals.life.desk import Desk
from referrals.life.events import ReferralEvent
from referrals.life.following import with_consequences
from referrals.life.information import (
    InformationAsked,
    InformationOverdue,
    InformationReceived,
)
from referrals.life.refusals import AlreadyDecided, NotAsked, RedirectUnderWay
from referrals.life.states import (
    NotReceived,
    Received,
    Redirected,
    Referral,
    Screened,
    desk_of,
)


def ask_information(command: AskInformation, referral: Referral) -> list[ReferralEvent]:
    """Ask for what is missing before the decision; the referral may be screened meanwhile."""
    match referral, desk_of(referral):
        case NotReceived(), _:
            raise Refusal(AskInformation, NotReceived)
        case _, Desk() as desk if command.inquiry in _asked(desk):
            return []
        case ((Received() | Screened()), Desk() as desk):
            return [_inquiry(command, desk)]
        case Redirected(), _:
            raise RedirectUnderWay
        case _:
            raise AlreadyDecided


def receive_information(command: ReceiveInformation, referral: Referral) -> list[ReferralEvent]:
    """Keep what was asked for, however late it comes."""
    match desk_of(referral):
        case None:
            raise Refusal(ReceiveInformation, NotReceived)
        case desk if command.inquiry in desk.came:
            return []
        case desk:
            return with_consequences(referral, [_received(command, desk)], command.targets)


def note_information_due(command: NoteInformationDue, referral: Referral) -> list[ReferralEvent]:
    """Record of each answer that is late that it is, once, while somebody waits for it."""
    match referral:
        case NotReceived():
            raise Refusal(NoteInformationDue, NotReceived)
        case Received(desk=desk) | Screened(desk=desk):
            waits = [each for each in desk.waits_for if each.inquiry not in desk.late]
            late = [each for each in waits if each.due_at <= command.due_at]
            following = _next(each for each in waits if each not in late)
            return [
                InformationOverdue(desk.said.referral, each.inquiry, each.due_at, following)
                for each in late
            ]
        case _:
            return []


def _inquiry(command: AskInformation, desk: Desk) -> InformationAsked:
    due_at = command.answer_by.due_at
    return InformationAsked(
        referral=desk.said.referral,
        child=desk.said.child,
        inquiry=command.inquiry,
        source=command.source,
        words=command.words,
        due_at=due_at,
        policy=command.answer_by.policy,
        calendar=command.answer_by.calendar,
        next_due_at=min(_next(_in_time(desk)) or due_at, due_at),
    )


def _received(command: ReceiveInformation, desk: Desk) -> InformationReceived:
    for each in desk.waits_for:
        if each.inquiry == command.inquiry:
            return InformationReceived(
                referral=desk.said.referral,
                child=desk.said.child,
                inquiry=command.inquiry,
                source=each.source,
                immediate_danger=command.immediate_danger,
                words=command.words,
                next_due_at=_next(one for one in _in_time(desk) if one is not each),
            )
    raise NotAsked


def _asked(desk: Desk) -> set[object]:
    return {each.inquiry for each in desk.waits_for} | desk.came


def _in_time(desk: Desk) -> list[InformationAsked]:
    return [each for each in desk.waits_for if each.inquiry not in desk.late]


def _next(waits: Iterable[InformationAsked]) -> datetime | None:
    return min((each.due_at for each in waits), default=None)
