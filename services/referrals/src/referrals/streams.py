"""The stream ids of referrals: each made from what it is the stream of."""

from typing import Final
from uuid import UUID

from ledger.ids import stream_of
from referrals.arrivals.arrival import CATEGORY as ARRIVAL
from referrals.consents.consent import CATEGORY as CONSENT
from referrals.drafts.draft import CATEGORY as DRAFT
from referrals.duty.timeline import CATEGORY as TIMELINE
from referrals.enquiries.enquiry import CATEGORY as ENQUIRY
from referrals.intake.not_mapped import CATEGORY as NOT_MAPPED
from referrals.life.referral import CATEGORY as REFERRAL
from referrals.people.link import CATEGORY as LINK
from referrals.people.match import CATEGORY as MATCH
from referrals.people.match import Pair
from referrals.people.person import CATEGORY as PERSON
from referrals.redirects.incoming import CATEGORY as INCOMING
from referrals.redirects.redirect import CATEGORY as REDIRECT
from referrals.screening.screen import CATEGORY as SCREEN
from referrals.worklists.look import CATEGORY as LOOK

SERVICE: Final = "referrals"


def person_stream(person: UUID) -> UUID:
    """Return the stream of a person."""
    return stream_of(SERVICE, PERSON, person)


def match_stream(pair: Pair) -> UUID:
    """Return the stream of whether two people are one."""
    return stream_of(SERVICE, MATCH, f"{pair.one}:{pair.other}")


def link_stream(link: UUID) -> UUID:
    """Return the stream of a link between a child's two identities."""
    return stream_of(SERVICE, LINK, link)


def referral_stream(referral: UUID) -> UUID:
    """Return the stream of a referral."""
    return stream_of(SERVICE, REFERRAL, referral)


def timeline_stream(child: UUID) -> UUID:
    """Return the stream of who owes a child the service."""
    return stream_of(SERVICE, TIMELINE, child)


def enquiry_stream(enquiry: UUID) -> UUID:
    """Return the stream of an enquiry."""
    return stream_of(SERVICE, ENQUIRY, enquiry)


def draft_stream(draft: UUID) -> UUID:
    """Return the stream of a draft."""
    return stream_of(SERVICE, DRAFT, draft)


def not_mapped_stream(referral: UUID) -> UUID:
    """Return the stream of what came with a referral and has no place in it."""
    return stream_of(SERVICE, NOT_MAPPED, referral)


def made_by(kind: str, command: UUID) -> UUID:
    """Return the id of the thing of a kind that a command makes: a repeat names the same thing."""
    return stream_of(SERVICE, f"made:{kind}", command)


def screen_of(referral: UUID) -> UUID:
    """Return the id of a referral's own safeguarding screen."""
    return stream_of(SERVICE, "screen of referral", referral)


def screen_stream(screen: UUID) -> UUID:
    """Return the stream of a safeguarding screen."""
    return stream_of(SERVICE, SCREEN, screen)


def submission_command(submission: UUID) -> UUID:
    """Return the command id of a submission: sent again, it is the same command."""
    return stream_of(SERVICE, "submission", submission)


def consent_stream(child: UUID, recipient: str) -> UUID:
    """Return the stream of a child's consent for one recipient."""
    return stream_of(SERVICE, CONSENT, f"{child}/{recipient}")


def redirect_stream(redirect: UUID) -> UUID:
    """Return the stream of a redirect, with the authority that began it."""
    return stream_of(SERVICE, REDIRECT, redirect)


def incoming_stream(redirect: UUID) -> UUID:
    """Return the stream of a redirect, with the authority that receives it."""
    return stream_of(SERVICE, INCOMING, redirect)


def redirect_of(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the redirect that a command offers: sent again it is the same."""
    return stream_of(SERVICE, "redirect of command", f"{authority}/{command_id}")


def referral_of_redirect(redirect: UUID) -> UUID:
    """Return the id of the referral that a redirect makes on the other side."""
    return stream_of(SERVICE, "referral of redirect", redirect)


def arrival_stream(transfer: UUID) -> UUID:
    """Return the stream of a family that comes with a case, with the authority that receives it."""
    return stream_of(SERVICE, ARRIVAL, transfer)


def look_stream(reader: str) -> UUID:
    """Return the stream of what somebody looked at."""
    return stream_of(SERVICE, LOOK, reader)
