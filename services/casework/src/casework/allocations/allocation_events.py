"""What is recorded of who works on a case: offered, answered, named, joined, left, weighed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from casework.allocations.weight import Factors
from ledger.personal import Block, Personal, SealedIn


class Part(StrEnum):
    """What a worker is in a case (DOMAIN §8)."""

    LEAD = "lead"
    CO_WORKER = "co-worker"
    CONSULTANT = "consultant"


class AllocationReason(StrEnum):
    """Why this worker, now."""

    NEW_CASE = "new-case"
    HANDOVER = "handover"
    ABSENCE = "absence"
    WORKLOAD = "workload"
    SKILLS = "skills"
    FAMILY_REQUEST = "family-request"
    LEFT_SERVICE = "left-service"
    JOINT_WORK = "joint-work"
    ADVICE = "advice"
    REGISTRATION_LAPSED = "registration-lapsed"
    CONFLICT_OF_INTEREST = "conflict-of-interest"
    TRANSFER = "transfer"


class LeavingReason(StrEnum):
    """Why somebody's part in a case ends."""

    WORK_DONE = "work-done"
    WORKLOAD = "workload"
    ABSENCE = "absence"
    LEFT_SERVICE = "left-service"
    REGISTRATION_LAPSED = "registration-lapsed"
    CONFLICT_OF_INTEREST = "conflict-of-interest"
    FAMILY_REQUEST = "family-request"
    MANAGEMENT = "management"


class DeclineReason(StrEnum):
    """Why a worker does not take what he was offered."""

    WORKLOAD = "workload"
    SKILLS = "skills"
    DISTANCE = "distance"
    HOURS = "hours"
    LEAVE = "leave"
    LANGUAGE = "language"
    CONFLICT_OF_INTEREST = "conflict-of-interest"
    OTHER = "other"


class WithdrawalReason(StrEnum):
    """Why an offer is no longer open although nobody answered it."""

    OFFERED_ELSEWHERE = "offered-elsewhere"
    MISTAKE = "mistake"
    # Somebody leads the case now, or it was closed, or the worker left it.
    OVERTAKEN = "overtaken"


class Reach(StrEnum):
    """Whether the work lies in the area that the worker usually works in."""

    OWN_AREA = "own-area"
    OUTSIDE_AREA = "outside-area"
    NOT_SAID = "not-said"


@dataclass(frozen=True, slots=True)
class LeadAwaited:
    """An episode was opened: a lead is to be named by the end of that day in London."""

    case_id: UUID
    child: UUID
    episode: int
    due_on: date
    rule: str


@dataclass(frozen=True, slots=True)
class CaseAllocated:
    """The worker leads the case from now on, in place of the previous one if there was one."""

    case_id: UUID
    child: UUID
    episode: int
    worker: UUID
    previous_worker: UUID | None
    reason: AllocationReason
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class LeadEnded:
    """The worker leads the case no longer and nobody follows him yet: a gap that is told.

    A new lead is to be named by the end of that day in London.
    """

    case_id: UUID
    child: UUID
    episode: int
    worker: UUID
    reason: LeavingReason
    due_on: date
    rule: str
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class WorkerJoined:
    """The worker works on the case beside its lead, as co-worker or consultant."""

    case_id: UUID
    child: UUID
    episode: int
    worker: UUID
    part: Part
    reason: AllocationReason
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class WorkerLeft:
    """The co-worker or consultant works on the case no longer; its lead stays."""

    case_id: UUID
    child: UUID
    episode: int
    worker: UUID
    part: Part
    reason: LeavingReason
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class AllocationOffered:
    """The worker is asked to take a part in the case, and to answer by the end of that day."""

    case_id: UUID
    child: UUID
    episode: int
    offer_id: UUID
    worker: UUID
    part: Part
    reason: AllocationReason
    reach: Reach
    # Tenths of a point, by the formula that weighed the case.
    weight: int
    answer_by: date
    rule: str
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class HandoverOffered:
    """The worker is asked to take the lead over; until he accepts, who leads goes on leading."""

    case_id: UUID
    child: UUID
    episode: int
    offer_id: UUID
    from_worker: UUID
    worker: UUID
    reason: AllocationReason
    reach: Reach
    # Tenths of a point, by the formula that weighed the case.
    weight: int
    answer_by: date
    rule: str
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class AllocationAccepted:
    """The worker takes the part that he was offered."""

    case_id: UUID
    episode: int
    offer_id: UUID
    worker: UUID
    part: Part


@dataclass(frozen=True, slots=True)
class HandoverAccepted:
    """The worker takes the lead over: from this instant he leads, and the earlier lead does not."""

    case_id: UUID
    episode: int
    offer_id: UUID
    from_worker: UUID
    worker: UUID


@dataclass(frozen=True, slots=True)
class AllocationDeclined:
    """The worker does not take what he was offered, for that reason; all stays as it is."""

    case_id: UUID
    child: UUID
    episode: int
    offer_id: UUID
    worker: UUID
    part: Part
    reason: DeclineReason
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class AllocationWithdrawn:
    """The offer was taken back before it was answered."""

    case_id: UUID
    episode: int
    offer_id: UUID
    worker: UUID
    reason: WithdrawalReason


@dataclass(frozen=True, slots=True)
class AllocationUnanswered:
    """The worker did not answer the offer by the end of that day: it is no longer open."""

    case_id: UUID
    episode: int
    offer_id: UUID
    worker: UUID
    answer_by: date


@dataclass(frozen=True, slots=True)
class AllocationEnded:
    """The case was closed: whoever led it, if anybody did, leads it no more.

    Recorded at every closing, so that a lead named at the same instant is one or the other.
    """

    case_id: UUID
    episode: int
    worker: UUID | None


@dataclass(frozen=True, slots=True)
class AllocationOverdue:
    """Nobody was named in the time that the rule allows: until the end of that day in London."""

    case_id: UUID
    episode: int
    due_on: date
    rule: str


@dataclass(frozen=True, slots=True)
class CaseWeighed:
    """How much of a worker's load the case is, in tenths of a point, by that formula."""

    case_id: UUID
    episode: int
    factors: Factors
    weight: int
    formula: str


AllocationEvent: TypeAlias = (
    LeadAwaited
    | CaseAllocated
    | LeadEnded
    | WorkerJoined
    | WorkerLeft
    | AllocationOffered
    | HandoverOffered
    | AllocationAccepted
    | HandoverAccepted
    | AllocationDeclined
    | AllocationWithdrawn
    | AllocationUnanswered
    | AllocationEnded
    | AllocationOverdue
    | CaseWeighed
)
