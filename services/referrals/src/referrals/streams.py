"""The stream ids of referrals: each made from what it is the stream of."""

from typing import Final
from uuid import UUID

from ledger.ids import stream_of
from referrals.duty.timeline import CATEGORY as TIMELINE
from referrals.life.referral import CATEGORY as REFERRAL
from referrals.people.person import CATEGORY as PERSON

SERVICE: Final = "referrals"


def person_stream(person: UUID) -> UUID:
    """Return the stream of a person."""
    return stream_of(SERVICE, PERSON, person)


def referral_stream(referral: UUID) -> UUID:
    """Return the stream of a referral."""
    return stream_of(SERVICE, REFERRAL, referral)


def timeline_stream(child: UUID) -> UUID:
    """Return the stream of who owes a child the service."""
    return stream_of(SERVICE, TIMELINE, child)


def submission_command(submission: UUID) -> UUID:
    """Return the command id of a submission: sent again, it is the same command."""
    return stream_of(SERVICE, "submission", submission)
