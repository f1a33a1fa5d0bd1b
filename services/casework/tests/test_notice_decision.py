"""Nothing is decided before the family had its say, and nothing without what it rests on."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from casework.decisions.grounds import ends
from casework.decisions.notice_commands import (
    BeSatisfied,
    Found,
    NotePeriodOver,
    NoteServed,
    NoteServiceFailed,
    NoticeCommand,
    Reword,
)
from casework.decisions.notice_events import (
    Basis,
    DecisionMade,
    DecisionNoticeIssued,
    DecisionNoticeServed,
    Document,
    FamilySatisfied,
    Ground,
    Outcome,
    Proposal,
    ProposalServed,
    RepresentationMade,
    ServiceOfDecisionFailed,
)
from casework.decisions.refusals import (
    AssessmentNotCompleted,
    DecidedBefore,
    DecidedOtherwise,
    FromDayMissing,
    NoticeNotIssued,
    NoticeNotServed,
    NotTheirNotice,
    OwnProposal,
    RepresentationsOpen,
)
from services.casework.tests.notice_samples import (
    ASSESSMENT,
    AUNT,
    CHILD,
    DEC_1,
    DEC_2,
    NOTICE,
    NOV_14,
    NOV_24,
    TEXT,
    URGENT,
    WORKER,
    bounce,
    content,
    decide,
    decided,
    disputed,
    done,
    drafted,
    ended,
    issue,
    issued,
    notice,
    out,
    over,
    propose,
    represent,
    represented,
    running,
    satisfied,
    satisfy,
    serve,
    served,
    there,
    told,
    withdraw,
    written,
)


def test_a_decision_before_its_time_is_refused_until_a_day_that_it_names() -> None:
    refused = running.when(replace(decide, on=DEC_1))
    refused.then_refused(RepresentationsOpen)
    assert refused.refusal is not None
    assert refused.refusal.details == {"until": "2025-12-01"}
    out.when(decide).then_refused(NoticeNotServed)
    drafted.when(decide).then_refused(NoticeNotIssued)


def test_it_is_decided_when_the_family_is_satisfied() -> None:
    running.when(satisfy).then(satisfied)
    content.when(satisfy).then()
    content.when(decide).then(decided, told)
    # On an earlier day it was not satisfied yet.
    content.when(replace(decide, on=date(2025, 11, 13))).then_refused(RepresentationsOpen)
    running.when(BeSatisfied(AUNT, NOV_14)).then_refused(NotTheirNotice)
    running.when(BeSatisfied(CHILD, NOV_14)).then(FamilySatisfied(NOTICE, CHILD, NOV_14))


def test_it_is_decided_after_representations_of_those_it_is_about() -> None:
    on = date(2025, 11, 29)
    after = replace(decide, on=on, from_day=on)
    kept = replace(decided, ground=Ground.REPRESENTATIONS, on=on, from_day=on)
    disputed.when(after).then(kept, replace(told, on=on))
    of_another = running.given(replace(represented, by=AUNT))
    of_another.when(after).then_refused(RepresentationsOpen)


def test_it_is_decided_when_the_period_has_run_out() -> None:
    on = replace(decide, on=DEC_2, from_day=DEC_2)
    by_time = replace(decided, ground=Ground.PERIOD_OVER, on=DEC_2, from_day=DEC_2)
    running.when(over).then(ended)
    for each in (running, running.given(ended)):
        each.when(on).then(by_time, replace(told, on=DEC_2))
    running.given(ended).when(over).then()
    running.when(NotePeriodOver(DEC_2)).then()


def test_nobody_decides_on_his_own_proposal() -> None:
    content.when(replace(decide, decided_by=WORKER)).then_refused(OwnProposal)


def test_a_service_rests_on_a_completed_assessment_or_on_urgent_provision() -> None:
    unassessed = replace(written, basis=Basis(None, 2))
    waiting = notice.given(unassessed, issued, served, satisfied)
    without = replace(there, assessment=None)
    waiting.when(replace(decide, found=without)).then_refused(AssessmentNotCompleted)
    stands_in = replace(decided, basis=Basis(None, 2), urgent=URGENT)
    waiting.when(replace(decide, found=replace(without, urgent=URGENT))).then(stands_in, told)
    # One that was completed meanwhile is enough, and then nothing stands in for it.
    later = replace(decide, found=replace(there, urgent=URGENT))
    waiting.when(later).then(decided, told)
    nothing = replace(decide, outcome=Outcome.DROPPED, found=without)
    dropped = replace(decided, outcome=Outcome.DROPPED, basis=Basis(None, None), from_day=None)
    waiting.when(nothing).then(replace(dropped, monitor=None), told)


def test_what_is_changed_is_changed_from_a_day_on() -> None:
    content.when(replace(decide, from_day=None)).then_refused(FromDayMissing)
    content.when(replace(decide, from_day=NOV_14)).then_refused(FromDayMissing)
    changed = replace(decide, outcome=Outcome.CHANGED, plan_version=3)
    content.when(changed).then(
        replace(decided, outcome=Outcome.CHANGED, basis=Basis(ASSESSMENT, 3)), told
    )
    once = replace(written, basis=Basis(ASSESSMENT, None))
    advice = notice.given(once, issued, served, satisfied)
    advice.when(decide).then(replace(decided, basis=once.basis, monitor=None), told)


def test_ending_against_the_familys_wish_goes_the_same_way() -> None:
    ending = notice.given(replace(written, proposal=Proposal.CLOSE), issued, served)
    end = replace(decide, found=Found(None, None, None))
    ending.when(end).then_refused(RepresentationsOpen)
    against = replace(end, on=DEC_2)
    events = ending.when(against).events
    assert [type(each) for each in events] == [DecisionMade, DecisionNoticeIssued]
    assert ends(ending.given(*events).state)
    assert ends(ending.given(*events).state, Proposal.CLOSE)
    assert not ends(ending.given(*events).state, Proposal.END)
    dropped = ending.when(replace(against, outcome=Outcome.DROPPED)).events
    assert not ends(ending.given(*dropped).state)
    assert not ends(done.state)
    assert not ends(ending.state)


def test_it_is_decided_once_and_its_notice_is_served_too() -> None:
    done.when(decide).then()
    done.when(replace(decide, outcome=Outcome.DROPPED)).then_refused(DecidedOtherwise)
    done.when(withdraw).then_refused(DecidedBefore)
    done.when(NoteServed(Document.DECISION, 1, "by-hand", NOV_24)).then(
        DecisionNoticeServed(NOTICE, 1, "by-hand", NOV_24)
    )
    done.when(NoteServiceFailed(Document.DECISION, 1, "refused")).then(
        ServiceOfDecisionFailed(NOTICE, 1, "refused")
    )


commands: st.SearchStrategy[NoticeCommand] = st.sampled_from(
    [
        propose,
        Reword(WORKER, 2, TEXT),
        issue,
        serve,
        bounce,
        replace(serve, attempt=2),
        represent,
        replace(represent, representation_id=AUNT, on=DEC_2),
        satisfy,
        over,
        withdraw,
        decide,
        replace(decide, on=DEC_2, from_day=DEC_2),
        NoteServed(Document.DECISION, 1, "by-hand", NOV_24),
        NoteServiceFailed(Document.DECISION, 1, "refused"),
    ]
)


@given(st.lists(commands, max_size=15))
def test_a_repeated_command_decides_nothing(history: list[NoticeCommand]) -> None:
    so_far = drafted
    for command in history:
        answer = so_far.when(command)
        if answer.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*answer.events)


@given(st.lists(commands, max_size=15))
def test_no_history_decides_before_the_family_had_its_say(history: list[NoticeCommand]) -> None:
    so_far = drafted
    for command in history:
        so_far = so_far.given(*so_far.when(command).events)
    facts = so_far.history
    made = next((n for n, each in enumerate(facts) if isinstance(each, DecisionMade)), None)
    if made is None:
        return
    before, decision = facts[:made], facts[made]
    assert isinstance(decision, DecisionMade)
    answered = any(isinstance(each, FamilySatisfied | RepresentationMade) for each in before)
    ran_out = [each.last_day for each in before if isinstance(each, ProposalServed)]
    assert answered or min(ran_out) < decision.on
