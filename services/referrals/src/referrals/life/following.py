"""What follows from what was decided: danger reported at once, the clock moved, all checks done."""

from collections.abc import Sequence
from functools import reduce
from uuid import UUID

from referrals.codes import Check, Eligibility, Safeguarding, Urgency
from referrals.life.amendable import CodedField
from referrals.life.desk import Desk
from referrals.life.events import (
    CheckAnswered,
    DangerReported,
    ReferralEvent,
    ReferralScreened,
    ScreeningDueSet,
)
from referrals.life.information import InformationAdded, InformationReceived, ReferralAmended
from referrals.life.states import (
    Received,
    Referral,
    Screened,
    desk_of,
    evolve,
)
from referrals.life.targets import Targets


def with_consequences(
    referral: Referral, decided: Sequence[ReferralEvent], targets: Targets
) -> list[ReferralEvent]:
    """Return what was decided on a referral and what follows from it; from nothing, nothing."""
    events = list(decided)
    state = reduce(evolve, events, referral)
    desk = desk_of(state)
    if not events or desk is None:
        return events
    dangers = [each for each in events if _tells_of_danger(each)]
    danger = bool(dangers) and not desk.danger
    if danger:
        events.append(_danger(desk, _screen_of(dangers)))
    match state:
        case Received() if not desk.missing:
            events.append(summary(desk))
        case Screened(screening=held) if summary(desk) != held:
            events.append(summary(desk))
        case Received():
            events += moved(desk, targets, urgent=danger or is_urgent(desk))
        case _:
            pass
    return events


def moved(desk: Desk, targets: Targets, *, urgent: bool) -> list[ReferralEvent]:
    """Return the clock of the screening set anew where the urgency is another than it was."""
    now = desk.due[-1] if desk.due else None
    if now is not None and now.urgent == urgent:
        return []
    due_at = targets.urgent_by if urgent else targets.otherwise_by
    if urgent and now is not None:
        due_at = min(due_at, now.due_at)
    return [ScreeningDueSet(desk.said.referral, due_at, urgent, targets.policy, targets.calendar)]


def set_anew(desk: Desk, targets: Targets) -> ScreeningDueSet:
    """Return the clock of a screening that was done and is open again."""
    urgent = is_urgent(desk)
    due_at = targets.urgent_by if urgent else targets.otherwise_by
    return ScreeningDueSet(desk.said.referral, due_at, urgent, targets.policy, targets.calendar)


def is_urgent(desk: Desk) -> bool:
    """Whether somebody must act soon, as far as is known: by the screening, or else as was said."""
    safeguarding = desk.answer(Check.SAFEGUARDING)
    if safeguarding == Safeguarding.IMMEDIATE_DANGER or (desk.danger and not safeguarding):
        return True
    urgency = desk.answer(Check.URGENCY)
    return urgency == Urgency.URGENT if urgency else desk.said.urgent


def summary(desk: Desk) -> ReferralScreened:
    """Return what the screening found; all checks are answered."""
    return ReferralScreened(
        referral=desk.said.referral,
        child=desk.said.child,
        safeguarding=Safeguarding(desk.answer(Check.SAFEGUARDING)),
        urgency=Urgency(desk.answer(Check.URGENCY)),
        eligibility=Eligibility(desk.answer(Check.ELIGIBILITY)),
    )


def _tells_of_danger(event: ReferralEvent) -> bool:
    match event:
        case CheckAnswered(check=Check.SAFEGUARDING, answer=Safeguarding.IMMEDIATE_DANGER):
            return True
        case ReferralAmended(field=CodedField.IMMEDIATE_DANGER, after=after):
            return bool(after)
        case (
            InformationAdded(immediate_danger=danger) | InformationReceived(immediate_danger=danger)
        ):
            return danger
        case _:
            return False


def _screen_of(dangers: Sequence[ReferralEvent]) -> UUID | None:
    screens = [each.refers_to for each in dangers if isinstance(each, CheckAnswered)]
    return screens[0] if screens else None


def _danger(desk: Desk, screen: UUID | None) -> DangerReported:
    said = desk.said
    return DangerReported(said.referral, said.family, said.child, screen)
