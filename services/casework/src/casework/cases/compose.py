"""Which streams a command on a case goes to, and what is looked up for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework.allocations.allocating import await_lead
from casework.cases import case
from casework.streams import case_of_child, case_stream
from chassis.acting import Compose, Situation, Step


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


COMMANDS: Mapping[type, Compose] = {case.TakeOnReferral: _take_on}
