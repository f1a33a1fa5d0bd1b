"""Where a referral can stand, and how its events lead there."""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from referrals.codes import Check, DeclineReason, NeedKind, WithdrawReason
from referrals.life.amendable import read
from referrals.life.events import (
    Answered,
    CheckAnswered,
    DangerReported,
    DutyHolderChecked,
    ReferralAccepted,
    ReferralCameBack,
    ReferralDeclined,
    ReferralEvent,
    ReferralReceived,
    ReferralRedirected,
    ReferralScreened,
    ReferralTakenBack,
    ReferralTakenUp,
    ReferralWithdrawn,
    ScreeningDueSet,
    ScreeningOverdue,
)
from referrals.life.information import (
    AssessmentAsked,
    InformationAdded,
    InformationAsked,
    InformationOverdue,
    InformationReceived,
    MaybeWords,
    NeedRecorded,
    ReferralAmended,
    ReferralRevised,
    ReferralReworded,
)


@dataclass(frozen=True, slots=True)
class NotReceived:
    """There is no such referral."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the desk of whoever works on a referral.

    `said` as amended. `danger`: whether danger was reported. `overdue`: the screening was late.
    `due`: by when it was to be screened, the last is valid. `checks`: the answers, in the order of
    the checks. `waits_for`: what was asked for and did not come; `late`: of it, what is overdue;
    `came`: what was asked for and came, and what was told unasked. `revised`: by what its sender
    sent anew, the last is valid.
    """

    said: ReferralReceived
    danger: bool = False
    overdue: bool = False
    urgent: bool = False
    due: tuple[ScreeningDueSet, ...] = ()
    checks: tuple[Answered, ...] = ()
    waits_for: tuple[InformationAsked, ...] = ()
    late: frozenset[UUID] = frozenset()
    came: frozenset[UUID] = frozenset()
    assessments: tuple[AssessmentAsked, ...] = ()
    needs: tuple[NeedRecorded, ...] = ()
    revised: tuple[ReferralRevised, ...] = ()

    @property
    def missing(self) -> tuple[Check, ...]:
        """The checks that nobody has answered yet."""
        answered = {check_of(each) for each in self.checks}
        return tuple(each for each in Check if each not in answered)

    def answer(self, check: Check) -> str:
        """Return the answer to a check, as its code; empty where there is none yet."""
        return next((_code(each) for each in self.checks if check_of(each) is check), "")


@dataclass(frozen=True, slots=True)
class Received:
    """Waits for its screening, or for the rest of it."""

    desk: Desk


@dataclass(frozen=True, slots=True)
class Screened:
    """Waits for a decision: all checks are answered."""

    desk: Desk
    screening: ReferralScreened


@dataclass(frozen=True, slots=True)
class Accepted:
    """Waits for casework."""

    before: Screened


@dataclass(frozen=True, slots=True)
class TakenUp:
    """In a case."""

    before: Screened


