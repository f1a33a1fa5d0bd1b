"""A referral is screened for safety before it is decided, and decided once."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.decider import Refusal
from ledger.testing import Transitions
from referrals.codes import (
    Check,
    Conflict,
    DeclineReason,
)
from referrals.life.commands import (
    NO_WORDS,
    ReceiveReferral,
    ReferralCommand,
)
from referrals.life.desk import Desk
from referrals.life.events import (
    CheckAnswered,
    DangerReported,
    ReferralAccepted,
    ReferralDeclined,
    ReferralScreened,
    ReferralTakenUp,
    ReferralWithdrawn,
)
from referrals.life.referral import REFERRAL
from referrals.life.refusals import (
    AlreadyDecided,
    IsDuplicate,
    NotEligible,
    NotScreened,
    RedirectUnderWay,
)
from referrals.life.states import (
    Declined,
    NotReceived,
    Received,
    TakenUp,
    said_of,
    screened,
)
from services.referrals.tests.referral_samples import (
    COMMANDS,
    GAIL,
    REFERRAL_ID,
    STATES,
    accept,
    accepted,
    danger,
    decline,
    declined,
    due,
    due_today,
    elsewhere,
    looked_at,
    not_taken_on,
    note_taken_up,
    nothing,
    receive,
    received,
    safe,
    said,
    said_in_danger,
    screen,
    taken_back,
    taken_on,
    taken_up,
    targets,
    waiting,
    withdraw,
    withdrawn,
)

AMINA = UUID(int=77)

TRANSITIONS = Transitions(STATES, COMMANDS)


def test_what_was_said_is_kept_and_its_clock_set() -> None:
    nothing.when(receive).then(said, due)


def test_danger_is_reported_with_the_receipt_and_the_clock_is_that_of_the_same_day() -> None:
    nothing.when(ReceiveReferral(said_in_danger, targets)).then(said_in_danger, due_today, danger)


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


def test_an_acceptance_says_which_worker_knows_the_family() -> None:
    knows = CheckAnswered(
        REFERRAL_ID, GAIL, Check.CONFLICT, Conflict.WORKER_KNOWS_FAMILY, AMINA, NO_WORDS
    )
    looked_at.given(knows).when(accept).then(replace(taken_on, known_by=AMINA))


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
