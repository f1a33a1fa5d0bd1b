"""A plan has versions; one is proposed, comes into force by a decision, is paused, ends."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.plans.links import PlanIncomplete
from casework.plans.plan import (
    DECIDER,
    AnotherVersionProposed,
    BeforeItBegan,
    EndedOtherwise,
    NoSuchPlan,
    NoSuchVersion,
    NotInForce,
    NotPaused,
    NotProposed,
    PausedOtherwise,
)
from casework.plans.plan_commands import (
    ActivateVersion,
    DraftPlan,
    EndPlan,
    EndProposal,
    NominateMonitor,
    PausePlan,
    PlanCommand,
    ProposeVersion,
    ResumePlan,
)
from casework.plans.plan_events import (
    EndReason,
    Ground,
    MonitorNominated,
    PauseReason,
    PlanActivated,
    PlanDrafted,
    PlanEnded,
    PlanPaused,
    PlanProposalEnded,
    PlanProposed,
    PlanResumed,
)
from casework.plans.plan_states import in_force, version_of
from casework.rules.due import DueBy
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from services.casework.tests.plan_samples import MONITOR, a_plan

CASE, CHILD, DRAFT, NEXT, PROPOSAL, LATER, ANN, URGENCY = (UUID(int=n) for n in range(1, 9))
NOVEMBER, YEAR_ON = date(2025, 11, 24), date(2026, 11, 24)
FEBRUARY, MARCH, JUNE = date(2026, 2, 5), date(2026, 3, 2), date(2026, 6, 1)
WORDS = Plain({"therapy": "Play with her parents."})
WHY: Plain[str | None] = Plain(None)

draft = DraftPlan(CASE, CHILD, DRAFT, a_plan(), WORDS)
redraft = replace(draft, draft_id=NEXT, document=a_plan(contacts=()))
drafted = PlanDrafted(CASE, CHILD, 1, DRAFT, a_plan(), WORDS)
redrafted = PlanDrafted(CASE, CHILD, 2, NEXT, a_plan(), WORDS)
propose = ProposeVersion(1, PROPOSAL)
proposed = PlanProposed(CASE, CHILD, 1, PROPOSAL)
activate = ActivateVersion(1, NOVEMBER, Ground.DECISION, PROPOSAL, DueBy(YEAR_ON, "r1"))
activated = PlanActivated(
    CASE, CHILD, 1, NOVEMBER, MONITOR, YEAR_ON, "r1", Ground.DECISION, PROPOSAL
)
pause = PausePlan(FEBRUARY, PauseReason.CONSENT_WITHDRAWN, WHY)
paused = PlanPaused(CASE, CHILD, 1, FEBRUARY, PauseReason.CONSENT_WITHDRAWN, WHY)
resume = ResumePlan(MARCH)
end = EndPlan(JUNE, EndReason.GOALS_MET, Ground.DECISION, LATER)
ended = PlanEnded(CASE, CHILD, 1, JUNE, EndReason.GOALS_MET, Ground.DECISION, LATER)

plan = Given(DECIDER)
written = plan.given(drafted)
on_notice = written.given(proposed)
active = on_notice.given(activated)
at_rest = active.given(paused)
over = active.given(ended)

TRANSITIONS = Transitions(
    {
        "no plan": plan,
        "drafted": written,
        "proposed": on_notice,
        "in force": active,
        "paused": at_rest,
        "ended": over,
    },
    {
        "draft the next version": redraft,
        "propose the version": propose,
        "end the proposal": EndProposal(PROPOSAL),
        "activate by decision": activate,
        "activate as urgent provision": replace(activate, ground=Ground.URGENT, decided_by=URGENCY),
        "nominate a monitor": NominateMonitor(ANN),
        "pause": pause,
        "resume": resume,
        "end": end,
    },
)


def test_versions_are_numbered_and_a_draft_is_written_once() -> None:
    plan.when(draft).then(drafted)
    written.when(draft).then()
    written.when(redraft).then(redrafted)
    state = written.given(redrafted).state
    assert [each.number for each in state.versions] == [1, 2]
    assert version_of(state, 2) == state.versions[1]
    assert version_of(state, 3) is None


def test_a_version_is_proposed_by_one_notice_at_a_time() -> None:
    written.when(propose).then(proposed)
    on_notice.when(propose).then()
    on_notice.when(ProposeVersion(1, LATER)).then_refused(AnotherVersionProposed)
    written.when(ProposeVersion(2, PROPOSAL)).then_refused(NoSuchVersion)
    on_notice.when(EndProposal(PROPOSAL)).then(PlanProposalEnded(CASE, CHILD, 1, PROPOSAL))
    on_notice.when(EndProposal(LATER)).then()


def test_what_a_plan_lacks_is_named_before_it_is_proposed() -> None:
    bare = plan.given(replace(drafted, document=a_plan(views=(), measures=())))
    refusal = bare.when(propose).refusal
    assert isinstance(refusal, PlanIncomplete)
    assert refusal.missing == ("child-view", "parents-view", "measure of therapy")
    assert "therapy" in refusal.details["missing"]


def test_a_version_comes_into_force_by_the_decision_on_its_notice() -> None:
    on_notice.when(activate).then(activated)
    active.when(activate).then()
    written.when(activate).then_refused(NotProposed)
    on_notice.when(replace(activate, decided_by=LATER)).then_refused(NotProposed)
    assert in_force(active.state) is not None


def test_urgent_provision_needs_no_notice_and_leaves_one_standing() -> None:
    urgent = replace(activate, ground=Ground.URGENT, decided_by=URGENCY)
    told = replace(activated, ground=Ground.URGENT, decided_by=URGENCY)
    written.when(urgent).then(told)
    on_notice.given(told).when(activate).then(activated)


def test_a_later_version_takes_the_place_of_the_one_in_force() -> None:
    again = active.given(redrafted, PlanProposed(CASE, CHILD, 2, LATER))
    varied = replace(activate, version=2, from_day=MARCH, decided_by=LATER)
    again.when(varied).then(replace(activated, version=2, from_day=MARCH, decided_by=LATER))


def test_another_worker_monitors_it() -> None:
    active.when(NominateMonitor(ANN)).then(MonitorNominated(CASE, CHILD, ANN, MONITOR))
    active.when(NominateMonitor(MONITOR)).then()
    changed = at_rest.given(MonitorNominated(CASE, CHILD, ANN, MONITOR))
    held = in_force(changed.state)
    assert held is not None
    assert held.monitor == ANN
    written.when(NominateMonitor(ANN)).then_refused(NotInForce)


def test_it_is_paused_and_gone_on_with() -> None:
    active.when(pause).then(paused)
    at_rest.when(pause).then()
    at_rest.when(replace(pause, from_day=MARCH)).then_refused(PausedOtherwise)
    active.when(replace(pause, from_day=date(2025, 11, 1))).then_refused(BeforeItBegan)
    at_rest.when(resume).then(PlanResumed(CASE, CHILD, 1, MARCH))
    at_rest.when(ResumePlan(NOVEMBER)).then_refused(NotPaused)
    active.when(resume).then()


def test_it_ends_by_a_decision_and_can_be_planned_anew() -> None:
    active.when(end).then(ended)
    at_rest.when(end).then(ended)
    over.when(end).then()
    over.when(replace(end, on=MARCH)).then_refused(EndedOtherwise)
    written.when(end).then_refused(NotInForce)
    active.when(replace(end, on=date(2025, 11, 1))).then_refused(BeforeItBegan)
    over.when(redraft).then(redrafted)


def test_the_notice_that_ended_it_stands_no_more() -> None:
    ending = active.given(redrafted, PlanProposed(CASE, CHILD, 2, LATER), ended)
    ending.when(ProposeVersion(2, URGENCY)).then(PlanProposed(CASE, CHILD, 2, URGENCY))


def test_what_is_no_plan_is_answered_as_absent() -> None:
    for each in (propose, activate, pause, resume, end, NominateMonitor(ANN)):
        plan.when(each).then_refused(NoSuchPlan)


commands: st.SearchStrategy[PlanCommand] = st.sampled_from(
    [
        draft,
        redraft,
        propose,
        ProposeVersion(2, LATER),
        EndProposal(PROPOSAL),
        activate,
        replace(activate, version=2, decided_by=LATER),
        NominateMonitor(ANN),
        pause,
        resume,
        end,
    ]
)


@given(st.lists(commands, max_size=20))
def test_a_repeated_command_decides_nothing(history: list[PlanCommand]) -> None:
    so_far = plan
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
