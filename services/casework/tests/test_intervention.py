"""Direct work pauses for each cause by itself, and for want of consent with the consent alone."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.cases.case import CaseIsClosed, Closed, CloseReason, NoSuchCase, NotOpened, Open
from casework.consents.consent import THERAPY
from casework.consents.consent_states import Agreed, Declined, Disputed, Known, NeverAsked
from casework.sessions.intervention import (
    DECIDER,
    FollowConsent,
    FollowsConsent,
    InterventionCommand,
    InterventionPaused,
    InterventionResumed,
    Pause,
    PauseCause,
    Resume,
    Running,
)
from ledger.personal import Plain
from ledger.testing import Given, Transitions

CASE, CHILD, FAMILY = (UUID(int=n) for n in range(1, 4))
DAY = date(2026, 2, 5)
NONE: Plain[str | None] = Plain(None)
WORDS: Plain[str | None] = Plain("She needs a rest.")

case = Open(CASE, CHILD, FAMILY, None, 1, date(2025, 9, 4), frozenset())
known = Known(CASE, CHILD, THERAPY)
AGREED, DECLINED, DISPUTED = Agreed(known), Declined(known), Disputed(known)

pause = Pause(case, PauseCause.FAMILY_ASKED, DAY, WORDS)
resume = Resume(case, PauseCause.FAMILY_ASKED, DAY, WORDS)
lost = FollowConsent(AGREED, DISPUTED, DAY)
found = FollowConsent(DISPUTED, AGREED, DAY)
paused = InterventionPaused(CASE, CHILD, PauseCause.FAMILY_ASKED, DAY, WORDS)
no_consent = InterventionPaused(CASE, CHILD, PauseCause.CONSENT, DAY, NONE)
resumed = InterventionResumed(CASE, CHILD, PauseCause.FAMILY_ASKED, DAY, WORDS)

work = Given(DECIDER)
by_hand = work.given(paused)
without = work.given(no_consent)
for_both = by_hand.given(no_consent)

TRANSITIONS = Transitions(
    {
        "running": work,
        "paused by decision": by_hand,
        "paused for want of consent": without,
        "paused for both": for_both,
    },
    {
        "pause by decision": pause,
        "resume by decision": resume,
        "resume what waits for consent": Resume(case, PauseCause.CONSENT, DAY, WORDS),
        "the consent is lost": lost,
        "the consent is found again": found,
    },
)


def test_each_cause_is_paused_and_resumed_by_itself() -> None:
    work.when(pause).then(paused)
    by_hand.when(pause).then()
    for_both.when(resume).then(resumed)
    assert for_both.given(resumed).state.causes == {PauseCause.CONSENT}
    assert by_hand.given(resumed).state == Running()
    work.when(resume).then()


def test_a_pause_for_want_of_consent_follows_the_consent_alone() -> None:
    work.when(lost).then(no_consent)
    without.when(lost).then()
    without.when(found).then(InterventionResumed(CASE, CHILD, PauseCause.CONSENT, DAY, NONE))
    for each in (
        Pause(case, PauseCause.CONSENT, DAY, WORDS),
        Resume(case, PauseCause.CONSENT, DAY, WORDS),
    ):
        without.when(each).then_refused(FollowsConsent)


def test_work_that_never_had_a_consent_is_paused_by_a_disagreement_and_not_by_a_refusal() -> None:
    work.when(FollowConsent(NeverAsked(), DECLINED, DAY)).then()
    work.when(FollowConsent(DECLINED, DISPUTED, DAY)).then(no_consent)
    work.when(FollowConsent(AGREED, DECLINED, DAY)).then(no_consent)
    work.when(FollowConsent(NeverAsked(), AGREED, DAY)).then()


def test_only_an_open_case_is_paused() -> None:
    closed = Closed(case, CloseReason.GOALS_MET, DAY)
    work.when(Pause(closed, PauseCause.CLINICAL, DAY, WORDS)).then_refused(CaseIsClosed)
    work.when(Pause(NotOpened(), PauseCause.CLINICAL, DAY, WORDS)).then_refused(NoSuchCase)


causes = st.sampled_from([PauseCause.CLINICAL, PauseCause.NO_WORKER])
commands: st.SearchStrategy[InterventionCommand] = st.one_of(
    st.builds(Pause, st.just(case), causes, st.just(DAY), st.just(WORDS)),
    st.builds(Resume, st.just(case), causes, st.just(DAY), st.just(WORDS)),
    st.sampled_from([lost, found]),
)


@given(st.lists(commands, max_size=15))
def test_a_repeated_command_decides_nothing(history: list[InterventionCommand]) -> None:
    so_far = work
    for command in history:
        so_far.repeats_nothing(command)
        so_far = so_far.given(*so_far.when(command).events)
