"""What the service is asked to do where the decision needs something looked up first.

`compose` adds what is looked up and makes the command of the aggregate; every other command is
given to its aggregate as it comes.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from groups.attendance import Presence


@dataclass(frozen=True, slots=True)
class AskForPlace:
    """A family of this authority wants a place. `asked_on`: a day in London (None: today)."""

    place_id: UUID
    request_id: UUID
    cohort_id: UUID
    family_id: UUID
    contact: UUID
    child: UUID | None
    case_id: UUID | None
    asked_on: date | None


@dataclass(frozen=True, slots=True)
class MakeOffer:
    """The cohort has granted the place. The days to answer run from when the offer is recorded."""

    place_id: UUID
    offer_days: int


@dataclass(frozen=True, slots=True)
class TakePlace:
    """The family accepts the offer."""

    place_id: UUID


@dataclass(frozen=True, slots=True)
class GiveUpPlace:
    """The family declines the offer, or waits no longer."""

    place_id: UUID


@dataclass(frozen=True, slots=True)
class NoteAttendance:
    """Whether the family was there, at the session of that number (1 is the first)."""

    place_id: UUID
    session_number: int
    presence: Presence


@dataclass(frozen=True, slots=True)
class EndCase:
    """The case was closed: what it still waits for is withdrawn."""

    case_id: UUID