@dataclass(frozen=True, slots=True)
class Declined:
    """Not taken on; `words` are for the family."""

    before: Received | Screened
    reason: DeclineReason
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Taken back by those who made it."""

    before: Received | Screened
    reason: WithdrawReason


@dataclass(frozen=True, slots=True)
class Redirected:
    """Offered to another authority, or taken over by it. `to`: that authority's slug."""

    before: Screened
    redirect: UUID
    to: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A copy that a redirect brought, and that the authority which sent it decides again."""

    before: Received | Screened


Ended: TypeAlias = Accepted | TakenUp | Declined | Withdrawn | Redirected | TakenBack
Referral: TypeAlias = NotReceived | Received | Screened | Ended


def evolve(  # noqa: C901 # a row of the table is a branch
    referral: Referral, event: ReferralEvent
) -> Referral:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, referral:
        case ReferralReceived(), _:
            folded: Referral = Received(Desk(event, urgent=event.urgent))
        case ReferralScreened(), Received(desk=desk) | Screened(desk=desk):
            folded = Screened(replace(desk, urgent=event.urgent), event)
        case ReferralRevised(), Received(desk=desk) | Screened(desk=desk):
            folded = Received(_revised(desk, event))
        case ReferralAccepted(), Screened():
            folded = Accepted(referral)
        case ReferralDeclined(reason=reason, words=words), Received() | Screened():
            folded = Declined(referral, reason, words)
        case ReferralWithdrawn(reason=why), Received() | Screened():
            folded = Withdrawn(referral, why)
        case ReferralTakenUp(), Accepted(before=before):
            folded = TakenUp(before)
        case ReferralRedirected(redirect=redirect, to=to), Screened():
            folded = Redirected(referral, redirect, to)
        case ReferralCameBack(), Redirected(before=back):
            folded = back
        case ReferralTakenBack(), Received() | Screened():
            folded = TakenBack(referral)
        case _, NotReceived():
            folded = referral
        case _:
            folded = _at_desk(referral, event)
    return folded


def screened(referral: Referral) -> Screened | None:
    """Return the referral as it was screened, if it was."""
    match referral:
        case Screened():
            return referral
        case Accepted(before=before) | TakenUp(before=before) | Redirected(before=before):
            return before
        case Declined(before=at) | Withdrawn(before=at) | TakenBack(before=at):
            return screened(at)
        case NotReceived() | Received():
            return None
        case _:
            assert_never(referral)


def desk_of(referral: Referral) -> Desk | None:
    """Return what is known of a referral, if it was received."""
    match referral:
        case NotReceived():
            return None
        case Received(desk=desk) | Screened(desk=desk):
            return desk
        case (
            Accepted(before=before)
            | TakenUp(before=before)
            | Declined(before=before)
            | Withdrawn(before=before)
            | Redirected(before=before)
            | TakenBack(before=before)
        ):
            return before.desk
        case _:
            assert_never(referral)


def said_of(referral: Referral) -> ReferralReceived | None:
    """Return what the referral says, as amended, if it was received."""
    desk = desk_of(referral)
    return desk.said if desk else None


def was_late(referral: Referral) -> bool:
    """Whether the screening fell due before it was done."""
    desk = desk_of(referral)
    return desk is not None and desk.overdue


def check_of(answered: Answered) -> Check:
    """Return which check was answered."""
    return answered.check if isinstance(answered, CheckAnswered) else Check.DUTY_HOLDER


def _code(answered: Answered) -> str:
    return str(answered.answer)


def _at_desk(referral: Received | Screened | Ended, event: ReferralEvent) -> Referral:
    """Fold a fact that leaves the referral where it stands."""
    if isinstance(referral, Received | Screened):
        return replace(referral, desk=_worked_on(referral.desk, event))
    before = replace(referral.before, desk=_worked_on(referral.before.desk, event))
    # One of several kinds that have `before` in common: no type says so.
    at: Any = referral
    folded: Referral = replace(at, before=before)
    return folded


def _worked_on(desk: Desk, event: ReferralEvent) -> Desk:  # noqa: PLR0911 # a row of the table is a return
    match event:
        case DangerReported():
            return replace(desk, danger=True, urgent=True)
        case ScreeningDueSet(urgent=urgent):
            return replace(desk, urgent=urgent, due=(*desk.due, event))
        case ScreeningOverdue():
            return replace(desk, overdue=True)
        case CheckAnswered() | DutyHolderChecked():
            return replace(desk, checks=_with_answer(desk.checks, event))
        case ReferralAmended(field=field, after=after):
            return _amended(desk, field.value, read(field, after))
        case ReferralReworded(field=words_field, words=words):
            return _amended(desk, words_field.value, words)
        case AssessmentAsked():
            return replace(desk, assessments=(*desk.assessments, event))
        case NeedRecorded():
            kept = (each for each in desk.needs if _of_need(each) != _of_need(event))
            return replace(desk, needs=(*kept, event))
        case InformationAsked() | InformationAdded() | InformationReceived() | InformationOverdue():
            return _informed(desk, event)
        case _:
            return desk


def _informed(
    desk: Desk,
    event: InformationAsked | InformationAdded | InformationReceived | InformationOverdue,
) -> Desk:
    match event:
        case InformationAsked():
            return replace(desk, waits_for=(*desk.waits_for, event))
        case InformationAdded(information=information):
            return replace(desk, came=desk.came | {information})
        case InformationReceived(inquiry=inquiry):
            left = tuple(each for each in desk.waits_for if each.inquiry != inquiry)
            came, late = desk.came | {inquiry}, desk.late - {inquiry}
            return replace(desk, waits_for=left, came=came, late=late)
        case InformationOverdue(inquiry=inquiry):
            return replace(desk, late=desk.late | {inquiry})
        case _:
            assert_never(event)


def _amended(desk: Desk, field: str, value: Any) -> Desk:
    return replace(desk, said=replace(desk.said, **{field: value}))


def _revised(desk: Desk, event: ReferralRevised) -> Desk:
    """Leave all checks as answered but the one that another wording may answer otherwise."""
    checks = tuple(each for each in desk.checks if check_of(each) is not Check.SAFEGUARDING)
    return replace(desk, checks=checks, revised=(*desk.revised, event))


def _with_answer(checks: tuple[Answered, ...], answered: Answered) -> tuple[Answered, ...]:
    others = [each for each in checks if check_of(each) is not check_of(answered)]
    order = list(Check)
    return tuple(sorted([*others, answered], key=lambda each: order.index(check_of(each))))


def _of_need(need: NeedRecorded) -> tuple[object, ...]:
    """Say which need it is: somebody has one faith, and any number of access needs."""
    code = need.code if need.kind is NeedKind.ACCESS else ""
    return (need.person, need.kind, code)
