"""Requests on redirects read: each field parsed, and named where it is wrong."""

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

from chassis.directory import Authority, Directory
from chassis.edge.malformed import a_choice, a_count, a_text, a_uuid, malformed, one_of
from ledger.personal import Plain
from referrals.consents.recipient import Recipient, authority, partnership
from referrals.consents.requests import words
from referrals.intake.document import MAX_WORDS
from referrals.redirects.compose import OfferRedirect
from referrals.redirects.incoming import AcknowledgeRedirect, RefuseRedirect
from referrals.redirects.reasons import Ground, RecallReason, RefuseReason
from referrals.redirects.redirect import RecallRedirect, RecordOutsideAcknowledgement
from referrals.redirects.redirects import BEGINNING, MAX_PAGE, Place, Query, State
from throughline.referrals.v1 import redirects_pb2 as pb

DEFAULT_PAGE = 100
_MICROSECOND = 1_000_000


def offer(request: pb.OfferRedirectRequest, redirect: UUID, directory: Directory) -> OfferRedirect:
    """Read which referral is offered to whom, and on what ground."""
    to = directory.authorities[one_of("to", request.to, directory.authorities)]
    ground = a_choice("ground", request.ground, Ground)
    if ground is not Ground.CONSENT:
        a_text("words", request.words, MAX_WORDS)
    if to.outside:
        a_text("how_sent", request.how_sent, MAX_WORDS)
    return OfferRedirect(
        redirect=redirect,
        referral=a_uuid("referral_id", request.referral_id),
        to=to.slug,
        to_authority=to.id,
        outside=to.outside,
        ground=ground,
        recipients=_recipients(to, directory),
        words=words("words", request.words),
        how_sent=words("how_sent", request.how_sent),
    )


def acknowledge(request: pb.AcknowledgeRedirectRequest) -> AcknowledgeRedirect:
    """Read which redirect is acknowledged."""
    return AcknowledgeRedirect(a_uuid("redirect_id", request.redirect_id))


def refuse(request: pb.RefuseRedirectRequest) -> RefuseRedirect:
    """Read which redirect is refused and why."""
    return RefuseRedirect(
        redirect=a_uuid("redirect_id", request.redirect_id),
        reason=a_choice("reason", request.reason, RefuseReason),
        words=words("words", request.words),
    )


def outside(request: pb.RecordOutsideAcknowledgementRequest) -> RecordOutsideAcknowledgement:
    """Read what an authority outside said."""
    redirect = a_uuid("redirect_id", request.redirect_id)
    how: Plain[str | None] = Plain(a_text("how", request.how, MAX_WORDS))
    return RecordOutsideAcknowledgement(redirect, how)


def recall(request: pb.RecallRedirectRequest) -> RecallRedirect:
    """Read which redirect is taken back and why."""
    redirect = a_uuid("redirect_id", request.redirect_id)
    return RecallRedirect(redirect, a_choice("reason", request.reason, RecallReason))


def query(request: pb.ListIncomingRedirectsRequest) -> Query:
    """Read which page of the list is asked for."""
    return Query(
        state=a_choice("state", request.state, State) if request.state else None,
        after=_read_place(request.page_token) if request.page_token else BEGINNING,
        limit=a_count("page_size", request.page_size or DEFAULT_PAGE, 1, MAX_PAGE),
    )


def page_token(place: Place) -> str:
    """Write where the next page begins."""
    since_epoch = round(place.arrived_at.timestamp() * _MICROSECOND)
    text = f"{since_epoch}:{place.redirect_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _recipients(to: Authority, directory: Directory) -> tuple[Recipient, ...]:
    """Return for whom a consent would do: the authority, or the partnership that works for it."""
    agency = directory.partnership_of(to.id)
    return (authority(to.slug), *([partnership(agency.slug)] if agency else []))


def _read_place(token: str) -> Place:
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        since_epoch, redirect = text.decode("ascii").split(":")
        seconds, microseconds = divmod(int(since_epoch), _MICROSECOND)
        arrived_at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
        return Place(arrived_at, UUID(redirect))
    except (binascii.Error, ValueError, OverflowError, OSError):
        raise malformed("page_token", "bad-page-token", "a token as it was given") from None
