"""What is told to a referral after it came is kept, each with what follows from it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ledger.decider import Refusal
from ledger.personal import Plain
from referrals.codes import (
    AmendReason,
    AskedBy,
    Informant,
    NeedKind,
)
from referrals.life.amendable import CodedField, WordsField
from referrals.life.commands import (
    NO_WORDS,
    Amend,
    AskAssessment,
    Need,
    Recode,
    RecordNeeds,
)
from referrals.life.entitlement import Capacity
from referrals.life.events import (
    DangerReported,
    ScreeningDueSet,
)
from referrals.life.information import (
    AssessmentAsked,
    InformationAdded,
    InformationOverdue,
    NeedRecorded,
    ReferralAmended,
    ReferralReworded,
)
from referrals.life.refusals import (
    AlreadyDecided,
    NotAsked,
    NotInReferral,
    RedirectUnderWay,
)
from referrals.life.states import (
    desk_of,
    said_of,
)
from services.referrals.tests.referral_samples import (
    ALICE,
    ANSWER_DUE,
    GAIL,
    INQUIRY,
    OTHER,
    REFERRAL_ID,
    SECOND,
    TOLD,
    accept,
    accepted,
    all_answered,
    ask,
    asked,
    at_risk,
    came,
    danger,
    declined,
    due_today,
    elsewhere,
    get,
    in_danger,
    looked_at,
    needs,
    note_answer_due,
    nothing,
    received,
    reword,
    screen,
    screening,
    taken_on,
    taken_up,
    targets,
    tell,
    waiting,
)


def test_a_code_is_set_right_and_what_it_was_is_told() -> None:
    amended = ReferralAmended(
        REFERRAL_ID,
        GAIL,
        AmendReason.FAMILY_CORRECTS,
        CodedField.PLACEMENT_AT_RISK,
        (),
        ("yes",),
    )
    received.when(at_risk).then(amended, due_today)
    looked_at.when(at_risk).then(amended)
    state = received.given(amended).state
    after = said_of(state)
    assert after is not None
    assert after.placement_at_risk


@pytest.mark.parametrize(
    ("field", "codes", "value"),
    [
        (CodedField.NEEDS, ("sleep", "sensory"), ("sleep", "sensory")),
        (CodedField.EDUCATION, ("home",), "home"),
        (CodedField.CONSENT_TO_REFER, (), False),
    ],
)
def test_each_kind_of_field_can_be_set_right(
    field: CodedField, codes: tuple[str, ...], value: object
) -> None:
    change = Amend(AmendReason.MISTAKEN_ENTRY, Recode(field, codes), targets)
    after = said_of(received.given(*received.when(change).events).state)
    assert getattr(after, field.value) == value
    received.repeats_nothing(change)


def test_danger_that_was_forgotten_in_the_form_is_reported_at_once() -> None:
    forgotten = replace(at_risk, change=Recode(CodedField.IMMEDIATE_DANGER, ("yes",)))
    kinds = [type(each) for each in received.when(forgotten).events]
    assert kinds == [ReferralAmended, DangerReported, ScreeningDueSet]


def test_words_are_set_right_and_the_earlier_wording_stays_in_the_history() -> None:
    reworded = ReferralReworded(
        REFERRAL_ID,
        GAIL,
        AmendReason.REFERRER_CORRECTS,
        WordsField.IN_THEIR_WORDS,
        Plain("They fight."),
    )
    received.when(reword).then(reworded)
    after = said_of(received.given(reworded).state)
    assert after is not None
    assert after.in_their_words == Plain("They fight.")
    accepted.when(reword).then_refused(AlreadyDecided)
    elsewhere.when(reword).then_refused(RedirectUnderWay)
    elsewhere.when(ask).then_refused(RedirectUnderWay)


def test_information_is_kept_with_its_source_whenever_it_comes() -> None:
    added = InformationAdded(
        REFERRAL_ID,
        GAIL,
        TOLD,
        Informant.SCHOOL,
        immediate_danger=False,
        words=Plain("She eats alone."),
    )
    received.when(tell).then(added)
    declined.when(tell).then(added)
    nothing.when(tell).then_refused(Refusal)


def test_information_of_danger_is_danger_also_after_the_decision() -> None:
    told = replace(tell, immediate_danger=True)
    assert taken_up.when(told).events[1:] == (danger,)
    assert received.when(told).events[1:] == (danger, due_today)
    assert in_danger.when(told).events[1:] == ()


@pytest.mark.parametrize(
    ("asked_by", "asked_for", "entitled", "ground"),
    [
        (AskedBy.SELF, Capacity.ADOPTIVE_PARENT, True, "ACA 2002 s3(1)(c)"),
        (AskedBy.PARENT_FOR_CHILD, Capacity.CHILD_WHO_MAY_BE_ADOPTED, True, "ACA 2002 s3(1)(a)"),
        (AskedBy.SELF, Capacity.PROSPECTIVE_ADOPTER, True, "ACA 2002 s3(1)(b)"),
        (AskedBy.WITH_AGREEMENT, Capacity.BIRTH_SIBLING, True, "ASSR 2005 reg 13"),
        (
            AskedBy.WITHOUT_AGREEMENT,
            Capacity.ADOPTED_PERSON,
            False,
            "ACA 2002 s4(1): not at the person's own request",
        ),
        (
            AskedBy.SELF,
            Capacity.NONE_OF_THESE,
            False,
            "not listed in ACA 2002 s3(1) or ASSR 2005 reg 13",
        ),
    ],
)
def test_whether_an_assessment_must_be_made_is_derived_with_its_ground(
    asked_by: AskedBy,
    asked_for: Capacity,
    entitled: bool,  # noqa: FBT001 # a row of the table
    ground: str,
) -> None:
    event = AssessmentAsked(REFERRAL_ID, GAIL, asked_by, asked_for, entitled, ground)
    received.when(AskAssessment(asked_by, asked_for)).then(event)


def test_needs_are_those_of_a_person_of_the_referral() -> None:
    polish = NeedRecorded(REFERRAL_ID, ALICE, NeedKind.LANGUAGE, "pol", NO_WORDS)
    received.when(needs).then(polish)
    received.when(replace(needs, person=OTHER)).then_refused(NotInReferral)


def test_somebody_has_one_language_and_several_access_needs() -> None:
    history = received
    for kind, code in [
        (NeedKind.LANGUAGE, "pol"),
        (NeedKind.LANGUAGE, "ukr"),
        (NeedKind.ACCESS, "step-free"),
        (NeedKind.ACCESS, "large-print"),
    ]:
        need = RecordNeeds(ALICE, (Need(kind, code, NO_WORDS),))
        history = history.given(*history.when(need).events)
    desk = desk_of(history.state)
    assert desk is not None
    assert [each.code for each in desk.needs] == ["ukr", "step-free", "large-print"]


def test_what_is_asked_is_waited_for_until_it_comes() -> None:
    received.when(ask).then(asked)
    waiting.when(get).then(came)
    waiting.given(came).when(ask).then()
    received.when(get).then_refused(NotAsked)
    accepted.when(ask).then_refused(AlreadyDecided)


def test_a_referral_that_waits_may_be_screened_and_accepted_meanwhile() -> None:
    waiting.when(screen()).then(*all_answered, screening)
    waiting.given(*all_answered, screening).when(accept).then(taken_on)


def test_an_answer_that_is_late_is_noted_once_and_still_taken() -> None:
    overdue = InformationOverdue(REFERRAL_ID, INQUIRY, ANSWER_DUE, None)
    waiting.when(note_answer_due).then(overdue)
    waiting.given(overdue).when(note_answer_due).then()
    waiting.given(overdue).when(get).then(came)
    waiting.given(came).when(note_answer_due).then()


def test_of_two_answers_the_clock_goes_to_the_next() -> None:
    later = ANSWER_DUE + timedelta(days=1)
    second = replace(ask, inquiry=SECOND, answer_by=replace(ask.answer_by, due_at=later))
    asked_too = replace(asked, inquiry=SECOND, due_at=later)
    waiting.when(second).then(asked_too)
    both = waiting.given(asked_too)
    both.when(get).then(replace(came, next_due_at=later))
    both.when(note_answer_due).then(InformationOverdue(REFERRAL_ID, INQUIRY, ANSWER_DUE, later))
