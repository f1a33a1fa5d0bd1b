"""A cohort: one run of a programme. Here, and nowhere else, it is decided who gets the last place.

It is published with a capacity in families and opened to authorities; families then hold places or
wait in the order in which they came. It knows places, families and authorities by opaque id only.
After every decision this holds: no more families hold places than the capacity, and no family waits
while there is room. A second place of a family that holds one needs no room, and a family's
places wait together. News may come in any order: a place that was freed before it was
asked for stays freed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal


@dataclass(frozen=True, slots=True)
class Terms:
    """What a cohort promises. Days are days in London; the first session day is session 1.

    `offer_days`: how long a family has to answer an offer. `referral_deadline`: the last day on
    which a place can be asked for.
    """

    programme_id: UUID
    capacity_families: int
    session_days: tuple[date, ...]
    offer_days: int
    referral_deadline: date


@dataclass(frozen=True, slots=True)
class PublishCohort:
    """Open a run of a programme to the families of some authorities."""

    cohort_id: UUID
    terms: Terms
    open_to: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ReservePlace:
    """A place was requested: hold one for the family, or let it wait."""

    cohort_id: UUID
    place_id: UUID
    family_id: UUID
    authority: UUID


@dataclass(frozen=True, slots=True)
class ReleasePlace:
    """A place was declined, lapsed or withdrawn: whoever waits longest gets its room."""

    cohort_id: UUID
    place_id: UUID


@dataclass(frozen=True, slots=True)
class CohortPublished:
    """A run of a programme exists, on these terms."""

    cohort_id: UUID
    terms: Terms


@dataclass(frozen=True, slots=True)
class CohortOpened:
    """Families of this authority may ask for places; it carries what that authority must know."""

    cohort_id: UUID
    authority: UUID
    terms: Terms


@dataclass(frozen=True, slots=True)
class PlaceGranted:
    """The family has room in the cohort: the place is to be offered to it."""

    cohort_id: UUID
    place_id: UUID
    family_id: UUID
    authority: UUID
    offer_days: int


@dataclass(frozen=True, slots=True)
class PlaceQueued:
    """The cohort was full: the place waits behind those that came before."""

    cohort_id: UUID
    place_id: UUID
    family_id: UUID
    authority: UUID


@dataclass(frozen=True, slots=True)
class PlaceFreed:
    """The place is held or waited for no more, and never again."""

    cohort_id: UUID
    place_id: UUID


@dataclass(frozen=True, slots=True)
class NotPublished:
    """There is no such cohort."""


@dataclass(frozen=True, slots=True)
class Claimant:
    """A place that is held or waits, whose family it is for, and whose record it is."""

    place_id: UUID
    family_id: UUID
    authority: UUID


@dataclass(frozen=True, slots=True)
class Published:
    """A cohort with those who hold places and those who wait, each in order of coming."""

    terms: Terms
    open_to: frozenset[UUID] = frozenset()
    held: tuple[Claimant, ...] = ()
    waiting: tuple[Claimant, ...] = ()
    freed: frozenset[UUID] = frozenset()

    @property
    def families(self) -> frozenset[UUID]:
        """The families that hold places; only they count."""
        return frozenset(each.family_id for each in self.held)

    @property
    def room(self) -> int:
        """For how many more families there is room."""
        return self.terms.capacity_families - len(self.families)

    def knows(self, place_id: UUID) -> bool:
        """Whether the place was asked for or freed already."""
        return place_id in self.freed or any(
            each.place_id == place_id for each in (*self.held, *self.waiting)
        )


class CohortKnownOtherwise(Refusal):
    """A cohort of that id says something else."""


class SessionsOutOfOrder(Refusal):
    """The sessions' days are not in order, one a day."""


class DeadlineAfterStart(Refusal):
    """A place could still be asked for after the first session."""


class CohortNotOpen(Refusal):
    """The cohort is not open to families of that authority."""


