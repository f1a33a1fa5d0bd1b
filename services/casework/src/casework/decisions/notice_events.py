"""What is recorded of a proposal: its text, its service, what the family said, the decision."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn


class Proposal(StrEnum):
    """What the authority proposes to decide (DOMAIN §2.4, §2.5)."""

    PROVIDE = "provide"
    # After an assessment: no service, or not the one that was asked for.
    NOT_PROVIDE = "not-provide"
    VARY = "vary"
    END = "end"
    # The case is to be closed against the family's wish.
    CLOSE = "close"


class AddressedAs(StrEnum):
    """In what part somebody is addressed (ASSR 2005 reg 22)."""

    # The child, who has enough understanding.
    CHILD = "child"
    # For a child without enough understanding, or of a service for himself.
    ADOPTER = "adopter"
    OTHER_ADULT = "other-adult"


class Document(StrEnum):
    """Which notice is served."""

    PROPOSAL = "proposal"
    DECISION = "decision"


class Manner(StrEnum):
    """How representations are made."""

    IN_WRITING = "in-writing"
    AT_A_MEETING = "at-a-meeting"


class Timing(StrEnum):
    """Whether representations came in their time."""

    IN_TIME = "in-time"
    # After the last day; they are considered if nothing is decided yet.
    LATE = "late"


class Outcome(StrEnum):
    """What was decided on a proposal."""

    # The proposal is kept as it was.
    KEPT = "kept"
    # Kept with changes that came of what the family said.
    CHANGED = "changed"
    # What was proposed is not done.
    DROPPED = "dropped"


class Ground(StrEnum):
    """Why a decision could be made on its day (Wales 2005/1512 reg 9(4), the twin of reg 17)."""

    SATISFIED = "satisfied"
    REPRESENTATIONS = "representations"
    PERIOD_OVER = "period-over"


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a notice goes, and in what part."""

    person: UUID
    addressed_as: AddressedAs


@dataclass(frozen=True, slots=True)
class Basis:
    """What a proposal rests on: a completed assessment, and the plan version that it would bring.

    None: there is no assessment yet, or the proposal brings no version of the plan.
    """

    assessment: UUID | None
    plan_version: int | None


@dataclass(frozen=True, slots=True)
class ServiceProposed:
    """A proposal was written, with the exact text of its notice: nobody has been told of it yet."""

    notice_id: UUID
    case_id: UUID
    child: UUID
    proposal: Proposal
    services: tuple[str, ...]
    addressee: Addressee
    basis: Basis
    proposed_by: str
    text: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class ProposalReworded:
    """The notice has a new text, before it was issued; the earlier one stays on record."""

    notice_id: UUID
    child: UUID
    text_version: int
    by: str
    text: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class NoticeIssued:
    """The notice is to be served, in that version of its text, on its addressee.

    It allows so many days for representations, from its service, by the rule of that name.
    """

    notice_id: UUID
    child: UUID
    addressee: UUID
    text_version: int
    on: date
    representation_days: int
    rule: str


@dataclass(frozen=True, slots=True)
class ProposalServed:
    """The notice counts as served on that day: representations can be made until the last day."""

    notice_id: UUID
    attempt: int
    method: str
    deemed_on: date
    last_day: date
    rule: str


@dataclass(frozen=True, slots=True)
class ServiceOfProposalFailed:
    """The notice did not reach its addressee: no period runs, and one that ran does so no more."""

    notice_id: UUID
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True)
class RepresentationMade:
    """Somebody said what he thinks of the proposal, in time or late."""

    notice_id: UUID
    child: UUID
    representation_id: UUID
    by: UUID
    manner: Manner
    on: date
    timing: Timing
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class FamilySatisfied:
    """Whom the notice is addressed to, or the child, said that the proposal is as it should be."""

    notice_id: UUID
    by: UUID
    on: date


@dataclass(frozen=True, slots=True)
class RepresentationPeriodEnded:
    """The last day for representations is over: from now on a decision can be made."""

    notice_id: UUID
    last_day: date


@dataclass(frozen=True, slots=True)
class ProposalWithdrawn:
    """The authority does not go on with the proposal, for a reason in words.

    `issued_version`: the notice that is not to be served any more; None where none was issued.
    """

    notice_id: UUID
    child: UUID
    on: date
    issued_version: int | None
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """The authority decided, with reasons, on that day and on that ground.

    `from_day`: from when the plan version is in force, or after which day what ends is over.
    `urgent`: the urgent provision that stood in for an assessment. `monitor`: who is nominated to
    monitor the plan.
    """

    notice_id: UUID
    case_id: UUID
    child: UUID
    proposal: Proposal
    outcome: Outcome
    ground: Ground
    on: date
    decided_by: str
    basis: Basis
    from_day: date | None
    monitor: UUID | None
    urgent: UUID | None
    reasons: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class DecisionNoticeIssued:
    """The notice of the decision is to be served, with that exact text, on its addressee."""

    notice_id: UUID
    child: UUID
    addressee: UUID
    text_version: int
    on: date
    text: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class DecisionNoticeServed:
    """The notice of the decision counts as served on that day."""

    notice_id: UUID
    attempt: int
    method: str
    deemed_on: date


@dataclass(frozen=True, slots=True)
class ServiceOfDecisionFailed:
    """The notice of the decision did not reach its addressee; the decision stands."""

    notice_id: UUID
    attempt: int
    reason: str


NoticeEvent: TypeAlias = (
    ServiceProposed
    | ProposalReworded
    | NoticeIssued
    | ProposalServed
    | ServiceOfProposalFailed
    | RepresentationMade
    | FamilySatisfied
    | RepresentationPeriodEnded
    | ProposalWithdrawn
    | DecisionMade
    | DecisionNoticeIssued
    | DecisionNoticeServed
    | ServiceOfDecisionFailed
)
