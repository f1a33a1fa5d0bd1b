"""What is told of families that come with a case: ids alone."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.envelope import Recorded
from referrals.arrivals import arrival


@dataclass(frozen=True, slots=True)
class FamilyUntold:
    """A case passed to this authority, and nobody could tell it who the child is."""

    transfer_id: UUID
    child: UUID


EVENTS = (FamilyUntold,)


def publish(recorded: Recorded[Any]) -> object | None:
    """Return the public words for a stored event, None where others are told nothing."""
    match recorded.event:
        case arrival.FamilyUntold(transfer=transfer, child=child):
            return FamilyUntold(transfer, child)
        case _:
            return None
