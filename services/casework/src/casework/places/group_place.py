"""What a case has to do with one cohort of a group: a place asked for here, its fate heard of.

The group decides; what it tells is past and is recorded in whatever order it comes. After a place
came to nothing, or in a new episode, the case may ask again.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from casework.cases.case import Case, open_case
from ledger.decider import Decider, Refusal


@dataclass(frozen=True, slots=True)
class AskForPlace:
    """Ask the group for a place for the family of the case, which is looked up."""

    request_id: UUID
    cohort_id: UUID
    case: Case


@dataclass(frozen=True, slots=True)
class PlaceRequested:
    """The case asks a group for a place for its family."""

    request_id: UUID
    cohort_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID
    episode: int


@dataclass(frozen=True, slots=True)
class GroupPlaceOffered:
    """Heard from the group: the family was offered a place, to be answered before that instant."""

    place_id: UUID
    cohort_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class GroupPlaceWaitlisted:
    """Heard from the group: it is full, the family waits for a place."""

    place_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class GroupPlaceAccepted:
    """Heard from the group: the family took the place."""

    place_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class GroupPlaceDeclined:
    """Heard from the group: the family did not want the place."""

    place_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class GroupPlaceLapsed:
    """Heard from the group: the offer was not answered in time."""

    place_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class GroupPlaceWithdrawn:
    """Heard from the group: the case was closed before there was an offer."""

    place_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class GroupAttendanceRecorded:
    """Heard from the group: whether the family came; the latest word on a session holds."""

    place_id: UUID
    cohort_id: UUID
    session_number: int
    attendance: str
    on: date


Told: TypeAlias = (
    GroupPlaceOffered
    | GroupPlaceWaitlisted
    | GroupPlaceAccepted
    | GroupPlaceDeclined
    | GroupPlaceLapsed
    | GroupPlaceWithdrawn
    | GroupAttendanceRecorded
)
ENDED = (GroupPlaceDeclined, GroupPlaceLapsed, GroupPlaceWithdrawn)


@dataclass(frozen=True, slots=True)
class NoteTold:
    """The group told this."""

    fact: Told


@dataclass(frozen=True, slots=True)
class NotAsked:
    """The case asked for nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The group has not answered yet."""

    request_id: UUID
    episode: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What the group told last of the place, and last of each session's attendance."""

    request: Asked | NotAsked
    last: Told
    kept: tuple[GroupAttendanceRecorded, ...]


class NobodyToWriteTo(Refusal):
    """No referral of the case names a person to be written to, and an offer must reach somebody."""


class PlaceStands(Refusal):
    """The case has asked this cohort already, and the place has not come to nothing."""


GroupPlaceCommand: TypeAlias = AskForPlace | NoteTold
GroupPlaceEvent: TypeAlias = PlaceRequested | Told
GroupPlace: TypeAlias = NotAsked | Asked | Answered


def decide(command: GroupPlaceCommand, place: GroupPlace) -> list[GroupPlaceEvent]:
    """Ask under the domain's rules; record what the group tells, once."""
    match command, place:
        # The same request again is the same answer, so that callers may retry.
        case AskForPlace(request_id=again), Asked(request_id=held) | Answered(
            request=Asked(request_id=held)
        ) if again == held:
            return []
        case AskForPlace(request_id, cohort_id, looked_up), _:
            case = open_case(looked_up)
            if _stands(place, case.episode):
                raise PlaceStands
            if case.contact is None:
                raise NobodyToWriteTo
            return [
                PlaceRequested(
                    request_id, cohort_id, case.child, case.family_id, case.contact, case.episode
                )
            ]
        case NoteTold(fact=fact), Answered(last=last, kept=kept) if fact == last or fact in kept:
            return []
        case NoteTold(fact=fact), _:
            return [fact]
        case _:
            raise Refusal(type(command), type(place))


def _stands(place: GroupPlace, episode: int) -> bool:
    match place:
        case NotAsked():
            return False
        case Answered(last=last) if isinstance(last, ENDED):
            return False
        case Asked(episode=asked_in) | Answered(request=Asked(episode=asked_in)):
            return asked_in >= episode
        # The group has a place for the case that was not asked for here.
        case Answered():
            return True


def evolve(place: GroupPlace, event: GroupPlaceEvent) -> GroupPlace:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    if isinstance(event, PlaceRequested):
        return Asked(event.request_id, event.episode)
    request = place.request if isinstance(place, Answered) else place
    kept = place.kept if isinstance(place, Answered) else ()
    if isinstance(event, GroupAttendanceRecorded):
        others = (each for each in kept if each.session_number != event.session_number)
        kept = (*others, event)
        last = place.last if isinstance(place, Answered) else event
        return Answered(request, last, kept)
    return Answered(request, event, kept)


DECIDER: Decider[GroupPlaceCommand, GroupPlace, GroupPlaceEvent] = Decider(
    "GroupPlace", NotAsked(), decide, evolve
)
