"""Whether a child is safe is answered before anything else is known, and danger told at once."""

from dataclasses import replace
from uuid import UUID

import pytest

from ledger.decider import Refusal
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.codes import Safeguarding
from referrals.screening.screen import (
    SCREEN,
    AnsweredAtReferral,
    HoldScreen,
    LinkScreen,
    OfAnotherReferral,
    OfCall,
    OfEnquiry,
    OfReferral,
    SafeguardingAnswered,
    ScreenCommand,
    ScreenFoundDanger,
    ScreenLinked,
    ScreenOpened,
)

ID, CHILD, REFERRAL, ENQUIRY, OTHER = (UUID(int=each) for each in range(1, 6))
NO_WORDS: Plain[str | None] = Plain(None)
opened = ScreenOpened(ID, ID, None, None)
safe = SafeguardingAnswered(ID, ID, Safeguarding.NONE, NO_WORDS)
in_danger = SafeguardingAnswered(ID, ID, Safeguarding.IMMEDIATE_DANGER, NO_WORDS)
found_danger = ScreenFoundDanger(ID, None)
linked = ScreenLinked(ID, REFERRAL)

hold = HoldScreen(ID, ID, OfCall(), Safeguarding.NONE, NO_WORDS)
hold_danger = replace(hold, answer=Safeguarding.IMMEDIATE_DANGER)
for_referral = replace(hold, subject=CHILD, about=OfReferral(REFERRAL))
for_enquiry = replace(hold, about=OfEnquiry(ENQUIRY))
link = LinkScreen(REFERRAL)

nothing = Given(SCREEN)
held = nothing.given(opened, safe)
held_in_danger = nothing.given(opened, in_danger, found_danger)
of_referral = held.given(linked)
STATES = {
    "not held": nothing,
    "held safe": held,
    "held in danger": held_in_danger,
    "of a referral": of_referral,
}
COMMANDS: dict[str, ScreenCommand] = {
    "hold for a call": hold,
    "hold for a call, in danger": hold_danger,
    "hold for an enquiry": for_enquiry,
    "hold for a referral": for_referral,
    "link": link,
    "link to another": LinkScreen(OTHER),
}
TRANSITIONS = Transitions(STATES, COMMANDS)


def test_an_answer_is_recorded_also_when_nothing_was_found() -> None:
    nothing.when(hold).then(opened, safe)


def test_danger_is_told_at_once_of_whomever() -> None:
    nothing.when(hold_danger).then(opened, in_danger, found_danger)
    enquired = replace(for_enquiry, answer=Safeguarding.IMMEDIATE_DANGER)
    nothing.when(enquired).then(
        replace(opened, enquiry=ENQUIRY), in_danger, ScreenFoundDanger(ID, ENQUIRY)
    )


def test_a_referral_tells_of_its_danger_itself() -> None:
    dangerous = replace(for_referral, answer=Safeguarding.IMMEDIATE_DANGER)
    nothing.when(dangerous).then(
        ScreenOpened(ID, CHILD, REFERRAL, None),
        SafeguardingAnswered(ID, CHILD, Safeguarding.IMMEDIATE_DANGER, NO_WORDS),
    )


def test_an_answer_may_be_given_anew_and_danger_is_told_once() -> None:
    held.when(hold_danger).then(in_danger, found_danger)
    held_in_danger.when(hold).then(safe)
    held_in_danger.given(safe).when(hold_danger).then(in_danger)


def test_a_call_turns_out_to_belong_to_a_referral_and_is_answered_there_from_then_on() -> None:
    held.when(link).then(linked)
    of_referral.when(LinkScreen(OTHER)).then_refused(OfAnotherReferral)
    of_referral.when(hold_danger).then_refused(AnsweredAtReferral)
    of_referral.when(replace(for_referral, about=OfReferral(OTHER))).then_refused(OfAnotherReferral)
    concern = replace(for_referral, answer=Safeguarding.CONCERN)
    of_referral.when(concern).then(replace(safe, answer=Safeguarding.CONCERN))


def test_a_screen_that_was_never_held_belongs_to_nothing() -> None:
    nothing.when(link).then_refused(Refusal)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("state", STATES)
def test_the_same_command_again_decides_nothing(state: str, name: str) -> None:
    if STATES[state].when(COMMANDS[name]).refusal is None:
        STATES[state].repeats_nothing(COMMANDS[name])
