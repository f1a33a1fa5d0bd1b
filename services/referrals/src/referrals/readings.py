"""What readings of any room say alike: the purpose for which something is opened, and the page."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis.edge.malformed import Malformed, a_count, malformed
from ledger.registry import personal_fields
from throughline.common.v1.common_pb2 import ReadContext

DEFAULT_PAGE = 100
MAX_PAGE = 500
_PURPOSE = re.compile(r"[a-z][a-z-]{0,39}")
_MICROSECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: after the thing of that time, of that id."""

    at: datetime
    known_as: UUID


FIRST = Place(datetime(1900, 1, 1, tzinfo=UTC), UUID(int=0))
"""Before everything, in a list that goes forward."""
LAST = Place(datetime(2200, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
"""Before everything, in a list that goes backward."""


def purpose(context: ReadContext) -> str:
    """Read why sealed data is opened: a code, since it is recorded in the clear."""
    if not _PURPOSE.fullmatch(context.purpose):
        raise malformed(
            "context.purpose", "bad-purpose", "a code such as direct-care, at most 40 characters"
        )
    return context.purpose


def page_size(asked: int) -> int:
    """Read how many rows are asked for."""
    return a_count("page_size", asked or DEFAULT_PAGE, 1, MAX_PAGE)


def page_token(place: Place) -> str:
    """Write where the next page begins."""
    since_epoch = round(place.at.timestamp() * _MICROSECOND)
    text = f"{since_epoch}:{place.known_as}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(token: str, beginning: Place) -> Place:
    """Read where a page begins; without a token, at the beginning."""
    if not token:
        return beginning
    refused: Malformed = malformed("page_token", "bad-page-token", "a token as it was given")
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        since_epoch, known_as = text.decode("ascii").split(":")
        seconds, microseconds = divmod(int(since_epoch), _MICROSECOND)
        at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
        return Place(at, UUID(known_as))
    except (binascii.Error, ValueError, OverflowError, OSError):
        raise refused from None


def personal_values(facts: Sequence[object]) -> list[Any]:
    """Return the personal fields of facts, in the order of `named`."""
    return [getattr(fact, name) for fact in facts for name in personal_fields(type(fact))]


def named(facts: Sequence[object], opened: Sequence[Any]) -> list[dict[str, str]]:
    """Return, for each fact, what was opened of it, by field; what stayed sealed is left out."""
    values = iter(opened)
    return [
        {
            name: value
            for name in personal_fields(type(fact))
            if isinstance(value := next(values), str)
        }
        for fact in facts
    ]
