"""A referral is screened for safety, check by check, before it is decided, and decided once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.decider import Refusal
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.codes import (
    AmendReason,
    AskedBy,
    Check,
    DeclineReason,
    DutyAnswer,
    Eligibility,
    Informant,
    NeedKind,
    Safeguarding,
    Urgency,
    WithdrawReason,
)
from referrals.duty.line import Ground, Span
from referrals.life.amendable import CodedField, WordsField
from referrals.life.commands import (
    NO_WORDS,
    AcceptReferral,
    AddInformation,
    Amend,
    Answer,
    AnswerChecks,
    AskAssessment,
    AskInformation,
    DeclineReferral,
    DutyFound,
    Need,
    NoteCameBack,
    NoteInformationDue,
    NoteRedirected,
    NoteScreeningDue,
    NoteTakenBack,
    NoteTakenUp,
    ReceiveInformation,
    ReceiveReferral,
    Recode,
    RecordNeeds,
    ReferralCommand,
    Reword,
    WithdrawReferral,
)
from referrals.life.entitlement import Capacity
from referrals.life.events import (
    CheckAnswered,
    DangerReported,
    DutyHolderChecked,
    ReferralAccepted,
    ReferralDeclined,
    ReferralReceived,
    ReferralRedirected,
    ReferralScreened,
    ReferralTakenUp,
    ReferralWithdrawn,
    ScreeningDueSet,
    ScreeningOverdue,
)
from referrals.life.information import (
    AssessmentAsked,
    InformationAdded,
    InformationAsked,
    InformationOverdue,
    InformationReceived,
    NeedRecorded,
    ReferralAmended,
    ReferralReworded,
)
from referrals.life.referral import REFERRAL
from referrals.life.refusals import (
    AlreadyDecided,
    IsDuplicate,
    NotAsked,
    NotEligible,
    NotInReferral,
    NotScreened,
    RedirectUnderWay,
)
from referrals.life.states import (
    Declined,
    Desk,
    NotReceived,
    Received,
    Screened,
    TakenUp,
    desk_of,
    said_of,
    screened,
)
from referrals.life.targets import AnswerBy, Targets

REFERRAL_ID, SUBMISSION, FAMILY, GAIL, CASE, REFERRER, ALICE = (
    UUID(int=each) for each in range(1, 8)
)
SCREEN, OTHER, TOLD, INQUIRY, SECOND, WORKER, REDIRECT = (UUID(int=each) for each in range(20, 27))
TODAY_END = datetime(2025, 1, 16, tzinfo=UTC)
DUE = datetime(2025, 1, 17, tzinfo=UTC)
ANSWER_DUE = datetime(2025, 1, 30, tzinfo=UTC)
targets = Targets(TODAY_END, DUE, "2005-12-30", "holidays-1")

said = ReferralReceived(
    referral=REFERRAL_ID,
    reference="2345-6789",
    submission=SUBMISSION,
    number=1,
    siblings=1,
    family=FAMILY,
    child=GAIL,
    case=CASE,
    referrer=REFERRER,
    contact=ALICE,
    adults=(ALICE,),
    known_before=False,
    received_at=datetime(2025, 1, 15, 12, tzinfo=UTC),
    partnership="anc",
    received_by="northmoor",
    route="web-form",
    referrer_kind="adopter",
    legal_status="order-granted",
    ordered_on=date(2018, 10, 25),
    placing_authority="westmarch",
    lives_in="northmoor",
    education="mainstream",
    ehc_plan=False,
    duty_holder="northmoor",
    needs=("sibling-conflict",),
    asks_for_assessment=True,
    placement_at_risk=False,
    immediate_danger=False,
    safeguarding_concern=False,
    consent_to_refer=True,
    consent_to_share_with=("school",),
    in_their_words=Plain("The same things no longer work."),
    safeguarding_words=Plain(None),
    codes_as_given=Plain(None),
)
said_in_danger = replace(said, immediate_danger=True)
danger = DangerReported(REFERRAL_ID, FAMILY, GAIL, None)
due = ScreeningDueSet(REFERRAL_ID, DUE, False, "2005-12-30", "holidays-1")  # noqa: FBT003 # a field
due_today = replace(due, due_at=TODAY_END, urgent=True)
screening = ReferralScreened(
    REFERRAL_ID, GAIL, Safeguarding.NONE, Urgency.ROUTINE, Eligibility.ELIGIBLE
)
taken_on = ReferralAccepted(
    referral=REFERRAL_ID,
    reference="2345-6789",
    family=FAMILY,
    child=GAIL,
    referrer=REFERRER,
    contact=ALICE,
    needs=("sibling-conflict",),
    duty_holder="northmoor",
)
not_taken_on = ReferralDeclined(REFERRAL_ID, GAIL, DeclineReason.SIGNPOSTED, Plain("See the site."))
taken_back = ReferralWithdrawn(REFERRAL_ID, GAIL, WithdrawReason.FAMILY_WISHES, NO_WORDS)
redirected = ReferralRedirected(REFERRAL_ID, REDIRECT, "westmarch", "consent")
asked = InformationAsked(
    referral=REFERRAL_ID,
    child=GAIL,
    inquiry=INQUIRY,
    source=Informant.SCHOOL,
    words=Plain("How does she eat at noon?"),
    due_at=ANSWER_DUE,
    policy="2005-12-30",
    calendar="holidays-1",
    next_due_at=ANSWER_DUE,
)
came = InformationReceived(
    referral=REFERRAL_ID,
    child=GAIL,
    inquiry=INQUIRY,
    source=Informant.SCHOOL,
    immediate_danger=False,
    words=Plain("By herself."),
    next_due_at=None,
)

receive = ReceiveReferral(said, targets)
accept = AcceptReferral(REFERRAL_ID)
decline = DeclineReferral(REFERRAL_ID, DeclineReason.SIGNPOSTED, Plain("See the site."))
withdraw = WithdrawReferral(REFERRAL_ID, WithdrawReason.FAMILY_WISHES, NO_WORDS)
note_due = NoteScreeningDue(DUE)
note_taken_up = NoteTakenUp(REFERRAL_ID)
at_risk = Amend(
    AmendReason.FAMILY_CORRECTS, Recode(CodedField.PLACEMENT_AT_RISK, ("yes",)), targets
)
reword = Amend(
    AmendReason.REFERRER_CORRECTS, Reword(WordsField.IN_THEIR_WORDS, Plain("They fight.")), targets
)
tell = AddInformation(TOLD, Informant.SCHOOL, False, Plain("She eats alone."), targets)  # noqa: FBT003 # a field
ask = AskInformation(
    INQUIRY,
    Informant.SCHOOL,
    Plain("How does she eat at noon?"),
    AnswerBy(ANSWER_DUE, "2005-12-30", "holidays-1"),
)
get = ReceiveInformation(INQUIRY, False, Plain("By herself."), targets)  # noqa: FBT003 # a field
note_answer_due = NoteInformationDue(ANSWER_DUE)
assess = AskAssessment(AskedBy.PARENT_FOR_CHILD, Capacity.ADOPTED_PERSON)
needs = RecordNeeds(ALICE, (Need(NeedKind.LANGUAGE, "pol", NO_WORDS),))

FOUND = DutyFound(
    Span("northmoor", date(2021, 10, 26), None, Ground.AFTER_PERIOD, "2005-12-30"), "2005-12-30"
)
ANSWERS: dict[Check, Answer | DutyFound] = {
    Check.SAFEGUARDING: Answer(Check.SAFEGUARDING, "none", SCREEN, NO_WORDS),
    Check.IDENTITY: Answer(Check.IDENTITY, "known", GAIL, NO_WORDS),
    Check.DUPLICATES: Answer(Check.DUPLICATES, "none", None, NO_WORDS),
    Check.DUTY_HOLDER: FOUND,
    Check.ELIGIBILITY: Answer(Check.ELIGIBILITY, "eligible", None, NO_WORDS),
    Check.URGENCY: Answer(Check.URGENCY, "routine", None, NO_WORDS),
    Check.CONFLICT: Answer(Check.CONFLICT, "none", None, NO_WORDS),
    Check.SAFE_CONTACT: Answer(Check.SAFE_CONTACT, "safe", None, NO_WORDS),
}


def screen(*checks: Check, **codes: str) -> AnswerChecks:
    """Answer some checks, or all; `codes` says otherwise than where nothing is found."""
    answers = []
    for check in checks or Check:
        answer = ANSWERS[check]
        if isinstance(answer, Answer):
            answer = replace(answer, code=codes.get(check.name.lower(), answer.code))
        answers.append(answer)
    return AnswerChecks(tuple(answers), targets)


def answered(check: Check, code: str | None = None) -> CheckAnswered | DutyHolderChecked:
    """Return what is recorded of an answer."""
    match ANSWERS[check]:
        case Answer(code=usual, refers_to=refers_to):
            return CheckAnswered(REFERRAL_ID, GAIL, check, code or usual, refers_to, NO_WORDS)
        case _:
            return DutyHolderChecked(
                REFERRAL_ID,
                GAIL,
                DutyAnswer.HERE,
                "northmoor",
                date(2021, 10, 26),
                None,
                "2005-12-30",
            )


all_answered = tuple(answered(each) for each in Check)
nothing = Given(REFERRAL)
received = nothing.given(said, due)
in_danger = nothing.given(said_in_danger, due_today, danger)
safe = received.given(answered(Check.SAFEGUARDING))
waiting = received.given(asked)
looked_at = received.given(*all_answered, screening)
accepted = looked_at.given(taken_on)
taken_up = accepted.given(ReferralTakenUp(REFERRAL_ID))
declined = looked_at.given(not_taken_on)
withdrawn = safe.given(taken_back)
elsewhere = looked_at.given(redirected)
STATES = {
    "not received": nothing,
    "received": received,
    "in danger": in_danger,
    "found safe": safe,
    "waiting for information": waiting,
    "screened": looked_at,
    "accepted": accepted,
    "taken up": taken_up,
    "declined": declined,
    "withdrawn": withdrawn,
    "redirected": elsewhere,
}
COMMANDS: dict[str, ReferralCommand] = {
    "receive": receive,
    "receive, in danger": ReceiveReferral(said_in_danger, targets),
    "answer all checks": screen(),
    "answer safeguarding: none": screen(Check.SAFEGUARDING),
    "answer safeguarding: immediate danger": screen(
        Check.SAFEGUARDING, safeguarding="immediate-danger"
    ),
    "answer urgency: urgent": screen(Check.URGENCY, urgency="urgent"),
    "answer eligibility: not eligible": screen(Check.ELIGIBILITY, eligibility="not-eligible"),
    "amend a code: placement at risk": at_risk,
    "amend words": reword,
    "add information": tell,
    "add information of danger": replace(tell, information=OTHER, immediate_danger=True),
    "ask for an assessment": assess,
    "record needs": needs,
    "ask for information": ask,
    "receive information": get,
    "note that information is due": note_answer_due,
    "note that the screening is due": note_due,
    "accept": accept,
    "decline": decline,
    "decline for another reason": replace(decline, reason=DeclineReason.NO_CONSENT),
    "withdraw": withdraw,
    "note taken up": note_taken_up,
    "note redirected": NoteRedirected(REDIRECT, "westmarch", "consent"),
    "note come back": NoteCameBack(REDIRECT, "not-acknowledged"),
    "note taken back": NoteTakenBack(REDIRECT),
}
TRANSITIONS = Transitions(STATES, COMMANDS)


def test_what_was_said_is_kept_and_its_clock_set() -> None:
    nothing.when(receive).then(said, due)


def test_danger_is_reported_with_the_receipt_and_the_clock_is_that_of_the_same_day() -> None:
    nothing.when(ReceiveReferral(said_in_danger, targets)).then(said_in_danger, due_today, danger)


def test_the_screening_is_recorded_also_when_nothing_was_found() -> None:
    received.when(screen()).then(*all_answered, screening)


def test_the_screening_is_done_with_the_last_check_and_names_what_is_missing_till_then() -> None:
    most = [each for each in Check if each is not Check.CONFLICT]
    nearly = received.given(*received.when(screen(*most)).events)
    refused = nearly.when(accept).refusal
    assert isinstance(refused, NotScreened)
    assert dict(refused.details) == {"missing": "conflict-of-interest"}
    nearly.when(screen(Check.CONFLICT)).then(answered(Check.CONFLICT), screening)


@given(order=st.permutations(list(Check)))
def test_any_order_of_the_checks_comes_to_one_state(order: list[Check]) -> None:
    history = received
    for check in order:
        history = history.given(*history.when(screen(check)).events)
    assert history.state == looked_at.state


def test_danger_found_in_screening_is_reported_once_and_names_the_screen() -> None:
    found = screen(Check.SAFEGUARDING, safeguarding="immediate-danger")
    event = answered(Check.SAFEGUARDING, "immediate-danger")
    received.when(found).then(event, replace(danger, screen=SCREEN), due_today)
    in_danger.when(found).then(event)


def test_a_referral_is_urgent_and_due_today_as_soon_as_it_is_found_so() -> None:
    urgent = screen(Check.URGENCY, urgency="urgent")
    received.when(urgent).then(answered(Check.URGENCY, "urgent"), due_today)
    rises = received.given(*received.when(urgent).events)
    rises.when(screen(Check.URGENCY)).then(answered(Check.URGENCY), due)


def test_what_is_found_urgent_late_is_due_no_later_than_it_was() -> None:
    late = replace(targets, urgent_by=DUE + timedelta(days=3))
    urgent = replace(screen(Check.URGENCY, urgency="urgent"), targets=late)
    received.when(urgent).then(answered(Check.URGENCY, "urgent"), replace(due, urgent=True))


def test_every_due_date_that_there_was_stays_known() -> None:
    rises = received.given(*received.when(at_risk).events)
    desk = desk_of(rises.state)
    assert desk is not None
    assert [each.due_at for each in desk.due] == [DUE, TODAY_END]


def test_a_screening_may_be_answered_anew_before_the_decision() -> None:
    concern = screen(Check.SAFEGUARDING, safeguarding="concern")
    event = answered(Check.SAFEGUARDING, "concern")
    looked_at.when(concern).then(event, replace(screening, safeguarding=Safeguarding.CONCERN))
    accepted.when(concern).then_refused(AlreadyDecided)
    declined.when(concern).then_refused(AlreadyDecided)
    elsewhere.when(concern).then_refused(RedirectUnderWay)


def test_nobody_owes_the_service_as_far_as_is_known_and_that_is_an_answer() -> None:
    unknown = AnswerChecks((DutyFound(None, "2005-12-30"),), targets)
    [event] = received.when(unknown).events
    assert isinstance(event, DutyHolderChecked)
    assert (event.answer, event.holder) == (DutyAnswer.UNDETERMINED, None)


def test_nothing_is_decided_before_the_safety_of_the_child_is_looked_at() -> None:
    for command in (accept, decline, withdraw):
        received.when(command).then_refused(NotScreened)
        waiting.when(command).then_refused(NotScreened)
    safe.when(accept).then_refused(NotScreened)
    safe.when(decline).then(not_taken_on)
    safe.when(withdraw).then(taken_back)


def test_a_screened_referral_is_accepted_declined_or_withdrawn() -> None:
    looked_at.when(accept).then(taken_on)
    looked_at.when(decline).then(not_taken_on)
    looked_at.when(withdraw).then(taken_back)


def test_who_may_not_have_the_service_is_declined_not_accepted() -> None:
    ruled_out = received.given(*received.when(screen(eligibility="not-eligible")).events)
    ruled_out.when(accept).then_refused(NotEligible)
    ruled_out.when(decline).then(not_taken_on)


def test_a_duplicate_is_not_accepted() -> None:
    twice = received.given(*received.when(screen(duplicates="duplicate")).events)
    twice.when(accept).then_refused(IsDuplicate)


def test_a_decision_stands() -> None:
    declined.when(accept).then_refused(AlreadyDecided)
    withdrawn.when(accept).then_refused(AlreadyDecided)
    elsewhere.when(accept).then_refused(RedirectUnderWay)
    accepted.when(decline).then_refused(AlreadyDecided)
    taken_up.when(withdraw).then_refused(AlreadyDecided)
    declined.when(replace(decline, reason=DeclineReason.NO_CONSENT)).then_refused(AlreadyDecided)


def test_casework_takes_up_what_was_accepted() -> None:
    accepted.when(note_taken_up).then(ReferralTakenUp(REFERRAL_ID))
    looked_at.when(note_taken_up).then_refused(Refusal)


def test_a_screening_that_is_late_is_noted_once_and_not_after_it_moved() -> None:
    overdue = ScreeningOverdue(REFERRAL_ID, DUE)
    received.when(note_due).then(overdue)
    received.given(overdue).when(note_due).then()
    received.given(due_today).when(note_due).then()
    looked_at.when(note_due).then()


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


@pytest.mark.parametrize(
    "command", [each for name, each in COMMANDS.items() if not name.startswith("receive")]
)
def test_what_was_never_received_is_refused_or_passed_over(command: ReferralCommand) -> None:
    decided = nothing.when(command)
    assert decided.refusal is not None or not decided.events


def test_another_referral_does_not_take_the_place_of_one() -> None:
    other = ReceiveReferral(replace(said, referral=UUID(int=77)), targets)
    received.when(other).then_refused(Refusal)


def test_states_tell_what_was_said_and_how_it_was_screened() -> None:
    assert said_of(NotReceived()) is None
    assert screened(Received(Desk(said))) is None
    state = taken_up.state
    assert isinstance(state, TakenUp)
    assert said_of(state) == said
    assert screened(state) == state.before
    early = safe.given(not_taken_on).state
    assert isinstance(early, Declined)
    assert screened(early) is None


def test_a_fact_that_does_not_fit_changes_nothing() -> None:
    assert REFERRAL.fold([said, taken_on]) == Received(Desk(said))
    assert REFERRAL.fold([taken_on, due]) == NotReceived()


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("state", STATES)
def test_the_same_command_again_decides_nothing(state: str, name: str) -> None:
    if STATES[state].when(COMMANDS[name]).refusal is None:
        STATES[state].repeats_nothing(COMMANDS[name])


@given(commands=st.lists(st.sampled_from(list(COMMANDS.values())), max_size=10))
def test_whatever_comes_a_child_is_screened_before_the_decision(
    commands: list[ReferralCommand],
) -> None:
    history = nothing
    for command in commands:
        history = history.given(*history.when(command).events)
    facts = list(history.history)
    decided = [
        place
        for place, each in enumerate(facts)
        if isinstance(each, ReferralAccepted | ReferralDeclined | ReferralWithdrawn)
    ]
    assert len(decided) <= 1
    for place in decided:
        asked_for = [each for each in facts[:place] if isinstance(each, CheckAnswered)]
        assert Check.SAFEGUARDING in {each.check for each in asked_for}
    if any(isinstance(each, ReferralAccepted) for each in facts):
        assert any(isinstance(each, ReferralScreened) for each in facts[: decided[0]])
    assert sum(isinstance(each, DangerReported) for each in facts) <= 1


def test_a_screened_state_is_screened() -> None:
    assert isinstance(looked_at.state, Screened)
