"""A referral is screened for safety before it is decided, and decided once."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.decider import Refusal
from ledger.personal import Plain
from ledger.testing import Given
from referrals.codes import DeclineReason, Eligibility, Safeguarding, Urgency
from referrals.life.events import (
    DangerReported,
    ReferralAccepted,
    ReferralDeclined,
    ReferralReceived,
    ReferralScreened,
    ReferralTakenUp,
    ScreeningOverdue,
)
from referrals.life.referral import (
    REFERRAL,
    AcceptReferral,
    AlreadyDecided,
    DeclineReferral,
    NotEligible,
    NoteScreeningDue,
    NoteTakenUp,
    NotScreened,
    ReceiveReferral,
    ReferralCommand,
    ScreenReferral,
)
from referrals.life.states import NotReceived, Received, TakenUp, said_of, screened

REFERRAL_ID, SUBMISSION, FAMILY, GAIL, CASE, REFERRER, ALICE = (
    UUID(int=each) for each in range(1, 8)
)
DUE = datetime(2025, 1, 17, tzinfo=UTC)

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
danger = DangerReported(REFERRAL_ID, FAMILY, GAIL)
screening = ReferralScreened(
    REFERRAL_ID, GAIL, Safeguarding.NONE, Urgency.ROUTINE, Eligibility.ELIGIBLE, Plain(None)
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

receive = ReceiveReferral(said)
accept = AcceptReferral(REFERRAL_ID)
decline = DeclineReferral(REFERRAL_ID, DeclineReason.SIGNPOSTED, Plain("See the site."))
note_due = NoteScreeningDue(DUE)
note_taken_up = NoteTakenUp(REFERRAL_ID)


def screen(
    safeguarding: Safeguarding = Safeguarding.NONE,
    urgency: Urgency = Urgency.ROUTINE,
    eligibility: Eligibility = Eligibility.ELIGIBLE,
    words: str | None = None,
) -> ScreenReferral:
    return ScreenReferral(REFERRAL_ID, safeguarding, urgency, eligibility, Plain(words))


nothing = Given(REFERRAL)
received = nothing.given(said)
in_danger = nothing.given(said_in_danger, danger)
looked_at = received.given(screening)
accepted = looked_at.given(taken_on)
taken_up = accepted.given(ReferralTakenUp(REFERRAL_ID))
declined = looked_at.given(not_taken_on)
HISTORIES = [nothing, received, in_danger, looked_at, accepted, taken_up, declined]
COMMANDS: list[ReferralCommand] = [
    receive,
    ReceiveReferral(said_in_danger),
    screen(),
    screen(Safeguarding.IMMEDIATE_DANGER, words="He is outside the house."),
    screen(eligibility=Eligibility.NOT_ELIGIBLE),
    accept,
    decline,
    replace(decline, reason=DeclineReason.WITHDRAWN),
    note_due,
    note_taken_up,
]


def test_what_was_said_is_kept() -> None:
    nothing.when(receive).then(said)


def test_danger_is_reported_with_the_receipt() -> None:
    nothing.when(ReceiveReferral(said_in_danger)).then(said_in_danger, danger)


def test_the_screening_is_recorded_also_when_nothing_was_found() -> None:
    received.when(screen()).then(screening)


def test_danger_found_in_screening_is_reported_once() -> None:
    found = screen(Safeguarding.IMMEDIATE_DANGER)
    event = replace(screening, safeguarding=Safeguarding.IMMEDIATE_DANGER)
    received.when(found).then(event, danger)
    in_danger.when(found).then(event)
    assert event.urgent


def test_a_screening_may_be_answered_anew_before_the_decision() -> None:
    concern = screen(Safeguarding.CONCERN, Urgency.URGENT)
    looked_at.when(concern).then(
        replace(screening, safeguarding=Safeguarding.CONCERN, urgency=Urgency.URGENT)
    )
    looked_at.when(screen(words="Asked again.")).then(
        replace(screening, words=Plain("Asked again."))
    )
    accepted.when(concern).then_refused(AlreadyDecided)
    declined.when(concern).then_refused(AlreadyDecided)


def test_nothing_is_decided_before_the_screening() -> None:
    received.when(accept).then_refused(NotScreened)
    received.when(decline).then_refused(NotScreened)


def test_a_screened_referral_is_accepted_or_declined_with_a_reason() -> None:
    looked_at.when(accept).then(taken_on)
    looked_at.when(decline).then(not_taken_on)


def test_who_may_not_have_the_service_is_declined_not_accepted() -> None:
    ruled_out = received.given(replace(screening, eligibility=Eligibility.NOT_ELIGIBLE))
    ruled_out.when(accept).then_refused(NotEligible)
    ruled_out.when(decline).then(not_taken_on)


def test_a_decision_stands() -> None:
    declined.when(accept).then_refused(AlreadyDecided)
    accepted.when(decline).then_refused(AlreadyDecided)
    taken_up.when(decline).then_refused(AlreadyDecided)
    declined.when(replace(decline, reason=DeclineReason.WITHDRAWN)).then_refused(AlreadyDecided)


def test_casework_takes_up_what_was_accepted() -> None:
    accepted.when(note_taken_up).then(ReferralTakenUp(REFERRAL_ID))
    looked_at.when(note_taken_up).then_refused(Refusal)


def test_a_screening_that_is_late_is_noted_once() -> None:
    overdue = ScreeningOverdue(REFERRAL_ID, DUE)
    received.when(note_due).then(overdue)
    received.given(overdue).when(note_due).then()
    looked_at.when(note_due).then()


@pytest.mark.parametrize("command", [screen(), accept, decline, note_due, note_taken_up])
def test_what_was_never_received_is_refused(command: ReferralCommand) -> None:
    nothing.when(command).then_refused(Refusal)


def test_another_referral_does_not_take_the_place_of_one() -> None:
    other = ReceiveReferral(replace(said, referral=UUID(int=77)))
    received.when(other).then_refused(Refusal)


def test_states_tell_what_was_said_and_how_it_was_screened() -> None:
    assert said_of(NotReceived()) is None
    assert screened(Received(said)) is None
    state = REFERRAL.fold([said, screening, taken_on, ReferralTakenUp(REFERRAL_ID)])
    assert isinstance(state, TakenUp)
    assert said_of(state) == said
    assert screened(state) == state.before


def test_a_fact_that_does_not_fit_changes_nothing() -> None:
    assert REFERRAL.fold([said, taken_on]) == Received(said)


@given(history=st.sampled_from(HISTORIES), command=st.sampled_from(COMMANDS))
def test_the_same_command_again_decides_nothing(history: Given, command: ReferralCommand) -> None:
    if history.when(command).refusal is None:
        history.repeats_nothing(command)


@given(commands=st.lists(st.sampled_from(COMMANDS), max_size=8))
def test_whatever_comes_a_child_is_screened_before_the_decision(
    commands: list[ReferralCommand],
) -> None:
    history = nothing
    for command in commands:
        history = history.given(*history.when(command).events)
    kinds = [type(each) for each in history.history]
    decisions = [each for each in kinds if each in {ReferralAccepted, ReferralDeclined}]
    assert len(decisions) <= 1
    if decisions:
        assert ReferralScreened in kinds[: kinds.index(decisions[0])]
    assert kinds.count(DangerReported) <= 1
