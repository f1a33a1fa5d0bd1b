"""What lies on the desk of whoever works on a referral, and how its events change it."""

from dataclasses import dataclass, replace
from typing import Any, assert_never
from uuid import UUID

from referrals.codes import Check, NeedKind
from referrals.life.amendable import read
from referrals.life.events import (
    Answered,
    CheckAnswered,
    DangerReported,
    DutyHolderChecked,
    ReferralEvent,
    ReferralReceived,
    ScreeningDueSet,
    ScreeningOverdue,
)
from referrals.life.information import (
    AssessmentAsked,
    InformationAdded,
    InformationAsked,
    InformationOverdue,
    InformationReceived,
    NeedRecorded,
    ReferralAmended,
    ReferralRevised,
    ReferralReworded,
)


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


def check_of(answered: Answered) -> Check:
    """Return which check was answered."""
    return answered.check if isinstance(answered, CheckAnswered) else Check.DUTY_HOLDER


def _code(answered: Answered) -> str:
    return str(answered.answer)


def worked_on(  # noqa: PLR0911 # a row of the table is a return
    desk: Desk, event: ReferralEvent
) -> Desk:
    """Fold a fact that leaves the referral where it stands."""
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


def revised_at(desk: Desk, event: ReferralRevised) -> Desk:
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
