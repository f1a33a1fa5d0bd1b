"""What others are told of workers: by opaque id, what they are, until when registered."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias
from uuid import UUID

from casework.workers import worker_events as stored
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class WorkerRegistered:
    """The worker works for the authority, as a therapist, social worker and so on."""

    worker: UUID
    role: str


@dataclass(frozen=True, slots=True)
class WorkerRegistrationChanged:
    """The worker stands on a professional register up to and including that day."""

    worker: UUID
    valid_to: date


@dataclass(frozen=True, slots=True)
class RegistrationEnding:
    """So many days are left of the worker's registration, and no later one is known."""

    worker: UUID
    valid_to: date
    days: int


@dataclass(frozen=True, slots=True)
class RegistrationLapsed:
    """From that day the worker may do no clinical work; what was done before stays valid."""

    worker: UUID
    from_day: date


@dataclass(frozen=True, slots=True)
class RegistrationRestored:
    """From `restored_on` the worker may do clinical work again; the days between stay a gap."""

    worker: UUID
    lapsed_from: date
    restored_on: date


EVENTS: Final[tuple[type, ...]] = (
    WorkerRegistered,
    WorkerRegistrationChanged,
    RegistrationEnding,
    RegistrationLapsed,
    RegistrationRestored,
)
Public: TypeAlias = (
    WorkerRegistered
    | WorkerRegistrationChanged
    | RegistrationEnding
    | RegistrationLapsed
    | RegistrationRestored
)


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a stored event, if anything."""
    match recorded.event:
        case stored.WorkerRegistered(worker=who, kind=kind):
            return WorkerRegistered(who, kind.value)
        case stored.WorkerRegistrationChanged(worker=who, registration=period):
            return WorkerRegistrationChanged(who, period.valid_to)
        case stored.RegistrationEnding(worker=who, registration=period, days=days):
            return RegistrationEnding(who, period.valid_to, days)
        case stored.RegistrationLapsed(worker=who, from_day=from_day):
            return RegistrationLapsed(who, from_day)
        case stored.RegistrationRestored(worker=who, lapsed_from=day, restored_on=again):
            return RegistrationRestored(who, day, again)
        case _:
            return None
