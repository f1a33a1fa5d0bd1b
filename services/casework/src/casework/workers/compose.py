"""Which streams a command on a worker goes to, and what is looked up for it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never, get_args
from uuid import UUID

from casework.rules.policies import shipped
from casework.streams import worker_stream
from casework.tasks.kinds import MANAGER, TaskKind
from casework.tasks.raising import drop_step, settle_step, task_step
from casework.workers import worker
from casework.workers.profile import Registration
from casework.workers.worker_commands import (
    AssignToTeam,
    ChangeWorkerProfile,
    ChangeWorkerRegistration,
    EnterRegistration,
    EnterWorker,
    Lapse,
    LeaveTeam,
    NoteRegistrationEnding,
    NoteRegistrationLapse,
    OfWorker,
    RegisterWorker,
    Warn,
    Watch,
    WorkerCommand,
)
from casework.workers.worker_events import RegistrationEnding
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day
from ledger.working_days import ENGLAND_AND_WALES


async def _of_worker(command: OfWorker, situation: Situation) -> Sequence[Step]:
    match command:
        case RegisterWorker(worker=who):
            # With the clock that the watch asks for, in one exchange.
            await situation.look({worker_stream(who): worker.DECIDER})
            return [_step(who, EnterWorker(command, await _watch(situation)))]
        case ChangeWorkerRegistration():
            return await _renew(command, situation)
        case ChangeWorkerProfile() | AssignToTeam() | LeaveTeam():
            return [_step(command.worker, command)]
        case NoteRegistrationEnding():
            return await _warn(command, situation)
        case NoteRegistrationLapse():
            return await _lapse(command, situation)
        case _:
            assert_never(command)


def _step(who: UUID, asked: WorkerCommand) -> Step:
    return Step(worker.DECIDER, worker_stream(who), asked, subjects=(who,))


async def _watch(situation: Situation) -> Watch:
    rules = shipped().on(london_day(await situation.now()), situation.partnership)
    return Watch(rules.registration_warnings, rules.version)


async def _renew(command: ChangeWorkerRegistration, situation: Situation) -> list[Step]:
    """Write the period down; whatever managers were asked because one ended is settled."""
    who, watch = command.worker, await _watch(situation)
    before = await situation.state(worker.DECIDER, worker_stream(who))
    steps = [_step(who, EnterRegistration(command.registration, watch))]
    if isinstance(before, worker.Registered):
        tenant = situation.tenant
        for period, days in sorted(before.warned, key=lambda each: each[1]):
            about = _ending(who, period, days)
            steps.append(settle_step(tenant, TaskKind.REGISTRATION, None, about))
        if isinstance(before.standing, worker.Lapsed):
            lapsed = _lapsed(who, before.standing.from_day)
            steps.append(settle_step(tenant, TaskKind.REGISTRATION, None, lapsed))
            steps.append(drop_step(tenant, TaskKind.REASSIGN, None, lapsed))
    return steps


async def _warn(command: NoteRegistrationEnding, situation: Situation) -> list[Step]:
    """Note it and ask the manager, soon and in time; nothing where it was renewed."""
    found = await situation.state(worker.DECIDER, command.worker_stream)
    rules = shipped().on(today := london_day(await situation.now()), situation.partnership)
    asked = Warn(command.body, command.valid_from, command.days, today)
    match worker.decide(asked, found) if isinstance(found, worker.Registered) else []:
        case [RegistrationEnding(worker=who, registration=period)]:
            about = _ending(who, period, command.days)
            asked_by = ENGLAND_AND_WALES.after(today, rules.registration_task_working_days)
            due_on = min(asked_by, period.valid_to)
            return [
                _step(who, asked),
                _task(situation, TaskKind.REGISTRATION, about, due_on, rules.version),
            ]
        case _:
            return []


async def _lapse(command: NoteRegistrationLapse, situation: Situation) -> list[Step]:
    """Note it, and ask the manager what becomes of the registration and of the worker's cases."""
    found = await situation.state(worker.DECIDER, command.worker_stream)
    rules = shipped().on(today := london_day(await situation.now()), situation.partnership)
    asked = Lapse(command.day, today)
    if not isinstance(found, worker.Registered) or not worker.decide(asked, found):
        return []
    about = _lapsed(found.worker, command.day)
    due_on = ENGLAND_AND_WALES.after(today, rules.registration_task_working_days)
    return [
        _step(found.worker, asked),
        _task(situation, TaskKind.REGISTRATION, about, due_on, rules.version),
        _task(situation, TaskKind.REASSIGN, about, due_on, rules.version),
    ]


def _task(situation: Situation, kind: TaskKind, about: str, due_on: date, rule: str) -> Step:
    return task_step(situation.tenant, kind, None, about, due_on=due_on, rule=rule, whom=MANAGER)


def _ending(who: UUID, period: Registration, days: int) -> str:
    return f"{who}/{period.body.value}/{period.valid_to.isoformat()}/{days}"


def _lapsed(who: UUID, from_day: date) -> str:
    return f"{who}/lapsed/{from_day.isoformat()}"


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(OfWorker), _of_worker)
