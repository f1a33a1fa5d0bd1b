"""What is recorded of a worker: particulars, teams and registrations over time."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeAlias
from uuid import UUID

from casework.workers.profile import Profile, Registration, WorkerKind
from ledger.personal import Block, Personal, SealedIn


@dataclass(frozen=True, slots=True)
class WorkerRegistered:
    """The worker works for this authority. Registrations are facts of their own."""

    worker: UUID
    kind: WorkerKind
    teams: tuple[str, ...]
    skills: tuple[str, ...]
    display_name: Annotated[Personal[str], SealedIn(Block.IDENTITY, of="worker")]


@dataclass(frozen=True, slots=True)
class WorkerProfileChanged:
    """From now on allocation goes by these skills, languages, areas and hours."""

    worker: UUID
    skills: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class WorkerAssignedToTeam:
    """The worker is of the team from that day; he may be of several."""

    worker: UUID
    team: str
    from_day: date


@dataclass(frozen=True, slots=True)
class WorkerLeftTeam:
    """That day was, or will be, the worker's last in the team."""

    worker: UUID
    team: str
    last_day: date


@dataclass(frozen=True, slots=True)
class WorkerRegistrationChanged:
    """The worker stands on the register from the first to the last day, as is known now.

    The period of the same body and first day is replaced: its last day was learned anew. On the
    days of `warn_on` others are told how long it has left, by that rule; a worker of whose work
    the register is no condition is not watched.
    """

    worker: UUID
    registration: Registration
    warn_on: tuple[date, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class RegistrationEnding:
    """So many days are left of the period, and no later one is known."""

    worker: UUID
    registration: Registration
    days: int


@dataclass(frozen=True, slots=True)
class RegistrationLapsed:
    """The worker stands on no register of his profession from that day.

    He may do no clinical work whose day is that one or later; what was done before stays valid.
    """

    worker: UUID
    from_day: date


@dataclass(frozen=True, slots=True)
class RegistrationRestored:
    """The worker stands on a register again from `restored_on`; the days between stay a gap."""

    worker: UUID
    lapsed_from: date
    restored_on: date


WorkerEvent: TypeAlias = (
    WorkerRegistered
    | WorkerProfileChanged
    | WorkerAssignedToTeam
    | WorkerLeftTeam
    | WorkerRegistrationChanged
    | RegistrationEnding
    | RegistrationLapsed
    | RegistrationRestored
)
