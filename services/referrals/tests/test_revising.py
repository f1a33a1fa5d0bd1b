"""What a sender sends anew sets its referral right, and opens the question of safety again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ledger.personal import Plain
from ledger.testing import Given
from referrals.codes import AmendReason, Check
from referrals.life.amendable import CodedField, WordsField
from referrals.life.commands import Recode
from referrals.life.events import ReferralScreened, ScreeningDueSet
from referrals.life.information import ReferralAmended, ReferralRevised, ReferralReworded
from referrals.life.refusals import (
    AlreadyDecided,
    NotScreened,
    OlderThanKnown,
    RedirectUnderWay,
)
from referrals.life.states import Received, desk_of
from services.referrals.tests.referral_samples import (
    GAIL,
    OTHER,
    REFERRAL_ID,
    REVISION,
    SENT_ANEW,
    accept,
    accepted,
    declined,
    due,
    elsewhere,
    looked_at,
    received,
    revise,
    safe,
    screen,
    taken_up,
    withdrawn,
)

revised = ReferralRevised(REFERRAL_ID, GAIL, REVISION, SENT_ANEW)
reworded = ReferralReworded(
    REFERRAL_ID,
    GAIL,
    AmendReason.REFERRER_CORRECTS,
    WordsField.IN_THEIR_WORDS,
    Plain("They fight every day."),
)
more_needs = ReferralAmended(
    REFERRAL_ID,
    GAIL,
    AmendReason.REFERRER_CORRECTS,
    CodedField.NEEDS,
    ("sibling-conflict",),
    ("sibling-conflict", "sleep"),
)


def test_only_what_is_said_otherwise_is_set_right() -> None:
    received.when(revise).then(revised, reworded, more_needs)
    for given in (received, safe, looked_at):
        given.repeats_nothing(revise)


def test_after_the_screening_safety_is_looked_at_again_by_a_clock_of_its_own() -> None:
    looked_at.when(revise).then(revised, reworded, more_needs, due)
    again = looked_at.given(revised, reworded, more_needs, due)
    assert isinstance(again.state, Received)
    desk = desk_of(again.state)
    assert desk is not None
    assert desk.missing == (Check.SAFEGUARDING,)
    again.when(accept).then_refused(NotScreened)
    done = again.when(screen(Check.SAFEGUARDING)).events
    assert isinstance(done[-1], ReferralScreened)
    assert again.given(*done).when(accept).refusal is None


def test_one_that_is_urgent_now_is_due_sooner() -> None:
    urgent = replace(revise, changes=(Recode(CodedField.ASKED_URGENTLY, ("yes",)),))
    clocks = [each for each in received.when(urgent).events if isinstance(each, ScreeningDueSet)]
    assert [each.urgent for each in clocks] == [True]


def test_an_older_message_that_comes_late_takes_nothing_back() -> None:
    older = replace(revise, revision=OTHER, said_at=SENT_ANEW - timedelta(minutes=1))
    received.given(revised, reworded).when(older).then_refused(OlderThanKnown)
    before = replace(older, said_at=SENT_ANEW - timedelta(days=400))
    received.when(before).then_refused(OlderThanKnown)


@pytest.mark.parametrize("given", [accepted, taken_up, declined, withdrawn])
def test_what_is_decided_is_revised_by_no_message(given: Given) -> None:
    given.when(revise).then_refused(AlreadyDecided)


def test_what_is_offered_elsewhere_is_revised_by_no_message() -> None:
    elsewhere.when(revise).then_refused(RedirectUnderWay)
