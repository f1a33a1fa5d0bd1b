"""Which streams a command touches, and what it has to look up."""

from collections.abc import Sequence
from uuid import UUID

from casework import allocation, case, deadlines, group_place, session, worker
from casework.commands import (
    AllocateCase,
    CaseworkCommand,
    CloseCase,
    CorrectSession,
    NoteAllocationOverdue,
    NotePlace,
    RecordSession,
    RequestPlace,
)
from casework.streams import (
    allocation_stream,
    case_of_child,
    case_stream,
    group_place_stream,
    session_stream,
    worker_stream,
)
from casework.urgent import compose as urgent
from casework.urgent.commands import EndOnCall, NoteCover, OfConcern, OfRota, StartOnCall
from chassis.acting import Situation, Step
from ledger.clock import london_day


async def compose(  # noqa: PLR0911 # a row a command
    command: CaseworkCommand, situation: Situation
) -> Sequence[Step]:
    """Turn a command into its steps."""
    match command:
        case worker.RegisterWorker(worker=who) | worker.ChangeWorkerRegistration(worker=who):
            return [Step(worker.DECIDER, worker_stream(who), command, subjects=(who,))]
        case case.TakeOnReferral():
            return [await _take_on(command, situation)]
        case AllocateCase():
            return [await _allocate(command, situation)]
        case NoteAllocationOverdue():
            return await _note_overdue(command, situation)
        case RecordSession():
            return [await _record(command, situation)]
        case CorrectSession():
            return [await _correct(command, situation)]
        case RequestPlace() | NotePlace():
            return [await _place(command, situation)]
        case CloseCase():
            return await _close(command, situation)
        case _:
            return await _urgent(command, situation)


async def _urgent(command: OfRota | OfConcern, situation: Situation) -> Sequence[Step]:
    match command:
        case StartOnCall() | EndOnCall() | NoteCover():
            return await urgent.of_rota(command, situation)
        case _:
            return await urgent.of_concern(command, situation)


async def _take_on(command: case.TakeOnReferral, situation: Situation) -> Step:
    """Join the case that the child has, whatever its id; else take the child and open one."""
    claim = case_of_child(command.child)
    stream = case_stream(command.case_id)
    # Mostly nobody holds it, and both come in one round trip.
    await situation.look({stream: case.DECIDER}, claims=[claim])
    held = await situation.holder(claim)
    found = await situation.state(case.DECIDER, held or stream)
    case_id = _case_id(found) or command.case_id
    contact = command.referral.contact
    subjects = (command.child,) if contact is None else (command.child, contact)
    if held is None:
        return Step(case.DECIDER, stream, command, case_id, subjects, take=(claim,))
    return Step(case.DECIDER, held, command, case_id, subjects)


def _case_id(found: case.Case) -> UUID | None:
    match found:
        case case.Open(case_id=case_id) | case.Closed(last=case.Open(case_id=case_id)):
            return case_id
        case case.NotOpened():
            return None


def _people(found: case.Case) -> tuple[UUID, ...]:
    match found:
        case case.Open(child=child) | case.Closed(last=case.Open(child=child)):
            return (child,)
        case case.NotOpened():
            return ()


async def _allocate(command: AllocateCase, situation: Situation) -> Step:
    stream = allocation_stream(command.case_id)
    of_case, of_worker = case_stream(command.case_id), worker_stream(command.worker)
    await situation.look(
        {of_case: case.DECIDER, of_worker: worker.DECIDER, stream: allocation.DECIDER}
    )
    found = await situation.state(case.DECIDER, of_case)
    lead = await situation.state(worker.DECIDER, of_worker)
    asked = allocation.AllocateLead(found, lead, command.reason, command.words)
    return Step(allocation.DECIDER, stream, asked, command.case_id, (command.worker,))


async def _note_overdue(command: NoteAllocationOverdue, situation: Situation) -> list[Step]:
    found = await situation.state(case.DECIDER, command.case_stream)
    # A lead was named or the case closed at the same instant: there is nothing to say.
    if not isinstance(found, case.Open):
        return []
    rule = deadlines.rule_on(found.opened_on)
    noted = allocation.NoteOverdue(found, command.due_on, rule.name)
    stream = allocation_stream(found.case_id)
    return [Step(allocation.DECIDER, stream, noted, found.case_id, (found.child,))]


async def _record(command: RecordSession, situation: Situation) -> Step:
    stream = session_stream(command.session_id)
    of_case, of_worker = case_stream(command.case_id), worker_stream(command.worker)
    await situation.look(
        {of_case: case.DECIDER, of_worker: worker.DECIDER, stream: session.DECIDER}
    )
    found = await situation.state(case.DECIDER, of_case)
    by = await situation.state(worker.DECIDER, of_worker)
    match found:
        case case.NotOpened():
            raise case.NoSuchCase
        case case.Open(child=child):
            closed_on = None
        case case.Closed(last=case.Open(child=child), on=on):
            closed_on = on
    record = session.RecordSession(
        command.session_id,
        command.case_id,
        child,
        worker.known_worker(by),
        command.account,
        closed_on,
        command.notes,
    )
    return Step(session.DECIDER, stream, record, command.case_id, (command.worker,))


async def _correct(command: CorrectSession, situation: Situation) -> Step:
    stream = session_stream(command.session_id)
    found = await situation.state(session.DECIDER, stream)
    if not isinstance(found, session.Held):
        raise session.NoSuchSession
    by = worker.known_worker(await situation.state(worker.DECIDER, worker_stream(found.worker)))
    correct = session.CorrectSession(
        command.version, command.change, by, command.reason, command.notes
    )
    return Step(session.DECIDER, stream, correct, found.case_id, (found.worker,))


async def _place(command: RequestPlace | NotePlace, situation: Situation) -> Step:
    match command:
        case RequestPlace():
            cohort_id = command.cohort_id
        case NotePlace():
            cohort_id = command.note.fact.cohort_id
    of_case = case_stream(command.case_id)
    stream = group_place_stream(command.case_id, cohort_id)
    await situation.look({of_case: case.DECIDER, stream: group_place.DECIDER})
    found = await situation.state(case.DECIDER, of_case)
    asked: group_place.GroupPlaceCommand
    match command:
        case RequestPlace(request_id=request_id):
            asked = group_place.AskForPlace(request_id, cohort_id, found)
        case NotePlace(note=note):
            asked = note
    return Step(group_place.DECIDER, stream, asked, command.case_id, _people(found))


async def _close(command: CloseCase, situation: Situation) -> list[Step]:
    """Close the case and end its allocation, both or neither."""
    stream, of_lead = case_stream(command.case_id), allocation_stream(command.case_id)
    await situation.look({stream: case.DECIDER, of_lead: allocation.DECIDER})
    found = await situation.state(case.DECIDER, stream)
    on = command.on or london_day(await situation.now())
    end = case.EndCase(command.reason, on, command.summary)
    return [
        Step(case.DECIDER, stream, end, command.case_id, _people(found)),
        Step(
            allocation.DECIDER,
            of_lead,
            allocation.EndAllocation(found),
            command.case_id,
            _people(found),
        ),
    ]
