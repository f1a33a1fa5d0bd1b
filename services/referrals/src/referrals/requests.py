"""Requests read: each field parsed, and named where it is wrong."""

import base64
import binascii
import re
from datetime import UTC, datetime
from uuid import UUID

from chassis.edge.malformed import Malformed, a_choice, a_count, a_text, a_uuid, if_given, malformed
from ledger.personal import Plain
from referrals.codes import DeclineReason, Eligibility, Safeguarding, Urgency
from referrals.intake.document import MAX_WORDS
from referrals.life.referral import AcceptReferral, DeclineReferral, ScreenReferral
from referrals.worklists.worklist import BEGINNING, MAX_PAGE, Place, Query, State
from throughline.common.v1.common_pb2 import ReadContext
from throughline.referrals.v1 import referrals_pb2 as pb

DEFAULT_PAGE = 100
_PURPOSE = re.compile(r"[a-z][a-z-]{0,39}")
_MICROSECOND = 1_000_000


def screen(request: pb.ScreenReferralRequest) -> ScreenReferral:
    """Read the screening's answers; each must be given but the words."""
    return ScreenReferral(
        referral=a_uuid("referral_id", request.referral_id),
        safeguarding=a_choice("safeguarding", request.safeguarding, Safeguarding),
        urgency=a_choice("urgency", request.urgency, Urgency),
        eligibility=a_choice("eligibility", request.eligibility, Eligibility),
        words=_words(request.words),
    )


def accept(request: pb.AcceptReferralRequest) -> AcceptReferral:
    """Read which referral is accepted."""
    return AcceptReferral(a_uuid("referral_id", request.referral_id))


def decline(request: pb.DeclineReferralRequest) -> DeclineReferral:
    """Read which referral is declined and why."""
    return DeclineReferral(
        referral=a_uuid("referral_id", request.referral_id),
        reason=a_choice("reason", request.reason, DeclineReason),
        words=_words(request.words),
    )


def query(request: pb.ListReferralsRequest) -> Query:
    """Read which page of the list is asked for."""
    return Query(
        state=a_choice("state", request.state, State) if request.state else None,
        urgent_only=request.urgent_only,
        after=_read_place(request.page_token) if request.page_token else BEGINNING,
        limit=a_count("page_size", request.page_size or DEFAULT_PAGE, 1, MAX_PAGE),
    )


def purpose(context: ReadContext) -> str:
    """Read why sealed data is opened: a code, since it is recorded in the clear."""
    if not _PURPOSE.fullmatch(context.purpose):
        raise malformed(
            "context.purpose", "bad-purpose", "a code such as direct-care, at most 40 characters"
        )
    return context.purpose


def page_token(place: Place) -> str:
    """Write where the next page begins."""
    since_epoch = round(place.received_at.timestamp() * _MICROSECOND)
    text = f"{since_epoch}:{place.referral_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_place(token: str) -> Place:
    refused: Malformed = malformed("page_token", "bad-page-token", "a token as it was given")
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        since_epoch, referral = text.decode("ascii").split(":")
        seconds, microseconds = divmod(int(since_epoch), _MICROSECOND)
        received_at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
        return Place(received_at, UUID(referral))
    except (binascii.Error, ValueError, OverflowError, OSError):
        raise refused from None


def _words(text: str) -> Plain[str | None]:
    return Plain(if_given(_some_words, "words", text))


def _some_words(field: str, text: str) -> str:
    return a_text(field, text, MAX_WORDS)
