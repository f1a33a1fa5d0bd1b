"""Where a page of a list ended: an opaque token that only its own list reads back."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import UUID

from chassis.edge.malformed import malformed

MAX_TOKEN = 300
MAX_POSITION = 2**63 - 1

Tie = TypeVar("Tie", UUID, int)


@dataclass(frozen=True, slots=True)
class After(Generic[Tie]):
    """A place in a list ordered by an instant, then by what tells apart what is of one instant."""

    at: datetime
    tie: Tie


EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


def token(of_list: str, place: After[UUID] | After[int]) -> str:
    """Write a place as a token; `of_list` says of which list."""
    text = json.dumps([of_list, place.at.astimezone(UTC).isoformat(), str(place.tie)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_after(
    text: str, of_list: str, tie: Callable[[str], Tie], beginning: After[Tie]
) -> After[Tie]:
    """Read the page token of a request; empty is the beginning. Raises Malformed."""
    if not text:
        return beginning
    refused = malformed("page_token", "bad-page-token", "the token that the page before gave")
    if len(text) > MAX_TOKEN or not text.isascii():
        raise refused
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        named, at, last = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        place = After(datetime.fromisoformat(at), tie(last))
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise refused from None
    if named != of_list or place.at.tzinfo is None:
        raise refused
    return place


def a_position(text: str) -> int:
    """Read a position of the log."""
    position = int(text)
    if not 0 <= position <= MAX_POSITION:
        raise ValueError("a position of the log")
    return position
