"""The stage of a case follows from its facts, the same in Python and in the read model."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from casework.allocations.allocation_events import (
    AllocationEnded,
    AllocationReason,
    CaseAllocated,
)
from casework.assessments.assessment_events import AssessmentStarted
from casework.cases.case import (
    AcceptedReferral,
    CaseClosed,
    CaseOpened,
    CloseReason,
    EpisodeOpened,
)
from casework.cases.stage import RANKING, Stage, Standing, change, follow, paused_for, stage_of
from casework.cases.stages import project
from casework.consents.consent import ASSESS, THERAPY
from casework.consents.consent_events import ConsentBegan, ConsentCeased
from casework.decisions.notice_events import (
    DecisionMade,
    NoticeIssued,
    ProposalServed,
    ServiceOfProposalFailed,
)
from casework.plans.plan_events import PlanActivated
from casework.reviews.review_events import ReviewStarted
from casework.sessions.intervention import InterventionPaused, InterventionResumed, PauseCause
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office

TENANT = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
CASE, CHILD, FAMILY, TESS = (UUID(int=n) for n in range(1, 5))
DAY = date(2025, 9, 4)
AT = datetime(2025, 9, 4, 9, tzinfo=UTC)
WORDS: Plain[Any] = Plain("words")

referral = AcceptedReferral(uuid4(), "WM-25-7K4", FAMILY, None, (), "westmarch", DAY)
opened = CaseOpened(CASE, CHILD, referral)
allocated = CaseAllocated(CASE, CHILD, 1, TESS, None, AllocationReason.NEW_CASE, WORDS)
ended = AllocationEnded(CASE, 1, TESS)
closed = CaseClosed(CASE, CHILD, 1, CloseReason.GOALS_MET, DAY, WORDS)
again = EpisodeOpened(CASE, CHILD, 2, referral)
began, ceased = ConsentBegan(CASE, CHILD, ASSESS), ConsentCeased(CASE, CHILD, ASSESS)
paused = InterventionPaused(CASE, CHILD, PauseCause.CONSENT, DAY, WORDS)
resumed = InterventionResumed(CASE, CHILD, PauseCause.CONSENT, DAY, WORDS)
no_worker = InterventionPaused(CASE, CHILD, PauseCause.NO_WORKER, DAY, WORDS)


def of(kind: type) -> object:
    """Make some fact of a kind whose particulars do not matter to the stage."""
    return object.__new__(kind)


assessing, active, review = of(AssessmentStarted), of(PlanActivated), of(ReviewStarted)

PATH = (
    (opened, Stage.CONSENT_PENDING),
    (ConsentBegan(CASE, CHILD, THERAPY), Stage.CONSENT_PENDING),
    (began, Stage.WAITING),
    (allocated, Stage.ALLOCATED),
    (assessing, Stage.ASSESSING),
    (of(NoticeIssued), Stage.PROPOSED),
    (of(ProposalServed), Stage.IN_REPRESENTATIONS),
    (of(ServiceOfProposalFailed), Stage.PROPOSED),
    (of(ProposalServed), Stage.IN_REPRESENTATIONS),
    (of(DecisionMade), Stage.DECIDED),
    (active, Stage.PLAN_ACTIVE),
    (paused, Stage.PAUSED),
    (no_worker, Stage.PAUSED),
    (resumed, Stage.PAUSED),
    (
        InterventionResumed(CASE, CHILD, PauseCause.NO_WORKER, DAY, WORDS),
        Stage.PLAN_ACTIVE,
    ),
    (review, Stage.UNDER_REVIEW),
    (closed, Stage.CLOSED),
    (ended, Stage.CLOSED),
    (again, Stage.WAITING),
    (ceased, Stage.CONSENT_PENDING),
    (allocated, Stage.ALLOCATED),
)


def test_a_case_goes_along_its_pathway_by_facts_alone() -> None:
    standing = Standing(frozenset(), AT)
    for event, stage in PATH:
        standing = follow(standing, event, AT)
        assert standing.stage is stage


def test_the_stage_keeps_the_day_on_which_it_was_reached() -> None:
    later, latest = AT + timedelta(days=1), AT + timedelta(days=2)
    standing = follow(Standing(frozenset(), AT), allocated, later)
    assert standing.since == later
    assert follow(standing, allocated, latest).since == later
    assert follow(standing, ended, latest).since == latest


def test_every_mark_says_a_stage_and_every_stage_has_one_but_the_first() -> None:
    said = {stage_of(frozenset({each})) for each in RANKING}
    assert said == set(Stage) - {Stage.CONSENT_PENDING}
    assert stage_of(frozenset({Stage.PLAN_ACTIVE, paused_for("consent")})) is Stage.PAUSED


def recorded(event: object, at: datetime) -> Recorded[Any]:
    some = UUID(int=99)
    envelope = Envelope(
        event_id=some,
        tenant=TENANT,
        category="Any",
        stream_id=some,
        version=1,
        position=1,
        type=type(event).__name__,
        schema_version=1,
        occurred=Occurred(at),
        recorded_at=at,
        actor=Actor("somebody", "therapist"),
        command_id=some,
        correlation_id=some,
        case_id=CASE,
    )
    return Recorded(event, envelope)


@pytest.mark.asyncio(loop_scope="session")
async def test_the_read_model_says_the_same(office: "Office") -> None:
    rows = await asyncpg.connect(office.superuser)
    tried = rows.transaction()
    await tried.start()
    standing, at = Standing(frozenset(), AT), AT
    for event, stage in PATH:
        at += timedelta(days=1)
        standing = follow(standing, event, at)
        for write in project(recorded(event, at)):
            await rows.execute(write.statement.sql, *write.arguments)
        row = await rows.fetchrow("select * from read.stages where case_id = $1", CASE)
        assert row is not None
        assert (row["stage"], frozenset(row["marks"])) == (stage.value, standing.marks)
        if change(event).sets:
            assert row["since"] == standing.since
    await tried.rollback()
    await rows.close()
