"""The one deadline of this service: an offer that nobody answers lapses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.acting import Do, Due, Met
from groups.place import LapseOffer, PlaceAccepted, PlaceDeclined, PlaceOffered
from ledger.envelope import Recorded

OFFER = "offer"


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set the deadline with the offer; the family's answer meets it."""
    stream_id = recorded.envelope.stream_id
    match recorded.event:
        case PlaceOffered(expires_at=until):
            return [Due(OFFER, stream_id, until)]
        case PlaceAccepted() | PlaceDeclined():
            return [Met(OFFER, stream_id)]
        case _:
            return []


def fall_due(kind: str, stream_id: UUID, due_at: datetime) -> Do:
    """Let the offer lapse. One that was answered meanwhile is left as it is."""
    if kind != OFFER:
        raise LookupError(f"no deadline of kind {kind} is known, on stream {stream_id}")
    return Do(LapseOffer(stream_id, due_at), stream_id)
