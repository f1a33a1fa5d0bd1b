"""Histories of an allocation that several tests begin with."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from casework.allocations.allocation import DECIDER
from casework.allocations.allocation_commands import (
    AcceptOffer,
    AllocateLead,
    Candidate,
    DeclineOffer,
    EndPart,
    JoinCase,
    NoteOverdue,
    OfferPart,
)
from casework.allocations.allocation_events import (
    AllocationEnded,
    AllocationOffered,
    AllocationOverdue,
    AllocationReason,
    AllocationWithdrawn,
    CaseAllocated,
    CaseWeighed,
    DeclineReason,
    HandoverOffered,
    LeadAwaited,
    LeavingReason,
    Part,
    Reach,
    WithdrawalReason,
    WorkerJoined,
)
from casework.allocations.weight import CaseType, Complexity, Factors, Travel
from casework.cases.case import Case, Closed, CloseReason, Open
from casework.workers.profile import Registration, RegistrationBody
from casework.workers.worker import NotRegistered, Registered, WorkerKind
from ledger.personal import Plain
from ledger.testing import Given

CASE, CHILD, FAMILY, AMINA, BEN, FAY, OFFER, SECOND = (UUID(int=n) for n in range(1, 9))
OPENED, DUE, CLOSED = date(2025, 9, 1), date(2025, 9, 11), date(2025, 12, 1)
ANSWER_BY = date(2025, 9, 3)
NAME = Plain("Somebody")
NO_WORDS: Plain[str | None] = Plain(None)
RULE = "rules-1"

first_episode = Open(CASE, CHILD, FAMILY, None, 1, OPENED, frozenset())
second_episode = replace(first_episode, episode=2, opened_on=CLOSED)
over = Closed(first_episode, CloseReason.GOALS_MET, CLOSED)
HCPC = Registration(RegistrationBody.HCPC, date(2024, 6, 1), date(2026, 5, 31))
amina = Registered(AMINA, WorkerKind.THERAPIST, (), (), NAME, (HCPC,))
ben = Registered(BEN, WorkerKind.SUPPORT_WORKER, (), (), NAME)
fay = Registered(FAY, WorkerKind.GROUP_FACILITATOR, (), (), NAME)
factors = Factors(CaseType.THERAPY, Complexity.COMPLEX, Travel.NEAR, 1, 2)


def name(
    worker: Registered | NotRegistered,
    case: Case = first_episode,
    reason: AllocationReason = AllocationReason.NEW_CASE,
) -> AllocateLead:
    return AllocateLead(case, Candidate(worker, OPENED), reason, NO_WORDS)


def named(
    worker: UUID, previous: UUID | None, episode: int = 1, reason: str = "new-case"
) -> CaseAllocated:
    return CaseAllocated(CASE, CHILD, episode, worker, previous, AllocationReason(reason), NO_WORDS)


def offer(worker: Registered, part: Part = Part.LEAD, offer_id: UUID = OFFER) -> OfferPart:
    return OfferPart(
        offer_id,
        first_episode,
        Candidate(worker, OPENED),
        part,
        AllocationReason.HANDOVER,
        Reach.OWN_AREA,
        50,
        ANSWER_BY,
        RULE,
        NO_WORDS,
    )


def accept(worker: Registered, offer_id: UUID = OFFER) -> AcceptOffer:
    return AcceptOffer(offer_id, first_episode, Candidate(worker, OPENED), NO_WORDS)


def end(worker: UUID, reason: LeavingReason = LeavingReason.LEFT_SERVICE) -> EndPart:
    return EndPart(first_episode, worker, reason, DUE, RULE, NO_WORDS)


def join(worker: Registered, part: Part = Part.CO_WORKER) -> JoinCase:
    return JoinCase(
        first_episode, Candidate(worker, OPENED), part, AllocationReason.JOINT_WORK, NO_WORDS
    )


awaited = LeadAwaited(CASE, CHILD, 1, DUE, RULE)
amina_leads = named(AMINA, None)
late = NoteOverdue(DUE)
was_late = AllocationOverdue(CASE, 1, DUE, RULE)
terms = (AllocationReason.HANDOVER, Reach.OWN_AREA, 50, ANSWER_BY, RULE, NO_WORDS)
handover = HandoverOffered(CASE, CHILD, 1, OFFER, AMINA, BEN, *terms)
offered = AllocationOffered(CASE, CHILD, 1, OFFER, BEN, Part.LEAD, *terms)
decline = DeclineOffer(OFFER, first_episode, BEN, DeclineReason.WORKLOAD, NO_WORDS)
overtaken = AllocationWithdrawn(CASE, 1, OFFER, BEN, WithdrawalReason.OVERTAKEN)
ben_joined = WorkerJoined(
    CASE, CHILD, 1, BEN, Part.CO_WORKER, AllocationReason.JOINT_WORK, NO_WORDS
)
weighed = CaseWeighed(CASE, 1, factors, 124, "weight-1")

allocation = Given(DECIDER)
waiting = allocation.given(awaited)
led = waiting.given(amina_leads)
handing_over = led.given(handover)
joint = led.given(ben_joined)
overdue = waiting.given(was_late)
ended = led.given(AllocationEnded(CASE, 1, AMINA))
