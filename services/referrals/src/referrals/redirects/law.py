"""How far a child's adoption is in law by what is known now, as one submission can say it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from referrals.codes import LegalStatus
from referrals.duty.facts import ChildPlaced, OrderKind, OrderMade, OrderSetAside, ResidenceLearned
from referrals.duty.standing import in_effect
from referrals.duty.timeline import State, Timeline
from referrals.life.events import ReferralReceived


@dataclass(frozen=True, slots=True)
class Law:
    """Legal status, order, and who placed the child; and where the family lives."""

    status: str
    ordered_on: date | None
    placing_authority: str | None
    lives_in: str


def law_by_now(said: ReferralReceived, timeline: State) -> Law:
    """Return what the referral said, set right by whatever was learned of the child since."""
    if not isinstance(timeline, Timeline):
        return Law(said.legal_status, said.ordered_on, said.placing_authority, said.lives_in)
    law = Law(LegalStatus.UNKNOWN.value, None, None, said.lives_in)
    stand = in_effect(timeline.facts)
    set_aside = {each.order for each in stand if isinstance(each, OrderSetAside)}
    for fact in stand:
        if fact.fact not in set_aside:
            law = _with(law, fact)
    return law


def _with(law: Law, fact: Any) -> Law:
    match fact:
        case ResidenceLearned(authority=authority):
            return replace(law, lives_in=authority)
        case OrderMade(kind=OrderKind.ADOPTION, ordered_on=on, placing_authority=placing):
            status = LegalStatus.ORDER_GRANTED.value
            return replace(
                law,
                status=status,
                ordered_on=on or law.ordered_on,
                placing_authority=placing or law.placing_authority,
            )
        case ChildPlaced(authority=authority) if law.status != LegalStatus.ORDER_GRANTED:
            placed_by = authority or law.placing_authority
            return replace(law, status=LegalStatus.PLACED.value, placing_authority=placed_by)
        case _:
            return law
