"""The request that begins a place's life: who asks for what, until when, and its withdrawal."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ledger.decider import Refusal


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what. `host` is the cohort's authority.

    `contact` is the person id of the adult to be written to. `child` is None where the place is for
    the adults alone.
    """

    place_id: UUID
    request_id: UUID
    cohort_id: UUID
    host: UUID
    family_id: UUID
    contact: UUID
    child: UUID | None


@dataclass(frozen=True, slots=True)
class RequestPlace:
    """Ask for a place on a day in London; the cohort's last day for asking is looked up."""

    asked: Asked
    on: date
    deadline: date


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """The case was closed: what was not offered yet is wanted no more."""


@dataclass(frozen=True, slots=True)
class PlaceRequested:
    """A family asks for a place; the cohort is to decide."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class PlaceWithdrawn:
    """The case was closed before an offer; the cohort is to forget the place."""

    place_id: UUID
    cohort_id: UUID
    host: UUID


@dataclass(frozen=True, slots=True)
class NotRequested:
    """There is no such place."""


@dataclass(frozen=True, slots=True)
class Requested:
    """The cohort has not decided yet."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The case was closed first."""

    asked: Asked


class AskedTooLate(Refusal):
    """The cohort's last day for asking has passed."""


class RequestKnownOtherwise(Refusal):
    """A place of that id was asked for with other particulars."""


def begin(command: RequestPlace) -> PlaceRequested:
    """Ask, in time."""
    if command.on > command.deadline:
        raise AskedTooLate
    return PlaceRequested(command.asked)
