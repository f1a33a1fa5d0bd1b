"""What a redirect brings: the other authority's referral, received here as one of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from chassis.acting import Situation, Step
from ledger.clock import london_day
from referrals.intake.compose import ReceiveSubmission, identify, received
from referrals.intake.described import Identified
from referrals.life.commands import ReceiveReferral
from referrals.people.facts import ContactForbidden
from referrals.people.known import Forbidden
from referrals.people.learning import Learn
from referrals.people.person import PERSON
from referrals.redirects.incoming import INCOMING, NotArrived, NoteArrived, RedirectArrived
from referrals.redirects.reasons import Ground
from referrals.streams import incoming_stream, person_stream, referral_of_redirect

ROUTE: Final = "redirect"
"""How a referral came that another authority redirected; no submission can say so."""


@dataclass(frozen=True, slots=True)
class ReceiveRedirected:
    """Receive the copy of a referral of one child.

    A child who is new here keeps the case and the family; one who is known here has them already.
    `forbidden` are the orders not to contact each adult, in their order: they hold here too.
    """

    redirect: UUID
    sent_by: str
    sent_by_authority: UUID
    sent_referral: UUID
    case: UUID
    family: UUID
    ground: Ground
    consent: str | None
    consent_from: date | None
    forbidden: tuple[tuple[Forbidden, ...], ...]
    copy: ReceiveSubmission


async def arrive(command: ReceiveRedirected, situation: Situation) -> Sequence[Step]:
    """Return the steps of an arrival; none where it arrived before, or no longer may."""
    stream = incoming_stream(command.redirect)
    incoming = await situation.state(INCOMING, stream)
    if not isinstance(incoming, NotArrived):
        return []
    now = await situation.now()
    copy = replace(command.copy, submission=replace(command.copy.submission, received_at=now))
    who = _as_known_there(command, await identify(copy, situation))
    child = who.children[0]
    said = RedirectArrived(
        redirect=command.redirect,
        sent_by=command.sent_by,
        sent_by_authority=command.sent_by_authority,
        sent_referral=command.sent_referral,
        referral=child.referral,
        child=child.person,
        ground=command.ground,
        consent=command.consent,
        consent_from=command.consent_from,
    )
    noted = Step(INCOMING, stream, NoteArrived(said), case_id=child.case, subjects=(child.person,))
    copied = [_by_redirect(each) for each in received(copy, who, london_day(now))]
    return [noted, *copied, *_not_to_contact(command, who)]


def _as_known_there(command: ReceiveRedirected, who: Identified) -> Identified:
    """Keep the ids that the two authorities share, for a child who is new here."""
    child = replace(who.children[0], referral=referral_of_redirect(command.redirect))
    if child.known_before:
        return replace(who, children=(child,))
    return replace(who, children=(replace(child, case=command.case),), family=command.family)


def _not_to_contact(command: ReceiveRedirected, who: Identified) -> Sequence[Step]:
    """Return the steps by which an order not to contact somebody holds here too."""
    return [
        Step(PERSON, person_stream(adult), Learn(_order(adult, order)))
        for adult, orders in zip(who.adults, command.forbidden, strict=True)
        for order in orders
    ]


def _order(adult: UUID, order: Forbidden) -> ContactForbidden:
    return ContactForbidden(
        adult, order.record, order.purposes, order.from_day, order.to_day, order.reason
    )


def _by_redirect(step: Step) -> Step:
    match step.command:
        case ReceiveReferral(said=said) as command:
            return replace(step, command=replace(command, said=replace(said, route=ROUTE)))
        case _:
            return step
