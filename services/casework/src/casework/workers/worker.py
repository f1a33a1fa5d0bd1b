"""A worker: registered with an authority, of teams and on professional registers day by day.

A registration that lapsed blocks new clinical work from the day after its last; what was done in
its time stays valid, and a later renewal leaves the gap visible (DOMAIN §8). Who needs a register
is warned about while there is time.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeAlias, assert_never
from uuid import UUID

from casework.workers.profile import (
    REGISTERS,
    UNSAID,
    Membership,
    Profile,
    Registration,
    RegistrationBody,
    WorkerKind,
)
from casework.workers.worker_commands import (
    AssignToTeam,
    ChangeWorkerProfile,
    ChangeWorkerRegistration,
    EnterRegistration,
    EnterWorker,
    Lapse,
    LeaveTeam,
    RegisterWorker,
    Warn,
    Watch,
    WorkerCommand,
)
from casework.workers.worker_events import (
    RegistrationEnding,
    RegistrationLapsed,
    RegistrationRestored,
    WorkerAssignedToTeam,
    WorkerEvent,
    WorkerLeftTeam,
    WorkerProfileChanged,
    WorkerRegistered,
    WorkerRegistrationChanged,
)
from ledger.decider import Decider, Refusal
from ledger.personal import Personal

__all__ = [
    "DECIDER",
    "REGISTERS",
    "ChangeWorkerRegistration",
    "NotRegistered",
    "RegisterWorker",
    "Registered",
    "Registration",
    "RegistrationBody",
    "Worker",
    "WorkerKind",
    "WorkerRegistered",
    "WorkerRegistrationChanged",
    "WorkerUnknown",
    "known_worker",
]


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """The authority knows no such worker."""


@dataclass(frozen=True, slots=True)
class InForce:
    """Nothing is wrong with the worker's registration, as far as was noted."""


@dataclass(frozen=True, slots=True)
class Lapsed:
    """It was noted that the worker stands on no register from that day."""

    from_day: date


@dataclass(frozen=True, slots=True)
class Registered:
    """Works for the authority."""

    worker: UUID
    kind: WorkerKind
    teams: tuple[Membership, ...]
    skills: tuple[str, ...]
    display_name: Personal[str]
    registrations: tuple[Registration, ...] = ()
    profile: Profile = UNSAID
    standing: InForce | Lapsed = field(default_factory=InForce)
    warned: frozenset[tuple[Registration, int]] = frozenset()

    def registered_on(self, day: date) -> bool:
        """Whether the worker stood on a register of his kind, or needed none, on a day."""
        return not self.needs_register or any(each.covers(day) for each in self.of_profession)

    @property
    def needs_register(self) -> bool:
        """Whether the worker's work depends on a professional register."""
        return self.kind in REGISTERS

    @property
    def of_profession(self) -> tuple[Registration, ...]:
        """The periods on registers of his profession, the earliest first."""
        registers = REGISTERS.get(self.kind, frozenset())
        return tuple(each for each in self.registrations if each.body in registers)

    def teams_on(self, day: date) -> tuple[str, ...]:
        """Return the teams that the worker was of on a day, each once."""
        return tuple(dict.fromkeys(each.team for each in self.teams if each.covers(day)))


class WorkerUnknown(Refusal):
    """The authority knows no such worker."""


class WorkerKnownOtherwise(Refusal):
    """The worker is registered with the authority already, with other particulars."""


class NotOfThatTeam(Refusal):
    """The worker is not of that team, or came to it later."""


Worker: TypeAlias = NotRegistered | Registered


