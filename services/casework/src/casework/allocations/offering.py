"""What workers are asked to take on, and what they answer. Pure."""

from uuid import UUID

from casework.allocations.allocation_commands import (
    AcceptOffer,
    DeclineOffer,
    JoinCase,
    NoteUnanswered,
    OfferPart,
    WithdrawOffer,
)
from casework.allocations.allocation_events import (
    AllocationAccepted,
    AllocationDeclined,
    AllocationEvent,
    AllocationOffered,
    AllocationUnanswered,
    HandoverAccepted,
    HandoverOffered,
    Part,
)
from casework.allocations.allocation_states import Allocation, Answer, Led, Offer, lead_of
from casework.allocations.naming import (
    LeadsAlready,
    joined,
    led,
    refuse_closed,
    taking,
    withdrawn,
)
from casework.cases.case import Open, open_case
from casework.workers.worker import known_worker
from ledger.decider import Refusal


class NoSuchOffer(Refusal):
    """That was not offered to this worker in this case."""


class OfferNotOpen(Refusal):
    """The offer was answered, taken back, or its time is over."""


class OfferedAlready(Refusal):
    """The worker has an offer of the same part that he has not answered."""


class HasThatPart(Refusal):
    """The worker has that part in the case already."""


def offered(command: OfferPart, allocation: Allocation) -> list[AllocationEvent]:
    """Ask a worker; the lead of a case that is led is offered as a handover."""
    case, who, part = open_case(command.case), taking(command.candidate, command.part), command.part
    refuse_closed(case, allocation)
    around = allocation.around
    # The same offer again is the same answer, so that callers may retry.
    if around.offer(command.offer_id):
        return []
    if lead_of(allocation) == who:
        raise LeadsAlready
    if around.part_of(who) is part:
        raise HasThatPart
    if any((each.worker, each.part) == (who, part) for each in around.open):
        raise OfferedAlready
    if part is Part.LEAD and isinstance(allocation, Led):
        return [_handover(command, case, allocation.worker, who)]
    return [
        AllocationOffered(
            case.case_id,
            case.child,
            case.episode,
            command.offer_id,
            who,
            part,
            command.reason,
            command.reach,
            command.weight,
            command.answer_by,
            command.rule,
            command.words,
        )
    ]


def _handover(command: OfferPart, case: Open, lead: UUID, who: UUID) -> HandoverOffered:
    return HandoverOffered(
        case.case_id,
        case.child,
        case.episode,
        command.offer_id,
        lead,
        who,
        command.reason,
        command.reach,
        command.weight,
        command.answer_by,
        command.rule,
        command.words,
    )


def accepted(command: AcceptOffer, allocation: Allocation) -> list[AllocationEvent]:
    """Let the worker have the part: two facts in one append, so that there is never another."""
    case = open_case(command.case)
    offer = _of_worker(allocation, command.offer_id, known_worker(command.candidate.worker).worker)
    if offer.answer is Answer.ACCEPTED:
        return []
    _refuse_answered(offer)
    who = taking(command.candidate, offer.part)
    taken = AllocationAccepted(case.case_id, case.episode, offer.offer_id, who, offer.part)
    if offer.part is not Part.LEAD:
        join = JoinCase(case, command.candidate, offer.part, offer.reason, command.words)
        return [taken, *joined(join, case, allocation)]
    named = led(case, who, offer.reason, command.words, allocation)
    # Of the offers of the lead this one is answered; only the others are overtaken.
    rest = [each for each in named if getattr(each, "offer_id", None) != offer.offer_id]
    if isinstance(allocation, Led):
        over = HandoverAccepted(case.case_id, case.episode, offer.offer_id, allocation.worker, who)
        return [over, *rest]
    return [taken, *rest]


def declined(command: DeclineOffer, allocation: Allocation) -> list[AllocationEvent]:
    """Note that a worker does not take what he was offered, and why."""
    case = open_case(command.case)
    offer = _of_worker(allocation, command.offer_id, command.worker)
    if offer.answer is Answer.DECLINED:
        return []
    _refuse_answered(offer)
    return [
        AllocationDeclined(
            case.case_id,
            case.child,
            case.episode,
            offer.offer_id,
            offer.worker,
            offer.part,
            command.reason,
            command.words,
        )
    ]


def taken_back(command: WithdrawOffer, allocation: Allocation) -> list[AllocationEvent]:
    """Take an offer back that nobody answered."""
    case, offer = open_case(command.case), allocation.around.offer(command.offer_id)
    if offer is None:
        raise NoSuchOffer
    if offer.answer is Answer.WITHDRAWN:
        return []
    _refuse_answered(offer)
    return withdrawn(case, [offer], command.reason)


def unanswered(command: NoteUnanswered, allocation: Allocation) -> list[AllocationEvent]:
    """Note that the time for an answer is over."""
    offer = allocation.around.offer(command.offer_id)
    match command.case:
        case Open(case_id=case_id, episode=episode) if offer and offer.answer is Answer.OPEN:
            return [
                AllocationUnanswered(
                    case_id, episode, offer.offer_id, offer.worker, offer.answer_by
                )
            ]
        # Answered at the last moment, or noted already.
        case _:
            return []


def _of_worker(allocation: Allocation, offer_id: UUID, worker: UUID) -> Offer:
    offer = allocation.around.offer(offer_id)
    if offer is None or offer.worker != worker:
        raise NoSuchOffer
    return offer


def _refuse_answered(offer: Offer) -> None:
    if offer.answer is not Answer.OPEN:
        raise OfferNotOpen
