"""Which streams a case touches that another authority offers, passes on and sends a copy of."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from casework.allocations import allocation, conflict
from casework.allocations.allocating import await_lead, candidate
from casework.allocations.allocation_commands import AllocateLead, Candidate
from casework.allocations.allocation_events import AllocationEvent, AllocationReason
from casework.cases import case
from casework.duty.compose import take_on_with_case
from casework.rules.policies import shipped
from casework.streams import (
    allocation_stream,
    case_of_child,
    case_stream,
    incoming_transfer_stream,
    interest_stream,
    transfer_stream,
    transferred_record_stream,
    worker_stream,
)
from casework.tasks.kinds import MANAGER, TaskKind, TaskOutcome
from casework.tasks.raising import drop_step, settle_step, task_step
from casework.transfers import incoming, record, transfer
from casework.transfers.commands import (
    AcceptTransfer,
    ArriveTransfer,
    GiveTransferBack,
    KeepCopy,
    NoteCopyComplete,
    OfIncoming,
    ReceiveCase,
    RefuseTransfer,
)
from casework.transfers.transfer_commands import NoteBack
from casework.workers import worker
from chassis.acting import Situation, Step
from ledger.clock import london_day
from ledger.commands import Returns
from ledger.decider import Refusal
from ledger.personal import Plain
from ledger.working_days import ENGLAND_AND_WALES


async def of_incoming(  # noqa: PLR0911 # a row a command
    command: OfIncoming, situation: Situation
) -> Sequence[Step]:
    """Turn a command of the side to which a case is offered into steps."""
    match command:
        case ArriveTransfer():
            return await _arrive(command, situation)
        case AcceptTransfer(lead=lead):
            who = await _candidate(command.transfer, lead, situation)
            return _answered(command, incoming.Accept(who), situation, TaskOutcome.AGREED)
        case RefuseTransfer(_, reason, words):
            refusal = incoming.TurnDown(reason, words)
            return _answered(command, refusal, situation, TaskOutcome.REFUSED)
        case GiveTransferBack(transfer_id, case_id, sender):
            back = incoming.GiveBack(transfer_id, case_id, sender)
            gone = drop_step(situation.tenant, TaskKind.ANSWER_TRANSFER, None, str(transfer_id))
            return [_step(transfer_id, back), gone]
        case ReceiveCase():
            return await _receive(command, situation)
        case KeepCopy(case_id, stream_id, entries):
            people = tuple(dict.fromkeys(each.child for each in entries))
            keep = record.KeepEntries(entries)
            return [Step(record.DECIDER, _copy_of(command, stream_id), keep, case_id, people)]
        case NoteCopyComplete(transfer_id, by, leaf, streams, entries):
            return [_step(transfer_id, incoming.NoteCopied(by, leaf, streams, entries))]
        case _:
            assert_never(command)


def _step(transfer_id: UUID, what: incoming.IncomingCommand) -> Step:
    # No stream of the case, which is not this authority's while it is only offered.
    return Step(incoming.DECIDER, incoming_transfer_stream(transfer_id), what)


def _copy_of(command: KeepCopy, stream_id: UUID) -> UUID:
    return transferred_record_stream(command.entries[0].transfer, stream_id)


async def _arrive(command: ArriveTransfer, situation: Situation) -> list[Step]:
    """Keep the offer, and ask a manager to answer it in the time that is usual here."""
    said = command.said
    today = london_day(await situation.now())
    rules = shipped().on(today, situation.partnership)
    due_on = ENGLAND_AND_WALES.after(today, rules.transfer_answer_working_days)
    return [
        _step(said.transfer, incoming.NoteArrived(said)),
        task_step(
            situation.tenant,
            TaskKind.ANSWER_TRANSFER,
            None,
            str(said.transfer),
            child=said.child,
            due_on=due_on,
            rule=rules.version,
            whom=MANAGER,
        ),
    ]


def _answered(
    command: AcceptTransfer | RefuseTransfer,
    answer: incoming.IncomingCommand,
    situation: Situation,
    outcome: TaskOutcome,
) -> list[Step]:
    about = str(command.transfer)
    return [
        _step(command.transfer, answer),
        settle_step(situation.tenant, TaskKind.ANSWER_TRANSFER, None, about, outcome),
    ]


async def _receive(command: ReceiveCase, situation: Situation) -> list[Step]:
    """Begin the case here, led from the same instant; what stood still of an earlier time goes on.

    Custody has passed: whatever else is found, the case is taken. A lead who can no longer lead it
    leaves it without one, which alarms as it does for any case.
    """
    of_case, of_lead = case_stream(command.case_id), allocation_stream(command.case_id)
    arrived = incoming_transfer_stream(command.transfer)
    await situation.look(
        {of_case: case.DECIDER, arrived: incoming.DECIDER, of_lead: allocation.DECIDER}
    )
    state = await situation.state(incoming.DECIDER, arrived)
    if not isinstance(state, incoming.Accepted):
        return []
    found = await situation.state(case.DECIDER, of_case)
    take = case.TakeOver(
        command.case_id,
        command.child,
        command.family_id,
        command.contact,
        command.episode,
        command.transfer,
        command.on,
    )
    people, case_id = (command.child,), command.case_id
    claim = case_of_child(command.child)
    received = _step(command.transfer, incoming.NoteReceived(command.by))
    steps = [
        Step(incoming.DECIDER, arrived, received.command, subjects=people, turn=Returns(case_id)),
        Step(case.DECIDER, of_case, take, case_id, people, take=(claim,)),
        Step(
            transfer.DECIDER,
            transfer_stream(case_id),
            NoteBack(command.transfer, command.by),
            case_id,
            people,
        ),
    ]
    opened = case.DECIDER.fold(case.DECIDER.decide(take, found), found)
    steps += await take_on_with_case(command.child, state.said.sent_by_authority, situation)
    return [*steps, *await _lead(command, opened, state.lead, situation)]


async def _lead(
    command: ReceiveCase, opened: case.Case, who: UUID, situation: Situation
) -> list[Step]:
    """Wait for a lead, and name the one who was said when the case was accepted, if he may."""
    if not isinstance(opened, case.Open):
        return []
    child, case_id = (command.child,), command.case_id
    wait = await_lead(situation, case_id, command.child, opened.episode, command.on)
    who_leads = await candidate(situation, opened, who)
    name = AllocateLead(opened, who_leads, AllocationReason.HANDOVER, Plain(None))
    stream = allocation_stream(case_id)
    before = await situation.state(allocation.DECIDER, stream)
    try:
        awaited = allocation.DECIDER.fold(_events(wait, before), before)
        allocation.DECIDER.decide(name, awaited)
    except Refusal:
        return [wait]
    return [wait, Step(allocation.DECIDER, stream, name, case_id, (*child, who))]


async def _candidate(transfer_id: UUID, who: UUID, situation: Situation) -> Candidate:
    """Look up a worker and whether he knows the child of a case that is offered."""
    arrived = incoming_transfer_stream(transfer_id)
    match await situation.state(incoming.DECIDER, arrived):
        case incoming.NotArrived() | incoming.GivenBack():
            known = []
        case incoming.Waiting(said) | incoming.TurnedDown(said):
            known = [interest_stream(who, said.child)]
        case incoming.Accepted(said) | incoming.Received(said) | incoming.Whole(said):
            known = [interest_stream(who, said.child)]
    conflicts = [await situation.state(conflict.DECIDER, each) for each in known]
    found = await situation.state(worker.DECIDER, worker_stream(who))
    return Candidate(found, london_day(await situation.now()), tuple(conflicts))


def _events(step: Step, before: object) -> Sequence[AllocationEvent]:
    events: Sequence[AllocationEvent] = step.decider.decide(step.command, before)
    return events
