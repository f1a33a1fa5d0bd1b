"""Which streams a command on a case goes to, and what is looked up for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework.allocations import allocation
from casework.cases import case
from casework.cases.commands import CloseCase
from casework.streams import allocation_stream, case_of_child, case_stream
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day


async def _take_on(command: case.TakeOnReferral, situation: Situation) -> Sequence[Step]:
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
        return [Step(case.DECIDER, stream, command, case_id, subjects, take=(claim,))]
    return [Step(case.DECIDER, held, command, case_id, subjects)]


def _case_id(found: case.Case) -> UUID | None:
    match found:
        case case.Open(case_id=case_id) | case.Closed(last=case.Open(case_id=case_id)):
            return case_id
        case case.NotOpened():
            return None


async def _close(command: CloseCase, situation: Situation) -> list[Step]:
    """Close the case and end its allocation, both or neither."""
    stream, of_lead = case_stream(command.case_id), allocation_stream(command.case_id)
    await situation.look({stream: case.DECIDER, of_lead: allocation.DECIDER})
    found = await situation.state(case.DECIDER, stream)
    on = command.on or london_day(await situation.now())
    end = case.EndCase(command.reason, on, command.summary)
    return [
        Step(case.DECIDER, stream, end, command.case_id, case.people_of(found)),
        Step(
            allocation.DECIDER,
            of_lead,
            allocation.EndAllocation(found),
            command.case_id,
            case.people_of(found),
        ),
    ]


COMMANDS: Mapping[type, Compose] = {case.TakeOnReferral: _take_on, CloseCase: _close}
