"""Which streams a command on who leads a case goes to, and what is looked up."""

from collections.abc import Mapping, Sequence

from casework.allocations import allocation, deadlines
from casework.allocations.commands import AllocateCase, NoteAllocationOverdue
from casework.cases import case
from casework.streams import allocation_stream, case_stream, worker_stream
from casework.workers import worker
from chassis.acting import Compose, Situation, Step


async def _allocate(command: AllocateCase, situation: Situation) -> Sequence[Step]:
    stream = allocation_stream(command.case_id)
    of_case, of_worker = case_stream(command.case_id), worker_stream(command.worker)
    await situation.look(
        {of_case: case.DECIDER, of_worker: worker.DECIDER, stream: allocation.DECIDER}
    )
    found = await situation.state(case.DECIDER, of_case)
    lead = await situation.state(worker.DECIDER, of_worker)
    asked = allocation.AllocateLead(found, lead, command.reason, command.words)
    return [Step(allocation.DECIDER, stream, asked, command.case_id, (command.worker,))]


async def _note_overdue(command: NoteAllocationOverdue, situation: Situation) -> list[Step]:
    found = await situation.state(case.DECIDER, command.case_stream)
    # A lead was named or the case closed at the same instant: there is nothing to say.
    if not isinstance(found, case.Open):
        return []
    rule = deadlines.rule_on(found.opened_on)
    noted = allocation.NoteOverdue(found, command.due_on, rule.name)
    stream = allocation_stream(found.case_id)
    return [Step(allocation.DECIDER, stream, noted, found.case_id, (found.child,))]


COMMANDS: Mapping[type, Compose] = {AllocateCase: _allocate, NoteAllocationOverdue: _note_overdue}
