"""What referrals tells others: opaque ids, coded values, dates. Nothing that names anybody."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from ledger.envelope import Recorded
from referrals.arrivals import published as arrivals
from referrals.consents import published as consents
from referrals.drafts import published as drafts
from referrals.duty import published as duty
from referrals.enquiries import published as enquiries
from referrals.life import events as happened
from referrals.life import published as life
from referrals.people import published as people
from referrals.redirects import published as redirects
from referrals.screening import screen


@dataclass(frozen=True, slots=True)
class ReferralReceived:
    """Somebody referred a child; the case in the envelope is the child's.

    `child`, `referrer` and `contact` are person ids; `contact` is the adult to be written to, null
    where none is named. `duty_holder` is the authority that owes the service, null where nobody can
    say yet. `known_before`: the authority knew the child by an earlier submission.
    """

    referral_id: UUID
    reference: str
    submission_id: UUID
    family_id: UUID
    child: UUID
    referrer: UUID
    contact: UUID | None
    route: str
    referrer_kind: str
    needs: tuple[str, ...]
    urgent: bool
    immediate_danger: bool
    known_before: bool
    legal_status: str
    duty_holder: str | None


@dataclass(frozen=True, slots=True)
class DangerReported:
    """A child is said to be in immediate danger; act now.

    `referral_id`, `family_id` and `child` are null where a screen found it before there was a
    referral; the same screen tells again once it belongs to one. `screen_id`: the safeguarding
    screen that found it, null where it was said otherwise.
    """

    referral_id: UUID | None
    family_id: UUID | None
    child: UUID | None
    screen_id: UUID | None


@dataclass(frozen=True, slots=True)
class ReferralScreened:
    """All checks of a referral are answered. `safeguarding`: none, concern or immediate-danger.

    Told again when it is screened anew before the decision.
    """

    referral_id: UUID
    safeguarding: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class ReferralAccepted:
    """The authority takes the referral on: the child's case is to be opened, or joined.

    `known_by`: the worker who knows the family, and is let near no case of theirs.
    """

    referral_id: UUID
    reference: str
    family_id: UUID
    child: UUID
    referrer: UUID
    contact: UUID | None
    needs: tuple[str, ...]
    duty_holder: str | None
    known_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReferralDeclined:
    """The authority does not take the referral on, for a coded reason."""

    referral_id: UUID
    reason: str


EVENTS = (
    ReferralReceived,
    DangerReported,
    ReferralScreened,
    ReferralAccepted,
    ReferralDeclined,
    *arrivals.EVENTS,
    *consents.EVENTS,
    *drafts.EVENTS,
    *duty.EVENTS,
    *enquiries.EVENTS,
    *redirects.EVENTS,
    *life.EVENTS,
    *people.EVENTS,
)
FIRST: Final = consents.FIRST
"""Stored events whose news goes out before all other news that waits."""

ROOMS: Final = (
    arrivals.publish,
    consents.publish,
    drafts.publish,
    duty.publish,
    enquiries.publish,
    life.publish,
    people.publish,
    redirects.publish,
)


def publish(  # noqa: PLR0911 # a row of the table is a return
    recorded: Recorded[Any],
) -> object | None:
    """Return the public words for a stored event, None where others are told nothing."""
    match recorded.event:
        case happened.ReferralReceived() as said:
            return _received(said)
        case happened.DangerReported(referral=referral, family=family, child=child) as danger:
            return DangerReported(referral, family, child, danger.screen)
        case screen.ScreenFoundDanger(screen=found_by):
            return DangerReported(None, None, None, found_by)
        case happened.ReferralScreened(referral=referral, safeguarding=safeguarding) as done:
            return ReferralScreened(referral, safeguarding.value, done.urgent)
        case happened.ReferralAccepted() as accepted:
            return _accepted(accepted)
        case happened.ReferralDeclined(referral=referral, reason=reason):
            return ReferralDeclined(referral, reason.value)
        case _:
            return next((told for room in ROOMS if (told := room(recorded)) is not None), None)


def _received(said: happened.ReferralReceived) -> ReferralReceived:
    return ReferralReceived(
        referral_id=said.referral,
        reference=said.reference,
        submission_id=said.submission,
        family_id=said.family,
        child=said.child,
        referrer=said.referrer,
        contact=said.contact,
        route=said.route,
        referrer_kind=said.referrer_kind,
        needs=said.needs,
        urgent=said.urgent,
        immediate_danger=said.immediate_danger,
        known_before=said.known_before,
        legal_status=said.legal_status,
        duty_holder=said.duty_holder,
    )


def _accepted(accepted: happened.ReferralAccepted) -> ReferralAccepted:
    return ReferralAccepted(
        referral_id=accepted.referral,
        reference=accepted.reference,
        family_id=accepted.family,
        child=accepted.child,
        referrer=accepted.referrer,
        contact=accepted.contact,
        needs=accepted.needs,
        duty_holder=accepted.duty_holder,
        known_by=accepted.known_by,
    )
