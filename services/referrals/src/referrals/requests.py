"""Requests read: each field parsed, and named where it is wrong."""

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

from chassis.edge.malformed import Malformed, a_choice, a_count, malformed
from referrals.worklists.worklist import BEGINNING, MAX_PAGE, Place, Query, State
from throughline.referrals.v1 import referrals_pb2 as pb

DEFAULT_PAGE = 100
_MICROSECOND = 1_000_000


def query(request: pb.ListReferralsRequest) -> Query:
    """Read which page of the list is asked for."""
    return Query(
        state=a_choice("state", request.state, State) if request.state else None,
        urgent_only=request.urgent_only,
        after=_read_place(request.page_token) if request.page_token else BEGINNING,
        limit=a_count("page_size", request.page_size or DEFAULT_PAGE, 1, MAX_PAGE),
    )


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
