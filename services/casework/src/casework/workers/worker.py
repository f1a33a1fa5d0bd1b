"""A worker: registered with an authority, standing on professional registers from day to day.

A registration that lapsed blocks new clinical work from the day after its last; what was done in
its time stays valid, and a later renewal leaves the gap visible (DOMAIN §8).
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn


class WorkerKind(StrEnum):
    """What a worker is employed as; it decides which work is his to do."""

    THERAPIST = "therapist"
    SOCIAL_WORKER = "social-worker"
    SUPPORT_WORKER = "support-worker"
    TEAM_MANAGER = "team-manager"
    GROUP_FACILITATOR = "group-facilitator"


class RegistrationBody(StrEnum):
    """Who keeps the register."""

    HCPC = "hcpc"
    SOCIAL_WORK_ENGLAND = "social-work-england"
    UKCP = "ukcp"
    BACP = "bacp"


REGISTERS = {
    WorkerKind.THERAPIST: frozenset(
        {RegistrationBody.HCPC, RegistrationBody.UKCP, RegistrationBody.BACP}
    ),
    WorkerKind.SOCIAL_WORKER: frozenset({RegistrationBody.SOCIAL_WORK_ENGLAND}),
}
"""On which registers a kind of worker must stand; a kind that is not here needs none."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A period on a professional register, both days counted."""

    body: RegistrationBody
    valid_from: date
    valid_to: date

    def covers(self, day: date) -> bool:
        """Whether the worker stands on the register on a day."""
        return self.valid_from <= day <= self.valid_to


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
class WorkerRegistered:
    """The worker works for this authority. Registrations are facts of their own."""

    worker: UUID
    kind: WorkerKind
    teams: tuple[str, ...]
    skills: tuple[str, ...]
    display_name: Annotated[Personal[str], SealedIn(Block.IDENTITY, of="worker")]


@dataclass(frozen=True, slots=True)
class WorkerRegistrationChanged:
    """The worker stands on the register from the first to the last day, as is known now.

    The period of the same body and first day is replaced: its last day was learned anew.
    """

    worker: UUID
    registration: Registration


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """The authority knows no such worker."""


@dataclass(frozen=True, slots=True)
class Registered:
    """Works for the authority."""

    worker: UUID
    kind: WorkerKind
    teams: tuple[str, ...]
    skills: tuple[str, ...]
    display_name: Personal[str]
    registrations: tuple[Registration, ...] = ()

    def registered_on(self, day: date) -> bool:
        """Whether the worker stood on a register of his kind, or needed none, on a day."""
        registers = REGISTERS.get(self.kind)
        return registers is None or any(
            each.body in registers and each.covers(day) for each in self.registrations
        )


class WorkerUnknown(Refusal):
    """The authority knows no such worker."""


class WorkerKnownOtherwise(Refusal):
    """The worker is registered with the authority already, with other particulars."""


WorkerCommand: TypeAlias = RegisterWorker | ChangeWorkerRegistration
WorkerEvent: TypeAlias = WorkerRegistered | WorkerRegistrationChanged
Worker: TypeAlias = NotRegistered | Registered


def decide(command: WorkerCommand, worker: Worker) -> list[WorkerEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, worker:
        case RegisterWorker() as new, NotRegistered():
            return [
                WorkerRegistered(new.worker, new.kind, new.teams, new.skills, new.display_name),
                *(WorkerRegistrationChanged(new.worker, each) for each in new.registrations),
            ]
        # The same worker again is the same answer, so that callers may retry.
        case RegisterWorker() as again, Registered(kind=kind, teams=teams, skills=skills):
            if (again.kind, again.teams, again.skills) == (kind, teams, skills):
                return []
            raise WorkerKnownOtherwise
        case ChangeWorkerRegistration(registration=asked), Registered(registrations=held):
            return [] if asked in held else [WorkerRegistrationChanged(command.worker, asked)]
        case ChangeWorkerRegistration(), NotRegistered():
            raise WorkerUnknown
        case _:
            raise Refusal(type(command), type(worker))


def evolve(worker: Worker, event: WorkerEvent) -> Worker:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case WorkerRegistered(known, kind, teams, skills, display_name):
            return Registered(known, kind, teams, skills, display_name)
        case WorkerRegistrationChanged(registration=new):
            if not isinstance(worker, Registered):
                return worker
            return replace(worker, registrations=_with_period(worker.registrations, new))
        case _:
            assert_never(event)


def _with_period(held: tuple[Registration, ...], new: Registration) -> tuple[Registration, ...]:
    others = (e for e in held if (e.body, e.valid_from) != (new.body, new.valid_from))
    return tuple(sorted((*others, new), key=lambda each: (each.valid_from, each.body)))


def known_worker(worker: Worker) -> Registered:
    """Return the worker who is to act. Raises WorkerUnknown."""
    match worker:
        case Registered():
            return worker
        case NotRegistered():
            raise WorkerUnknown


DECIDER: Decider[WorkerCommand, Worker, WorkerEvent] = Decider(
    "Worker", NotRegistered(), decide, evolve
)
