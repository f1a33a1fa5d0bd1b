"""Which streams a command on a case goes to, and what is looked up for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework.allocations import allocation, allocation_commands
from casework.allocations.allocating import await_lead
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
    wait = _lead_awaited(command, found, case_id, situation)
    if held is None:
        return [Step(case.DECIDER, stream, command, case_id, subjects, take=(claim,)), *wait]
    return [Step(case.DECIDER, held, command, case_id, subjects), *wait]


def _lead_awaited(
    command: case.TakeOnReferral, found: case.Case, case_id: UUID, situation: Situation
) -> list[Step]:
    """Wait for a lead where an episode is opened: in a new case, or in one that was closed."""
    accepted_on = command.referral.accepted_on
    match found:
        case case.Open():
            return []
        case case.NotOpened():
            return [await_lead(situation, case_id, command.child, 1, accepted_on)]
        case case.Closed(last=last):
            if command.referral.referral_id in last.referrals:
                return []
            return [await_lead(situation, case_id, last.child, last.episode + 1, accepted_on)]


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
            allocation_commands.EndAllocation(found),
            command.case_id,
            case.people_of(found),
        ),
    ]


COMMANDS: Mapping[type, Compose] = {case.TakeOnReferral: _take_on, CloseCase: _close}