CohortCommand: TypeAlias = PublishCohort | ReservePlace | ReleasePlace
CohortEvent: TypeAlias = CohortPublished | CohortOpened | PlaceGranted | PlaceQueued | PlaceFreed
CohortState: TypeAlias = NotPublished | Published


def decide(command: CohortCommand, cohort: CohortState) -> list[CohortEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, cohort:
        case PublishCohort(), NotPublished():
            return _publish(command)
        case PublishCohort(terms=asked), Published(terms=terms, open_to=open_to) if (
            asked == terms and frozenset(command.open_to) == open_to
        ):
            return []
        case PublishCohort(), Published():
            raise CohortKnownOtherwise
        case ReservePlace(place_id=place), Published() if cohort.knows(place):
            return []
        case ReservePlace(authority=authority), Published(open_to=known) if authority not in known:
            raise CohortNotOpen
        case ReservePlace(), Published():
            return [_reserve(command, cohort)]
        case ReleasePlace(place_id=place), Published(freed=freed) if place in freed:
            return []
        case ReleasePlace(cohort_id=each, place_id=place), Published():
            return [PlaceFreed(each, place), *_next(each, _without(cohort, place))]
        case _:
            raise Refusal(type(command), type(cohort))


def _publish(command: PublishCohort) -> list[CohortEvent]:
    days = command.terms.session_days
    if not days or any(later <= earlier for earlier, later in pairwise(days)):
        raise SessionsOutOfOrder
    if command.terms.referral_deadline > days[0]:
        raise DeadlineAfterStart
    each, terms = command.cohort_id, command.terms
    invited = dict.fromkeys(command.open_to)
    return [
        CohortPublished(each, terms),
        *(CohortOpened(each, authority, terms) for authority in invited),
    ]


def _reserve(command: ReservePlace, cohort: Published) -> PlaceGranted | PlaceQueued:
    asked = Claimant(command.place_id, command.family_id, command.authority)
    if asked.family_id in cohort.families or cohort.room > 0:
        return _grant(command.cohort_id, cohort, asked)
    return PlaceQueued(command.cohort_id, asked.place_id, asked.family_id, asked.authority)


def _grant(cohort_id: UUID, cohort: Published, to: Claimant) -> PlaceGranted:
    days = cohort.terms.offer_days
    return PlaceGranted(cohort_id, to.place_id, to.family_id, to.authority, days)


def _next(cohort_id: UUID, cohort: Published) -> Iterable[PlaceGranted]:
    """Grant all places of the families that have waited longest, as far as there is room."""
    order = dict.fromkeys(each.family_id for each in cohort.waiting)
    chosen = set(list(order)[: cohort.room])
    return [_grant(cohort_id, cohort, each) for each in cohort.waiting if each.family_id in chosen]


def _without(cohort: Published, place_id: UUID) -> Published:
    return replace(
        cohort,
        held=tuple(each for each in cohort.held if each.place_id != place_id),
        waiting=tuple(each for each in cohort.waiting if each.place_id != place_id),
        freed=cohort.freed | {place_id},
    )


def evolve(cohort: CohortState, event: CohortEvent) -> CohortState:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, cohort:
        case CohortPublished(terms=terms), _:
            return Published(terms)
        case _, NotPublished():
            return cohort
        case CohortOpened(authority=authority), Published(open_to=open_to):
            return replace(cohort, open_to=open_to | {authority})
        case PlaceGranted(place_id=place, family_id=family, authority=authority), Published():
            waiting = tuple(each for each in cohort.waiting if each.place_id != place)
            held = (*cohort.held, Claimant(place, family, authority))
            return replace(cohort, held=held, waiting=waiting)
        case PlaceQueued(place_id=place, family_id=family, authority=authority), Published():
            return replace(cohort, waiting=(*cohort.waiting, Claimant(place, family, authority)))
        case PlaceFreed(place_id=place), Published():
            return _without(cohort, place)
        case _:
            assert_never((event, cohort))


COHORT: Decider[CohortCommand, CohortState, CohortEvent] = Decider(
    "Cohort", NotPublished(), decide, evolve
)
