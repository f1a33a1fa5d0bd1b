"""An assessment considers seven headings, limited or full; nothing is decided by it."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.assessments.assessment import (
    DECIDER,
    AssessmentIsOver,
    AssessmentUnderway,
    ConflictsUnsettled,
    EndedOtherwise,
    NoSuchAssessment,
    ServicesNotNamed,
)
from casework.assessments.assessment_commands import (
    AbandonAssessment,
    AssessmentCommand,
    CompleteAssessment,
    ConsiderHeading,
    NoteAssessmentOverdue,
    RecountAssessment,
    StartAssessment,
    Terms,
)
from casework.assessments.assessment_events import (
    AbandonReason,
    AskedBy,
    AssessmentAbandoned,
    AssessmentCompleted,
    AssessmentKind,
    AssessmentOverdue,
    AssessmentRecounted,
    AssessmentStarted,
    HeadingConsidered,
)
from casework.assessments.heading import Considered, Heading, HeadingsMissing, Relevance
from casework.assessments.rule import assessment as limit_of
from casework.rules.due import DueBy
from casework.streams import joint_assessment_of
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from ledger.working_days import ENGLAND_AND_WALES

CASE, CHILD, ID, OTHER, ITEM, FAMILY = (UUID(int=n) for n in range(1, 7))
LATER = date(2025, 11, 4)
ASKED, BEGAN, DUE, DONE = (
    date(2025, 9, 1),
    date(2025, 9, 8),
    date(2025, 11, 3),
    date(2025, 10, 20),
)
WORDS = Plain("She sleeps badly.")
NONE: Plain[str | None] = Plain(None)
ENTRIES = tuple(
    Considered(UUID(int=100 + place), heading, Relevance.CONSIDERED, (ITEM,))
    for place, heading in enumerate(Heading)
)

full = Terms(AssessmentKind.FULL, (), AskedBy.ADOPTIVE_PARENT, ASKED, BEGAN, None)
limited = replace(full, kind=AssessmentKind.LIMITED, services=("respite",))
start = StartAssessment(CASE, CHILD, ID, full, DueBy(DUE, "r1"))


def began(of: StartAssessment) -> AssessmentStarted:
    terms = of.terms
    return AssessmentStarted(
        CASE,
        CHILD,
        of.assessment_id,
        terms.kind,
        terms.services,
        terms.asked_by,
        terms.requested_on,
        terms.on,
        terms.joint,
        DUE,
        "r1",
    )


started = began(start)
said = tuple(
    HeadingConsidered(
        CASE, CHILD, ID, each.entry_id, each.heading, each.relevance, (ITEM,), WORDS, NONE
    )
    for each in ENTRIES
)
consider = ConsiderHeading(ENTRIES[0], WORDS, NONE)
complete = CompleteAssessment(DONE, ("sleep",), (), WORDS)
completed = AssessmentCompleted(CASE, CHILD, ID, DONE, ("sleep",), WORDS)
recount = RecountAssessment(ID, LATER, "another")
recounted = AssessmentRecounted(CASE, CHILD, ID, LATER, DUE, "another")
abandon = AbandonAssessment(DONE, AbandonReason.REQUEST_WITHDRAWN)
abandoned = AssessmentAbandoned(CASE, CHILD, ID, DONE, AbandonReason.REQUEST_WITHDRAWN)

assessment = Given(DECIDER)
underway = assessment.given(started)
whole = underway.given(*said)
over = whole.given(completed)
left = underway.given(abandoned)

TRANSITIONS = Transitions(
    {
        "not assessed": assessment,
        "underway": underway,
        "underway, all considered": whole,
        "completed": over,
        "abandoned": left,
    },
    {
        "begin": start,
        "begin another": replace(start, assessment_id=OTHER),
        "consider a heading": consider,
        "its day is over": NoteAssessmentOverdue(DUE),
        "count its day anew, by another calendar": recount,
        "complete": complete,
        "complete while sources contradict each other": replace(complete, unsettled=(ITEM,)),
        "abandon": abandon,
    },
)


def test_its_day_is_counted_from_the_request_by_the_rule_of_that_day() -> None:
    limit = limit_of(ASKED, "")
    assert (limit.by(ENGLAND_AND_WALES).on, limit.rule) == (DUE, "2005-12-30")


def test_it_begins_and_the_same_request_again_is_the_same_one() -> None:
    assessment.when(start).then(started)
    underway.when(start).then()
    over.when(start).then()
    underway.when(replace(start, assessment_id=OTHER)).then_refused(AssessmentUnderway)


def test_after_it_another_one_can_begin() -> None:
    another = replace(start, assessment_id=OTHER)
    over.when(another).then(began(another))
    left.when(another).then(began(another))


def test_a_limited_one_names_its_services_and_a_full_one_none() -> None:
    assessment.when(replace(start, terms=limited)).then(began(replace(start, terms=limited)))
    unnamed = replace(limited, services=())
    assessment.when(replace(start, terms=unnamed)).then_refused(ServicesNotNamed)
    named = replace(full, services=("respite",))
    assessment.when(replace(start, terms=named)).then_refused(ServicesNotNamed)


def test_siblings_asked_for_together_have_one_id_in_common_in_each_record() -> None:
    assert joint_assessment_of(FAMILY, ASKED) == joint_assessment_of(FAMILY, ASKED)
    assert joint_assessment_of(FAMILY, ASKED) != joint_assessment_of(FAMILY, BEGAN)


def test_under_each_heading_the_latest_entry_counts() -> None:
    underway.when(consider).then(said[0])
    whole.when(consider).then()
    again = replace(ENTRIES[0], entry_id=OTHER, relevance=Relevance.NOT_RELEVANT)
    told = replace(said[0], entry_id=OTHER, relevance=Relevance.NOT_RELEVANT)
    whole.when(ConsiderHeading(again, WORDS, NONE)).then(told)
    assert whole.given(told).state.entries[0] == again


def test_a_full_one_considers_all_seven_and_a_limited_one_what_the_person_needs() -> None:
    refusal = underway.given(said[0]).when(complete).refusal
    assert isinstance(refusal, HeadingsMissing)
    assert refusal.headings == tuple(Heading)[1:]
    whole.when(complete).then(completed)
    to_one = assessment.given(began(replace(start, terms=limited)))
    to_one.when(complete).then_refused(HeadingsMissing)
    to_one.given(said[0]).when(complete).then(completed)


def test_what_contradicts_each_other_is_settled_first() -> None:
    whole.when(replace(complete, unsettled=(ITEM,))).then_refused(ConflictsUnsettled)


def test_completed_it_stays_as_it_is() -> None:
    over.when(complete).then()
    over.when(replace(complete, needs=("school",))).then_refused(EndedOtherwise)
    over.when(consider).then()
    new = replace(consider, entry=replace(ENTRIES[0], entry_id=OTHER))
    over.when(new).then_refused(AssessmentIsOver)
    over.when(abandon).then_refused(AssessmentIsOver)


def test_it_can_come_to_no_end() -> None:
    underway.when(abandon).then(abandoned)
    left.when(abandon).then()
    other = AbandonAssessment(DONE, AbandonReason.NO_CONSENT)
    left.when(other).then_refused(EndedOtherwise)


def test_overdue_is_noted_once_and_only_while_it_is_made() -> None:
    late = AssessmentOverdue(CASE, CHILD, ID, DUE)
    underway.when(NoteAssessmentOverdue(DUE)).then(late)
    underway.given(late).when(NoteAssessmentOverdue(DUE)).then()
    underway.when(NoteAssessmentOverdue(DONE)).then()
    over.when(NoteAssessmentOverdue(DUE)).then()
    assessment.when(NoteAssessmentOverdue(DUE)).then()


def test_a_calendar_that_changes_moves_its_day_and_what_was_overdue_is_not_any_more() -> None:
    underway.when(recount).then(recounted)
    now = underway.given(recounted)
    now.when(recount).then()
    now.when(NoteAssessmentOverdue(DUE)).then()
    now.when(NoteAssessmentOverdue(LATER)).then(AssessmentOverdue(CASE, CHILD, ID, LATER))
    underway.when(replace(recount, assessment_id=OTHER)).then()
    for elsewhere in (assessment, over, left):
        elsewhere.when(recount).then()


def test_what_was_never_begun_is_answered_as_absent() -> None:
    for each in (consider, complete, abandon):
        assessment.when(each).then_refused(NoSuchAssessment)


commands: st.SearchStrategy[AssessmentCommand] = st.sampled_from(
    [
        start,
        replace(start, assessment_id=OTHER),
        *(ConsiderHeading(each, WORDS, NONE) for each in ENTRIES),
        NoteAssessmentOverdue(DUE),
        recount,
        NoteAssessmentOverdue(LATER),
        complete,
        abandon,
    ]
)


@given(st.lists(commands, max_size=20))
def test_a_repeated_command_decides_nothing(history: list[AssessmentCommand]) -> None:
    so_far = assessment
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
