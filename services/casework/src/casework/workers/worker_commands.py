"""What can be asked of a worker's record, and what is decided with what was looked up."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.workers.profile import (
    Profile,
    Registration,
    RegistrationBody,
    WorkerKind,
)
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class RegisterWorker:
    """Make a worker known to the authority."""

    worker: UUID
    kind: WorkerKind
    teams: tuple[str, ...]
    skills: tuple[str, ...]
    registrations: tuple[Registration, ...]
    display_name: Plain[str]


@dataclass(frozen=True, slots=True)
class ChangeWorkerRegistration:
    """A period of registration is new, or ends on another day than was known."""

    worker: UUID
    registration: Registration


@dataclass(frozen=True, slots=True)
class NoteRegistrationEnding:
    """So many days are left of a period; by the worker's stream, as the deadline knows it."""

    worker_stream: UUID
    body: RegistrationBody
    valid_from: date
    days: int


@dataclass(frozen=True, slots=True)
class NoteRegistrationLapse:
    """The day after the last one of a period has begun; by the worker's stream."""

    worker_stream: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Watch:
    """How many days before the last one others are warned, the furthest first, by which rule."""

    days: tuple[int, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class EnterWorker:
    """Make a worker known; his periods of registration are watched."""

    asked: RegisterWorker
    watch: Watch


@dataclass(frozen=True, slots=True)
class EnterRegistration:
    """Write a period down, and watch it."""

    registration: Registration
    watch: Watch


@dataclass(frozen=True, slots=True)
class ChangeWorkerProfile:
    """What the worker can, where and how long he works."""

    worker: UUID
    skills: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True, slots=True)
class AssignToTeam:
    """The worker is of a team from that day, beside those that he is of."""

    worker: UUID
    team: str
    from_day: date


@dataclass(frozen=True, slots=True)
class LeaveTeam:
    """That day is the worker's last in a team."""

    worker: UUID
    team: str
    last_day: date


@dataclass(frozen=True, slots=True)
class Warn:
    """So many days are left of the period of that body and first day."""

    body: RegistrationBody
    valid_from: date
    days: int
    today: date


@dataclass(frozen=True, slots=True)
class Lapse:
    """A period was over with the day before that one."""

    day: date
    today: date


WorkerCommand: TypeAlias = (
    EnterWorker | EnterRegistration | ChangeWorkerProfile | AssignToTeam | LeaveTeam | Warn | Lapse
)
OfWorker: TypeAlias = (
    RegisterWorker
    | ChangeWorkerRegistration
    | ChangeWorkerProfile
    | AssignToTeam
    | LeaveTeam
    | NoteRegistrationEnding
    | NoteRegistrationLapse
)
