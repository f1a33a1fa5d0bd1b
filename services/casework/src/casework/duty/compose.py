"""Which streams a change of duty touches on either side, and the tasks that go with it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never, get_args
from uuid import UUID

from casework.cases import case
from casework.duty import arrival, change
from casework.duty.commands import (
    ArriveDuty,
    KeepDutyByChoice,
    NoteDutyChanged,
    NoteDutyStays,
    NoteDutyTakenOn,
    OfDuty,
    RecordDutyTakenOn,
    TakeDutyOn,
)
from casework.rules.policies import shipped
from casework.streams import case_of_child, duty_arrival_stream, duty_change_stream
from casework.tasks.kinds import MANAGER, TaskKind, TaskOutcome
from casework.tasks.raising import drop_step, settle_step, task_step
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day
from ledger.working_days import ENGLAND_AND_WALES


async def _of_duty(  # noqa: PLR0911 # a row a command
    command: OfDuty, situation: Situation
) -> Sequence[Step]:
    match command:
        case NoteDutyChanged():
            return await _changed(command, situation)
        case KeepDutyByChoice(case_id, words):
            keep = change.KeepByChoice(words)
            return await _ended(case_id, keep, TaskOutcome.NOT_NEEDED, situation)
        case RecordDutyTakenOn(case_id):
            return await _ended(case_id, change.RecordTakenOn(), TaskOutcome.DONE, situation)
        case NoteDutyTakenOn(asked, case_id):
            return await _ended(case_id, change.NoteTakenOn(asked), TaskOutcome.DONE, situation)
        case ArriveDuty():
            return await _arrived(command, situation)
        case TakeDutyOn(child):
            return await _taken_on(child, situation)
        case NoteDutyStays(asked, child):
            gone = drop_step(situation.tenant, TaskKind.TAKE_ON_DUTY, None, str(asked))
            return [_there(child, arrival.NoteStays(asked, child)), gone]
        case _:
            assert_never(command)


def _here(case_id: UUID, what: change.DutyChangeCommand, *people: UUID) -> Step:
    return Step(change.DECIDER, duty_change_stream(case_id), what, case_id, people)


def _there(child: UUID, what: arrival.DutyArrivalCommand) -> Step:
    return Step(arrival.DECIDER, duty_arrival_stream(child), what, subjects=(child,))


async def _changed(command: NoteDutyChanged, situation: Situation) -> list[Step]:
    """Begin to hand the duty on where the child has an open case here and was this authority's."""
    held = await situation.holder(case_of_child(command.child))
    if held is None:
        return []
    found = await situation.state(case.DECIDER, held)
    own = situation.slug
    match found:
        case case.Open(case_id=case_id) if command.now == own:
            return await _withdrawn(case_id, situation)
        case case.Open(case_id=case_id) if command.now is not None and command.before == own:
            return await _begun(command, case_id, command.now, situation)
        case _:
            return []


async def _begun(
    command: NoteDutyChanged, case_id: UUID, to: str, situation: Situation
) -> list[Step]:
    begin = change.Begin(
        command.change,
        case_id,
        command.child,
        to,
        situation.authority(to),
        command.from_day,
    )
    due_on, rule = await _due(situation)
    gone = await _withdrawn(case_id, situation)
    # What was to be handed to another one falls away with the same event.
    return [
        *gone[1:],
        _here(case_id, begin, command.child),
        task_step(
            situation.tenant,
            TaskKind.HAND_ON_DUTY,
            case_id,
            str(command.change),
            child=command.child,
            due_on=due_on,
            rule=rule,
            whom=MANAGER,
        ),
    ]


async def _withdrawn(case_id: UUID, situation: Situation) -> list[Step]:
    match await situation.state(change.DECIDER, duty_change_stream(case_id)):
        case change.HandingOn(said):
            gone = drop_step(situation.tenant, TaskKind.HAND_ON_DUTY, case_id, str(said.change))
            return [_here(case_id, change.Withdraw(), said.child), gone]
        case _:
            return []


async def _ended(
    case_id: UUID, what: change.DutyChangeCommand, outcome: TaskOutcome, situation: Situation
) -> list[Step]:
    found = await situation.state(change.DECIDER, duty_change_stream(case_id))
    steps = [_here(case_id, what)]
    if isinstance(found, change.HandingOn):
        about = str(found.said.change)
        kind = TaskKind.HAND_ON_DUTY
        steps.append(settle_step(situation.tenant, kind, case_id, about, outcome))
    return steps


async def _arrived(command: ArriveDuty, situation: Situation) -> list[Step]:
    said = command.said
    due_on, rule = await _due(situation)
    asked = task_step(
        situation.tenant,
        TaskKind.TAKE_ON_DUTY,
        None,
        str(said.change),
        child=said.child,
        due_on=due_on,
        rule=rule,
        whom=MANAGER,
    )
    stream = duty_arrival_stream(said.child)
    known = await situation.state(arrival.DECIDER, stream)
    note = arrival.NoteArrived(said)
    # It stayed there before it came: nobody is asked.
    return [_there(said.child, note), asked] if arrival.decide(note, known) else []


async def _taken_on(child: UUID, situation: Situation) -> list[Step]:
    steps = [_there(child, arrival.TakeOn())]
    match await situation.state(arrival.DECIDER, duty_arrival_stream(child)):
        case arrival.Came(said):
            about, kind = str(said.change), TaskKind.TAKE_ON_DUTY
            steps.append(settle_step(situation.tenant, kind, None, about, TaskOutcome.AGREED))
        case _:
            pass
    return steps


async def hand_on_with_case(case_id: UUID, to: UUID, situation: Situation) -> list[Step]:
    """Return the steps by which a case that goes to who owes the service takes the duty along."""
    match await situation.state(change.DECIDER, duty_change_stream(case_id)):
        case change.HandingOn(said) | change.Kept(said) if said.to_authority == to:
            taken_on = change.NoteTakenOn(said.change)
            return await _ended(case_id, taken_on, TaskOutcome.DONE, situation)
        case _:
            return []


async def take_on_with_case(child: UUID, sender: UUID, situation: Situation) -> list[Step]:
    """Return the steps by which a duty is taken on whose case came from who gave the service."""
    match await situation.state(arrival.DECIDER, duty_arrival_stream(child)):
        case arrival.Came(said) if said.sent_by_authority == sender:
            return await _taken_on(child, situation)
        case _:
            return []


async def _due(situation: Situation) -> tuple[date, str]:
    today = london_day(await situation.now())
    rules = shipped().on(today, situation.partnership)
    return ENGLAND_AND_WALES.after(today, rules.duty_answer_working_days), rules.version


async def refuse_to_leave(situation: Situation, case_id: UUID, child: UUID) -> None:
    """Refuse to close a case while its child would be left without an authority that gives.

    Raises DutyNotHandedOn, DutyNotTakenOn. Both are looked up, so it holds under races.
    """
    here, there = duty_change_stream(case_id), duty_arrival_stream(child)
    await situation.look({here: change.DECIDER, there: arrival.DECIDER})
    change.refuse_while_handing_on(await situation.state(change.DECIDER, here))
    arrival.refuse_while_untaken(await situation.state(arrival.DECIDER, there))


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(OfDuty), _of_duty)
