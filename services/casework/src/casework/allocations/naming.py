"""Who is named to lead a case or to work on it beside the lead, and who leaves it. Pure."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from casework.allocations.allocation_commands import Candidate, EndPart, JoinCase
from casework.allocations.allocation_events import (
    AllocationEnded,
    AllocationEvent,
    AllocationReason,
    AllocationWithdrawn,
    CaseAllocated,
    LeadEnded,
    LeavingReason,
    Part,
    WithdrawalReason,
    WorkerJoined,
    WorkerLeft,
)
from casework.allocations.allocation_states import Allocation, Ended, Led, Offer, lead_of
from casework.allocations.conflict import ConflictOfInterest, InConflict
from casework.cases.case import Case, CaseIsClosed, Closed, NoSuchCase, NotOpened, Open
from casework.workers.work import RegistrationLapsed
from casework.workers.worker import WorkerKind, known_worker
from ledger.decider import Refusal
from ledger.personal import Plain

_WORKERS: Final = frozenset(WorkerKind) - {WorkerKind.GROUP_FACILITATOR}
MAY_TAKE: Final = {
    Part.LEAD: _WORKERS,
    Part.CO_WORKER: _WORKERS,
    # Who works under somebody's plan is asked for work, not for advice.
    Part.CONSULTANT: _WORKERS - {WorkerKind.SUPPORT_WORKER},
}
"""Kinds of worker who may have a part in a case."""

GONE: Final = frozenset({LeavingReason.CONFLICT_OF_INTEREST, LeavingReason.LEFT_SERVICE})
"""Who leaves for these is asked for nothing else in the case."""


class MayNotLead(Refusal):
    """A worker of this kind leads no cases."""


class MayNotTakePart(Refusal):
    """A worker of this kind takes no such part in a case."""


class LeadsAlready(Refusal):
    """The worker leads the case: nobody works beside himself."""


def taking(candidate: Candidate, part: Part) -> UUID:
    """Return the worker who may take a part in a case.

    Who leads answers for the work: where his profession has a register, he stands on it that day.
    Raises WorkerUnknown, ConflictOfInterest, MayNotLead, MayNotTakePart, RegistrationLapsed.
    """
    worker = known_worker(candidate.worker)
    if any(isinstance(each, InConflict) for each in candidate.conflicts):
        raise ConflictOfInterest
    if worker.kind not in MAY_TAKE[part]:
        raise MayNotLead if part is Part.LEAD else MayNotTakePart
    if part is Part.LEAD and not worker.registered_on(candidate.on):
        raise RegistrationLapsed
    return worker.worker


def led(
    case: Open,
    who: UUID,
    reason: AllocationReason,
    words: Plain[str | None],
    allocation: Allocation,
) -> list[AllocationEvent]:
    """Let a worker lead; whatever else was offered of the lead is overtaken by it."""
    match allocation:
        # The same lead again is the same answer, so that callers may retry.
        case Led(worker=held) if held == who:
            return []
        case _:
            refuse_closed(case, allocation)
    previous = lead_of(allocation)
    named = CaseAllocated(case.case_id, case.child, case.episode, who, previous, reason, words)
    others = (each for each in allocation.around.open if each.part is Part.LEAD)
    return [named, *withdrawn(case, others)]


def joined(command: JoinCase, case: Open, allocation: Allocation) -> list[AllocationEvent]:
    """Let a worker work beside the lead; in another part than before, in that one alone."""
    # The lead is named, never joined.
    if command.part is Part.LEAD:
        raise MayNotTakePart
    who = taking(command.candidate, command.part)
    refuse_closed(case, allocation)
    if lead_of(allocation) == who:
        raise LeadsAlready
    if allocation.around.part_of(who) is command.part:
        return []
    return [
        WorkerJoined(
            case.case_id,
            case.child,
            case.episode,
            who,
            command.part,
            command.reason,
            command.words,
        )
    ]


def left(command: EndPart, allocation: Allocation) -> list[AllocationEvent]:
    """End a worker's part; nobody is left without a fact, nor a gap without its last day."""
    case = command.case
    match case:
        case NotOpened():
            raise NoSuchCase
        # With the case all parts ended.
        case Closed():
            return []
        case Open():
            pass
    who, reason, words = command.worker, command.reason, command.words
    about = (case.case_id, case.child, case.episode, who)
    gone: list[AllocationEvent] = []
    if reason in GONE:
        gone = withdrawn(case, (each for each in allocation.around.open if each.worker == who))
    part = allocation.around.part_of(who)
    if lead_of(allocation) == who:
        return [LeadEnded(*about, reason, command.due_on, command.rule, words), *gone]
    # Said again, or never so: there is nothing to end.
    return gone if part is None else [WorkerLeft(*about, part, reason, words), *gone]


def ended(case: Case, allocation: Allocation) -> list[AllocationEvent]:
    """End all with the closing of the case; what was offered is overtaken."""
    match case:
        case NotOpened():
            raise NoSuchCase
        # The closing is heard of again.
        case Closed():
            return []
        case Open(case_id=case_id, episode=episode):
            over = AllocationEnded(case_id, episode, lead_of(allocation))
            return [over, *withdrawn(case, allocation.around.open)]


def withdrawn(
    case: Open,
    offers: Iterable[Offer],
    reason: WithdrawalReason = WithdrawalReason.OVERTAKEN,
) -> list[AllocationEvent]:
    """Take offers back."""
    return [
        AllocationWithdrawn(case.case_id, case.episode, each.offer_id, each.worker, reason)
        for each in offers
    ]


def refuse_closed(case: Open, allocation: Allocation) -> None:
    """Refuse what comes in the very instant of the closing, in which the case was read as open."""
    if isinstance(allocation, Ended) and case.episode <= allocation.episode:
        raise CaseIsClosed
