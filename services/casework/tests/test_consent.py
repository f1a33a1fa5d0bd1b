"""Each who may decide speaks for himself; where they disagree nothing rests on it until decided."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.consents.consent import (
    DECIDER,
    THERAPY,
    About,
    AssessCompetence,
    ConsentCommand,
    Decide,
    NotAClinician,
    NotFoundCompetent,
    NothingDisputed,
    NothingToWithdraw,
    Say,
    sharing_with,
)
from casework.consents.consent_events import (
    Answer,
    Capacity,
    Competence,
    CompetenceAssessed,
    ConsentBegan,
    ConsentCeased,
    ConsentDecided,
    ConsentDisputed,
    ConsentGiven,
    ConsentRefused,
    ConsentWithdrawn,
    DecisionOutcome,
    Said,
    SharingStarted,
    SharingStopped,
)
from casework.consents.consent_states import Agreed, Decided, Disputed, asked_since, holds
from casework.workers.worker import Registered, WorkerKind
from ledger.personal import Plain
from ledger.testing import Given, Transitions

CASE, CHILD, MOTHER, FATHER, TESS, BEN = (UUID(int=n) for n in range(1, 7))
SEPTEMBER, JANUARY, FEBRUARY, LATER = (
    date(2025, 9, 4),
    date(2026, 1, 12),
    date(2026, 2, 5),
    date(2026, 2, 12),
)
SCHOOL = "agency:school"
WORDS = Plain("At the kitchen table.")
HOW: Plain[str | None] = Plain(None)
tess = Registered(TESS, WorkerKind.THERAPIST, (), (), Plain("Tess"))
ben = Registered(BEN, WorkerKind.SUPPORT_WORKER, (), (), Plain("Ben"))

about = About(CASE, CHILD, THERAPY)
sharing = About(CASE, CHILD, sharing_with(SCHOOL))
PARENT = Capacity.PARENTAL_RESPONSIBILITY


def said(by: UUID, on: date = SEPTEMBER, capacity: Capacity = PARENT) -> Said:
    return Said(by, capacity, on, None)


mother_gives = Say(about, Answer.GIVEN, said(MOTHER), HOW)
father_gives = replace(mother_gives, said=said(FATHER))
mother_withdraws = Say(about, Answer.WITHDRAWN, said(MOTHER, FEBRUARY), HOW)
father_refuses = Say(about, Answer.REFUSED, said(FATHER), HOW)
child_gives = replace(mother_gives, said=said(CHILD, JANUARY, Capacity.COMPETENT_CHILD))
assess = AssessCompetence(about, Competence.COMPETENT, tess, JANUARY, WORDS)
go_on = Decide(DecisionOutcome.GO_ON, tess, LATER, WORDS)

given_by_mother = ConsentGiven(CASE, CHILD, THERAPY, said(MOTHER), HOW)
given_by_father = replace(given_by_mother, said=said(FATHER))
withdrawn = ConsentWithdrawn(CASE, CHILD, THERAPY, said(MOTHER, FEBRUARY), HOW)
refused = ConsentRefused(CASE, CHILD, THERAPY, said(FATHER), HOW)
competent = CompetenceAssessed(CASE, CHILD, THERAPY, Competence.COMPETENT, TESS, JANUARY, WORDS)
disputed = ConsentDisputed(CASE, CHILD, THERAPY, 1)
decided = ConsentDecided(CASE, CHILD, THERAPY, DecisionOutcome.GO_ON, TESS, LATER, WORDS)
began, ceased = ConsentBegan(CASE, CHILD, THERAPY), ConsentCeased(CASE, CHILD, THERAPY)
shared = replace(given_by_mother, matter=sharing.matter)
started = SharingStarted(CASE, CHILD, SCHOOL)
stopped = SharingStopped(CASE, CHILD, SCHOOL)

consent = Given(DECIDER)
agreed = consent.given(given_by_mother, began)
both = agreed.given(given_by_father)
declined = agreed.given(withdrawn, ceased)
in_dispute = both.given(withdrawn, disputed, ceased)
settled = in_dispute.given(decided, began)
school = consent.given(shared, started)

TRANSITIONS = Transitions(
    {
        "never asked": consent,
        "agreed": agreed,
        "agreed, the child found competent": agreed.given(competent),
        "declined": declined,
        "disputed": in_dispute,
        "decided: go on": settled,
    },
    {
        "a parent agrees": mother_gives,
        "the other parent agrees": father_gives,
        "the other parent refuses": father_refuses,
        "a parent takes it back": mother_withdraws,
        "the child agrees": child_gives,
        "assess the child's competence": assess,
        "decide that it goes on": go_on,
        "decide that it stops": replace(go_on, outcome=DecisionOutcome.STOP),
    },
)


def test_it_holds_once_all_who_said_something_agree() -> None:
    consent.when(mother_gives).then(given_by_mother, began)
    assert not holds(consent.state)
    assert holds(agreed.state)
    assert holds(both.state)
    assert not holds(declined.state)


def test_the_same_word_again_is_no_fact_and_asked_on_a_later_day_it_is() -> None:
    agreed.when(mother_gives).then()
    later = said(MOTHER, LATER)
    agreed.when(replace(mother_gives, said=later)).then(replace(given_by_mother, said=later))
    assert not asked_since(agreed.state, FEBRUARY)
    assert asked_since(agreed.given(replace(given_by_mother, said=later)).state, FEBRUARY)


def test_where_holders_disagree_nothing_rests_on_it_until_a_person_decides() -> None:
    agreed.when(father_refuses).then(refused, disputed, ceased)
    both.when(mother_withdraws).then(withdrawn, disputed, ceased)
    assert isinstance(in_dispute.state, Disputed)
    assert not holds(in_dispute.state)
    in_dispute.when(go_on).then(decided, began)
    assert holds(settled.state)
    assert not holds(in_dispute.given(replace(decided, outcome=DecisionOutcome.STOP)).state)


def test_there_is_nothing_to_decide_where_nobody_disagrees() -> None:
    for each in (consent, agreed, declined):
        each.when(go_on).then_refused(NothingDisputed)


def test_a_decision_may_be_made_anew_and_a_new_disagreement_needs_a_new_one() -> None:
    stop = replace(go_on, outcome=DecisionOutcome.STOP)
    settled.when(stop).then(replace(decided, outcome=DecisionOutcome.STOP), ceased)
    # Who says again what he said does not undo what was decided over it; who says otherwise does.
    again = settled.given(replace(given_by_father, said=said(FATHER, LATER)))
    assert isinstance(again.state, Decided)
    agree = settled.given(replace(given_by_mother, said=said(MOTHER, LATER)))
    assert isinstance(agree.state, Agreed)
    agree.when(replace(mother_withdraws, said=said(MOTHER, LATER))).then(
        replace(withdrawn, said=said(MOTHER, LATER)), replace(disputed, times=2), ceased
    )


def test_a_childs_word_counts_while_it_is_found_competent_to_decide_this() -> None:
    agreed.when(child_gives).then_refused(NotFoundCompetent)
    consent.when(assess).then(competent)
    found = declined.given(competent)
    found.when(child_gives).then(
        replace(given_by_mother, said=child_gives.said), replace(disputed, times=1)
    )
    agreed.when(replace(assess, assessor=ben)).then_refused(NotAClinician)
    in_dispute.when(replace(go_on, clinician=ben)).then_refused(NotAClinician)


def test_whoever_is_16_decides_for_himself() -> None:
    young = said(CHILD, JANUARY, Capacity.YOUNG_PERSON)
    consent.when(replace(child_gives, said=young)).then(replace(given_by_mother, said=young), began)


def test_sharing_stops_before_anything_else_is_told() -> None:
    give = replace(mother_gives, about=sharing)
    consent.when(give).then(shared, started)
    school.when(replace(mother_withdraws, about=sharing)).then(
        stopped, replace(withdrawn, matter=sharing.matter)
    )
    school.when(replace(father_refuses, about=sharing)).then(
        stopped,
        replace(refused, matter=sharing.matter),
        replace(disputed, matter=sharing.matter),
    )


def test_a_refusal_also_stops_what_others_may_have_been_told_elsewhere() -> None:
    consent.when(replace(father_refuses, about=sharing)).then(
        stopped, replace(refused, matter=sharing.matter)
    )


def test_what_was_never_given_is_not_withdrawn() -> None:
    consent.when(mother_withdraws).then_refused(NothingToWithdraw)
    consent.given(refused).when(replace(mother_withdraws, said=said(FATHER))).then_refused(
        NothingToWithdraw
    )


people = st.sampled_from([MOTHER, FATHER])
days = st.sampled_from([SEPTEMBER, FEBRUARY, LATER])
commands: st.SearchStrategy[ConsentCommand] = st.one_of(
    st.builds(
        lambda answer, by, on: Say(sharing, answer, said(by, on), HOW),
        st.sampled_from(Answer),
        people,
        days,
    ),
    st.sampled_from([replace(assess, about=sharing), go_on]),
)


@given(st.lists(commands, max_size=15))
def test_a_repeated_command_decides_nothing_and_sharing_follows_the_consent(
    history: list[ConsentCommand],
) -> None:
    so_far, shares = consent, False
    for command in history:
        decided_now = so_far.when(command)
        if decided_now.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided_now.events)
        for each in decided_now.events:
            shares = isinstance(each, SharingStarted) or (
                shares and not isinstance(each, SharingStopped)
            )
        assert shares == holds(so_far.state)
