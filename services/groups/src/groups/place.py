"""A place: one request of a family and what became of it; in the record of the family's authority.

Requested, then by the cohort's decision offered until an instant, or waiting; an offer is accepted,
declined, or lapses; whoever accepted attends, session by session. A place that ended stays ended:
a decision of the cohort that comes late changes nothing here, and the cohort hears of the end.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from groups.attendance import AttendanceRecorded, Kept, RecordAttendance, keep, kept_with
from groups.request import (
    Asked,
    NotRequested,
    PlaceRequested,
    PlaceWithdrawn,
    Requested,
    RequestKnownOtherwise,
    RequestPlace,
    Withdrawn,
    WithdrawRequest,
    begin,
)
from ledger.decider import Decider, Refusal


@dataclass(frozen=True, slots=True)
class OfferPlace:
    """The cohort has room for the family: offer the place until an instant."""

    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PutOnWaitingList:
    """The cohort is full: the place waits."""

    cohort_id: UUID
    place_id: UUID


@dataclass(frozen=True, slots=True)
class AcceptPlace:
    """The family takes the place it was offered; `at` by the store's clock."""

    at: datetime


@dataclass(frozen=True, slots=True)
class DeclinePlace:
    """The family does not want the place, offered or waited for."""


@dataclass(frozen=True, slots=True)
class LapseOffer:
    """The offer that ends at this instant was not answered."""

    stream_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceOffered:
    """The family may take the place before this instant."""

    asked: Asked
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceWaitlisted:
    """The cohort is full; the family gets an offer when its turn comes."""

    place_id: UUID
    request_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class PlaceAccepted:
    """The family comes."""

    place_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class PlaceDeclined:
    """The family does not want the place; the cohort is to give its room to the next."""

    place_id: UUID
    cohort_id: UUID
    host: UUID


@dataclass(frozen=True, slots=True)
class PlaceLapsed:
    """The offer ended without an answer; the cohort is to give its room to the next."""

    place_id: UUID
    cohort_id: UUID
    host: UUID


@dataclass(frozen=True, slots=True)
class Waiting:
    """The cohort is full."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class Offered:
    """The family may accept before `expires_at`."""

    asked: Asked
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The family comes."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class Attending:
    """Sessions were held; `kept` has the last word on each."""

    asked: Asked
    kept: Kept


@dataclass(frozen=True, slots=True)
class Declined:
    """The family did not want it."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class Lapsed:
    """The offer was not answered in time."""

    asked: Asked


class OfferExpired(Refusal):
    """The offer was not answered in time."""


PlaceCommand: TypeAlias = (
    RequestPlace
    | OfferPlace
    | PutOnWaitingList
    | AcceptPlace
    | DeclinePlace
    | LapseOffer
    | WithdrawRequest
    | RecordAttendance
)
PlaceEvent: TypeAlias = (
    PlaceRequested
    | PlaceOffered
    | PlaceWaitlisted
    | PlaceAccepted
    | PlaceDeclined
    | PlaceLapsed
    | PlaceWithdrawn
    | AttendanceRecorded
)
Ended: TypeAlias = Declined | Lapsed | Withdrawn
PlaceState: TypeAlias = NotRequested | Requested | Waiting | Offered | Accepted | Attending | Ended


def decide(command: PlaceCommand, place: PlaceState) -> list[PlaceEvent]:
    """Dispatch: what a person asks, what the cohort decided, what time or a closing brings."""
    match command:
        case RequestPlace():
            return _request(command, place)
        case OfferPlace() | PutOnWaitingList():
            return _hear_cohort(command, place)
        case AcceptPlace() | DeclinePlace():
            return _answer(command, place)
        case LapseOffer() | WithdrawRequest():
            return _end(command, place)
        case RecordAttendance():
            return _attend(command, place)
        case _:
            assert_never(command)


def _request(command: RequestPlace, place: PlaceState) -> list[PlaceEvent]:
    match place:
        case NotRequested():
            return [begin(command)]
        case _ if place.asked == command.asked:
            return []
        case _:
            raise RequestKnownOtherwise


def _hear_cohort(command: OfferPlace | PutOnWaitingList, place: PlaceState) -> list[PlaceEvent]:
    match command, place:
        case _, NotRequested():
            raise Refusal(type(command), type(place))
        case OfferPlace(expires_at=until), Requested(asked=asked) | Waiting(asked=asked):
            return [PlaceOffered(asked, until)]
        case PutOnWaitingList(), Requested(asked=asked):
            return [PlaceWaitlisted(asked.place_id, asked.request_id, asked.cohort_id)]
        # Known already, overtaken by a later decision, or the place has ended.
        case _:
            return []


def _answer(command: AcceptPlace | DeclinePlace, place: PlaceState) -> list[PlaceEvent]:
    match command, place:
        case AcceptPlace(at=at), Offered(expires_at=until) if at >= until:
            raise OfferExpired
        case _, Lapsed():
            raise OfferExpired
        case AcceptPlace(), Offered(asked=asked):
            return [PlaceAccepted(asked.place_id, asked.cohort_id)]
        case DeclinePlace(), Requested(asked=by) | Waiting(asked=by) | Offered(asked=by):
            return [PlaceDeclined(by.place_id, by.cohort_id, by.host)]
        # The same answer again, so that callers may retry.
        case (AcceptPlace(), Accepted() | Attending()) | (DeclinePlace(), Declined()):
            return []
        case _:
            raise Refusal(type(command), type(place))


def _end(command: LapseOffer | WithdrawRequest, place: PlaceState) -> list[PlaceEvent]:
    match command, place:
        case LapseOffer(due_at=due), Offered(asked=by, expires_at=until) if until <= due:
            return [PlaceLapsed(by.place_id, by.cohort_id, by.host)]
        case WithdrawRequest(), Requested(asked=by) | Waiting(asked=by):
            return [PlaceWithdrawn(by.place_id, by.cohort_id, by.host)]
        # Answered meanwhile, or ended: nothing is left to end.
        case _:
            return []


def _attend(command: RecordAttendance, place: PlaceState) -> list[PlaceEvent]:
    match place:
        case Accepted(asked=by):
            return [*keep(command, by.place_id, by.cohort_id, ())]
        case Attending(asked=by, kept=kept):
            return [*keep(command, by.place_id, by.cohort_id, kept)]
        case _:
            raise Refusal(type(command), type(place))


def evolve(place: PlaceState, event: PlaceEvent) -> PlaceState:  # noqa: PLR0911 # a row an event
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, place:
        case PlaceRequested(asked=asked), _:
            return Requested(asked)
        case _, NotRequested():
            return place
        case PlaceOffered(expires_at=until), _:
            return Offered(place.asked, until)
        case PlaceWaitlisted(), _:
            return Waiting(place.asked)
        case PlaceAccepted(), _:
            return Accepted(place.asked)
        case PlaceDeclined(), _:
            return Declined(place.asked)
        case PlaceLapsed(), _:
            return Lapsed(place.asked)
        case PlaceWithdrawn(), _:
            return Withdrawn(place.asked)
        case AttendanceRecorded(), _:
            kept = place.kept if isinstance(place, Attending) else ()
            return Attending(place.asked, kept_with(kept, event))
        case _:
            assert_never((event, place))


PLACE: Decider[PlaceCommand, PlaceState, PlaceEvent] = Decider(
    "Place", NotRequested(), decide, evolve
)
