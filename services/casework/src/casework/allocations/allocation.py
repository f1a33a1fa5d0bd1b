"""Who works on a case: exactly one worker who leads it, or a gap that is told; others beside him.

Each naming is a fact with its reason; the one before stays. A handover is a pair of facts, offered
and accepted: until the second the earlier lead leads, from it on the later. A case that nobody
leads when the time allowed is over gets a fact that says so. Closing the case ends it all.
"""

from typing import assert_never

from casework.allocations.allocation_commands import (
    AcceptOffer,
    AllocateLead,
    AllocationCommand,
    AwaitLead,
    DeclineOffer,
    EndAllocation,
    EndPart,
    JoinCase,
    NoteOverdue,
    NoteUnanswered,
    OfferPart,
    WeighCase,
    WithdrawOffer,
)
from casework.allocations.allocation_events import (
    AllocationEnded,
    AllocationEvent,
    AllocationOverdue,
    AllocationReason,
    CaseAllocated,
    CaseWeighed,
    LeadAwaited,
    Part,
)
from casework.allocations.allocation_states import (
    Allocation,
    Ended,
    Led,
    NotAwaited,
    Unallocated,
    Weighed,
)
from casework.allocations.folding import evolve
from casework.allocations.naming import ended, joined, led, left, taking
from casework.allocations.offering import accepted, declined, offered, taken_back, unanswered
from casework.cases.case import open_case
from ledger.decider import Decider

__all__ = [
    "DECIDER",
    "AllocateLead",
    "Allocation",
    "AllocationEnded",
    "AllocationOverdue",
    "AllocationReason",
    "CaseAllocated",
    "EndAllocation",
    "Ended",
    "Led",
    "decide",
    "evolve",
]


def decide(  # noqa: C901, PLR0911, PLR0912 # a table: one row a command
    command: AllocationCommand, allocation: Allocation
) -> list[AllocationEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command:
        case AwaitLead():
            return _awaited(command, allocation)
        case AllocateLead(case, candidate, reason, words):
            who = taking(candidate, Part.LEAD)
            return led(open_case(case), who, reason, words, allocation)
        case JoinCase():
            return joined(command, open_case(command.case), allocation)
        case OfferPart():
            return offered(command, allocation)
        case AcceptOffer():
            return accepted(command, allocation)
        case DeclineOffer():
            return declined(command, allocation)
        case WithdrawOffer():
            return taken_back(command, allocation)
        case NoteUnanswered():
            return unanswered(command, allocation)
        case EndPart():
            return left(command, allocation)
        case WeighCase():
            return _weighed(command, allocation)
        case EndAllocation(case=case):
            return ended(case, allocation)
        case NoteOverdue():
            return _noted(command, allocation)
        case _:
            assert_never(command)


def _awaited(command: AwaitLead, allocation: Allocation) -> list[AllocationEvent]:
    match allocation:
        case NotAwaited():
            pass
        case Ended(episode=over) if over < command.episode:
            pass
        # Awaited already, or named in the same breath.
        case _:
            return []
    return [
        LeadAwaited(command.case_id, command.child, command.episode, command.due_on, command.rule)
    ]


def _weighed(command: WeighCase, allocation: Allocation) -> list[AllocationEvent]:
    case = open_case(command.case)
    said = Weighed(command.factors, command.weight, command.formula)
    if allocation.around.weight == said:
        return []
    return [CaseWeighed(case.case_id, case.episode, said.factors, said.weight, said.formula)]


def _noted(command: NoteOverdue, allocation: Allocation) -> list[AllocationEvent]:
    match allocation:
        case Unallocated(case_id, _, episode, due_on, rule) if due_on == command.due_on:
            return [AllocationOverdue(case_id, episode, due_on, rule)]
        # Noted already, or a lead was named or the case closed in the same instant.
        case _:
            return []


DECIDER: Decider[AllocationCommand, Allocation, AllocationEvent] = Decider(
    "Allocation", NotAwaited(), decide, evolve
)
