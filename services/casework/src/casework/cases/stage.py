"""At which stage of the pathway a case stands (DOMAIN §2.1), derived from the facts of all rooms.

Each fact sets or takes away marks; the first mark of the ranking says the stage. Nobody sets a
stage by hand, and what goes on beside the pathway (safeguarding, consent to share, funding, groups)
does not touch it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from casework.allocations.allocation_events import AllocationEnded, CaseAllocated, LeadEnded
from casework.assessments.assessment_events import AssessmentAbandoned, AssessmentStarted
from casework.cases.case import CaseClosed, CaseOpened, CaseTakenOver, EpisodeOpened
from casework.cases.reopening import CaseReopened
from casework.consents.consent import ASSESS
from casework.consents.consent_events import ConsentBegan, ConsentCeased
from casework.decisions.notice_events import (
    DecisionMade,
    NoticeIssued,
    ProposalServed,
    ProposalWithdrawn,
    ServiceOfProposalFailed,
)
from casework.plans.plan_events import PlanActivated, PlanEnded, PlanPaused, PlanResumed
from casework.reviews.review_events import ReviewCompleted, ReviewsCeased, ReviewStarted
from casework.sessions.intervention import InterventionPaused, InterventionResumed, PauseCause
from casework.transfers.events import CustodyPassed


class Stage(StrEnum):
    """How far the work of the episode is."""

    CONSENT_PENDING = "consent-pending"
    WAITING = "waiting"
    ALLOCATED = "allocated"
    ASSESSING = "assessing"
    PROPOSED = "proposed"
    IN_REPRESENTATIONS = "in-representations"
    DECIDED = "decided"
    PLAN_ACTIVE = "plan-active"
    PAUSED = "paused"
    UNDER_REVIEW = "under-review"
    CLOSED = "closed"
    TRANSFERRED_OUT = "transferred-out"


def paused_for(cause: str) -> str:
    """Return the mark of a pause: several causes may pause the work at once."""
    return f"{Stage.PAUSED}:{cause}"


_PLAN = paused_for("plan")
PAUSES: Final = (*(paused_for(each) for each in PauseCause), _PLAN)
RANKING: Final = (
    Stage.TRANSFERRED_OUT.value,
    Stage.CLOSED.value,
    *PAUSES,
    Stage.IN_REPRESENTATIONS.value,
    Stage.PROPOSED.value,
    Stage.UNDER_REVIEW.value,
    Stage.PLAN_ACTIVE.value,
    Stage.DECIDED.value,
    Stage.ASSESSING.value,
    Stage.ALLOCATED.value,
    Stage.WAITING.value,
)
"""Marks, the one that says most first; without any, consent is pending.

While a notice stands the case is in it, also where a plan is in force that it would change.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What a fact does to the marks: those that it takes away, then those that it sets."""

    sets: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()


_PROPOSAL = (Stage.PROPOSED.value, Stage.IN_REPRESENTATIONS.value)
# An episode begins and ends without marks but for the consent and the pauses of the direct work,
# which go on until they are ended by themselves.
_STAY = {Stage.WAITING.value, *PAUSES} - {_PLAN}
_ALL = tuple(each for each in RANKING if each not in _STAY)
_BEFORE_A_PLAN = (*_PROPOSAL, Stage.DECIDED.value, Stage.ASSESSING.value)
NOTHING: Final = Change()

_CHANGES: Final[Mapping[type, Change]] = {
    CaseOpened: Change(clears=_ALL),
    EpisodeOpened: Change(clears=_ALL),
    CaseReopened: Change(clears=_ALL),
    CaseTakenOver: Change(clears=_ALL),
    CustodyPassed: Change((Stage.TRANSFERRED_OUT,)),
    CaseClosed: Change((Stage.CLOSED,), _ALL),
    CaseAllocated: Change((Stage.ALLOCATED,)),
    AllocationEnded: Change(clears=(Stage.ALLOCATED,)),
    LeadEnded: Change(clears=(Stage.ALLOCATED,)),
    AssessmentStarted: Change((Stage.ASSESSING,), (Stage.DECIDED,)),
    AssessmentAbandoned: Change(clears=(Stage.ASSESSING,)),
    NoticeIssued: Change((Stage.PROPOSED,)),
    ProposalServed: Change((Stage.IN_REPRESENTATIONS,)),
    ServiceOfProposalFailed: Change(clears=(Stage.IN_REPRESENTATIONS,)),
    ProposalWithdrawn: Change(clears=_PROPOSAL),
    DecisionMade: Change((Stage.DECIDED,), _PROPOSAL),
    PlanActivated: Change((Stage.PLAN_ACTIVE,), _BEFORE_A_PLAN),
    PlanEnded: Change(clears=(Stage.PLAN_ACTIVE, _PLAN)),
    PlanPaused: Change((_PLAN,)),
    PlanResumed: Change(clears=(_PLAN,)),
    ReviewStarted: Change((Stage.UNDER_REVIEW,)),
    ReviewCompleted: Change(clears=(Stage.UNDER_REVIEW,)),
    ReviewsCeased: Change(clears=(Stage.UNDER_REVIEW,)),
}


def change(event: object) -> Change:
    """Say what a fact does to the marks; most facts do nothing."""
    match event:
        case ConsentBegan(matter=matter) if matter == ASSESS:
            return Change((Stage.WAITING,))
        case ConsentCeased(matter=matter) if matter == ASSESS:
            return Change(clears=(Stage.WAITING,))
        case InterventionPaused(cause=cause):
            return Change((paused_for(cause),))
        case InterventionResumed(cause=cause):
            return Change(clears=(paused_for(cause),))
        case _:
            return _CHANGES.get(type(event), NOTHING)


@dataclass(frozen=True, slots=True)
class Standing:
    """The marks of a case, and since when it stands at the stage that they say."""

    marks: frozenset[str]
    since: datetime

    @property
    def stage(self) -> Stage:
        """The stage that the marks say."""
        return stage_of(self.marks)


def stage_of(marks: frozenset[str]) -> Stage:
    """Return the stage that the marks say."""
    first = next((each for each in RANKING if each in marks), Stage.CONSENT_PENDING.value)
    return Stage(first.partition(":")[0])


def follow(standing: Standing, event: object, at: datetime) -> Standing:
    """Return how a case stands after a fact that happened then."""
    asked = change(event)
    marks = standing.marks - frozenset(asked.clears) | frozenset(asked.sets)
    since = standing.since if stage_of(marks) is standing.stage else at
    return Standing(marks, since)