def decide(  # noqa: C901, PLR0911 # a table: one row a transition
    command: WorkerCommand, worker: Worker
) -> list[WorkerEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, worker:
        case EnterWorker(asked, watch), NotRegistered():
            return _entered(asked, watch)
        # The same worker again is the same answer, so that callers may retry.
        case EnterWorker(asked), Registered(kind=kind, teams=teams, skills=skills):
            first = tuple(each.team for each in teams if each.from_day is None)
            if (asked.kind, asked.teams, asked.skills) == (kind, first, skills):
                return []
            raise WorkerKnownOtherwise
        case _, NotRegistered():
            raise WorkerUnknown
        case EnterRegistration(), Registered():
            return _renewed(command, worker)
        case ChangeWorkerProfile(_, skills, profile), Registered():
            if (skills, profile) == (worker.skills, worker.profile):
                return []
            return [WorkerProfileChanged(worker.worker, skills, profile)]
        case AssignToTeam() | LeaveTeam(), Registered():
            return _in_team(command, worker)
        case Warn(), Registered():
            return _warned(command, worker)
        case Lapse(), Registered():
            return _lapsed(command, worker)
        case _:
            raise Refusal(type(command), type(worker))


def _entered(asked: RegisterWorker, watch: Watch) -> list[WorkerEvent]:
    who = asked.worker
    return [
        WorkerRegistered(who, asked.kind, asked.teams, asked.skills, asked.display_name),
        *(_period(who, asked.kind, each, watch) for each in asked.registrations),
    ]


def _period(
    worker: UUID, kind: WorkerKind, period: Registration, watch: Watch
) -> WorkerRegistrationChanged:
    watched = period.body in REGISTERS.get(kind, frozenset())
    days = watch.days if watched else ()
    warn_on = tuple(period.valid_to - timedelta(days=each) for each in days)
    return WorkerRegistrationChanged(worker, period, warn_on, watch.rule)


def _renewed(command: EnterRegistration, worker: Registered) -> list[WorkerEvent]:
    new = command.registration
    if new in worker.registrations:
        return []
    changed = _period(worker.worker, worker.kind, new, command.watch)
    if not isinstance(worker.standing, Lapsed):
        return [changed]
    lapsed_from = worker.standing.from_day
    after = replace(worker, registrations=_with_period(worker.registrations, new))
    again = (each for each in after.of_profession if each.valid_to >= lapsed_from)
    first = min((max(each.valid_from, lapsed_from) for each in again), default=None)
    if first is None:
        return [changed]
    return [changed, RegistrationRestored(worker.worker, lapsed_from, first)]


def _in_team(command: AssignToTeam | LeaveTeam, worker: Registered) -> list[WorkerEvent]:
    team = command.team
    match command:
        case AssignToTeam(from_day=day):
            if any(each.team == team and each.covers(day) for each in worker.teams):
                return []
            return [WorkerAssignedToTeam(worker.worker, team, day)]
        case LeaveTeam(last_day=day):
            of_team = [each for each in worker.teams if each.team == team]
            if any(each.to_day == day for each in of_team):
                return []
            if not any(each.covers(day) for each in of_team):
                raise NotOfThatTeam
            return [WorkerLeftTeam(worker.worker, team, day)]
        case _:
            assert_never(command)


def _warned(command: Warn, worker: Registered) -> list[WorkerEvent]:
    named = (command.body, command.valid_from)
    for period in worker.of_profession:
        ending = (period.body, period.valid_from) == named and command.today <= period.valid_to
        renewed = worker.registered_on(period.valid_to + timedelta(days=1))
        if ending and not renewed and (period, command.days) not in worker.warned:
            return [RegistrationEnding(worker.worker, period, command.days)]
    # Renewed or ended otherwise meanwhile, or said already.
    return []


def _lapsed(command: Lapse, worker: Registered) -> list[WorkerEvent]:
    stands = any(worker.registered_on(day) for day in (command.day, command.today))
    # Renewed meanwhile; a gap of former times shows by its periods and stops nobody today.
    if stands or isinstance(worker.standing, Lapsed):
        return []
    return [RegistrationLapsed(worker.worker, command.day)]


def evolve(worker: Worker, event: WorkerEvent) -> Worker:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, worker:
        case WorkerRegistered(known, kind, teams, skills, display_name), _:
            of = tuple(Membership(each, None, None) for each in teams)
            return Registered(known, kind, of, skills, display_name)
        case _, NotRegistered():
            return worker
        case _, Registered():
            return _went_on(worker, event)
        case _:
            assert_never(worker)


def _went_on(  # noqa: PLR0911 # a row an event
    worker: Registered, event: WorkerEvent
) -> Registered:
    match event:
        case WorkerProfileChanged(skills=skills, profile=profile):
            return replace(worker, skills=skills, profile=profile)
        case WorkerAssignedToTeam(team=team, from_day=day):
            return replace(worker, teams=(*worker.teams, Membership(team, day, None)))
        case WorkerLeftTeam(team=team, last_day=day):
            teams = (
                replace(each, to_day=day) if each.team == team and each.covers(day) else each
                for each in worker.teams
            )
            return replace(worker, teams=tuple(teams))
        case WorkerRegistrationChanged(registration=new):
            return replace(worker, registrations=_with_period(worker.registrations, new))
        case RegistrationEnding(registration=period, days=days):
            return replace(worker, warned=worker.warned | {(period, days)})
        case RegistrationLapsed(from_day=day):
            return replace(worker, standing=Lapsed(day))
        case RegistrationRestored():
            return replace(worker, standing=InForce())
        case WorkerRegistered():
            return worker
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
