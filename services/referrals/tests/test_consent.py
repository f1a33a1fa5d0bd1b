"""Consent is given by who may decide it, withdrawn at any time, and a report never overrides it."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ledger.personal import Plain
from ledger.testing import Given as History
from ledger.testing import Transitions
from referrals.consents.consent import (
    CONSENT,
    Capacity,
    ConsentCommand,
    ConsentEvent,
    ConsentGiven,
    ConsentRefused,
    ConsentReliedOn,
    ConsentWithdrawn,
    GiveConsent,
    NoConsent,
    NotGiven,
    RefuseConsent,
    RelyOnConsent,
    WithdrawConsent,
    held,
    reported,
)

CHILD, MOTHER, FATHER, REFERRER, SUBMISSION, REDIRECT = (UUID(int=each) for each in range(1, 7))
HARROWDALE = "authority:harrowdale"
MONDAY, TUESDAY, FRIDAY = date(2025, 11, 17), date(2025, 11, 18), date(2025, 11, 21)
NOTHING: Plain[str | None] = Plain(None)
PARENTAL = Capacity.PARENTAL_RESPONSIBILITY

by_mother = ConsentGiven(
    CHILD, HARROWDALE, MOTHER, PARENTAL, None, MONDAY, None, None, Plain("by telephone"), NOTHING
)
by_child = replace(
    by_mother, by=CHILD, capacity=Capacity.COMPETENT_CHILD, competent_on=MONDAY, how=NOTHING
)
as_reported = reported(CHILD, HARROWDALE, REFERRER, Capacity.REPORTED, MONDAY, SUBMISSION)
refuse = RefuseConsent(CHILD, HARROWDALE, FATHER, PARENTAL, Plain("does not want it"))
withdraw = WithdrawConsent(CHILD, HARROWDALE, MOTHER, PARENTAL, Plain("has thought again"))
refused = ConsentRefused(CHILD, HARROWDALE, FATHER, PARENTAL, refuse.how)
withdrawn = ConsentWithdrawn(CHILD, HARROWDALE, MOTHER, PARENTAL, withdraw.how)
rely = RelyOnConsent(REDIRECT, TUESDAY)
relied_on = ConsentReliedOn(CHILD, HARROWDALE, REDIRECT)

consent = History(CONSENT)
TRANSITIONS = Transitions(
    {
        "nothing known": consent,
        "reported": consent.given(as_reported.said),
        "given": consent.given(by_mother),
        "refused": consent.given(refused),
        "withdrawn": consent.given(by_mother, withdrawn),
    },
    {
        "give": GiveConsent(by_mother),
        "give, as a competent child": GiveConsent(by_child),
        "report": as_reported,
        "refuse": refuse,
        "withdraw": withdraw,
        "rely on it": rely,
    },
)


def test_consent_is_given() -> None:
    consent.when(GiveConsent(by_mother)).then(by_mother)


def test_the_same_terms_again_are_the_same_consent() -> None:
    again = replace(by_mother, how=Plain("in other words"))
    consent.given(by_mother).when(GiveConsent(again)).then()


def test_other_terms_are_a_consent_anew() -> None:
    shorter = replace(by_mother, until=FRIDAY)
    consent.given(by_mother).when(GiveConsent(shorter)).then(shorter)


def test_a_competent_child_agrees_for_itself() -> None:
    consent.given(by_mother).when(GiveConsent(by_child)).then(by_child)


def test_it_is_withdrawn_at_any_time_and_given_anew() -> None:
    consent.given(by_mother, relied_on).when(withdraw).then(withdrawn)
    consent.given(by_mother, withdrawn).when(GiveConsent(by_mother)).then(by_mother)


def test_anybody_who_may_decide_it_ends_it() -> None:
    consent.given(by_mother).when(refuse).then(refused)
    consent.given(by_child).when(withdraw).then(withdrawn)


def test_what_was_never_given_is_not_withdrawn() -> None:
    consent.when(withdraw).then_refused(NotGiven)


def test_a_submission_reports_the_first_consent() -> None:
    consent.when(as_reported).then(as_reported.said)


def test_a_report_never_overrides_the_familys_own_word() -> None:
    for word in (by_mother, refused):
        consent.given(word).when(as_reported).then()
    consent.given(by_mother, withdrawn).when(as_reported).then()


def test_a_redirect_rests_on_a_consent_in_effect() -> None:
    consent.given(by_mother).when(rely).then(relied_on)
    consent.given(as_reported.said).when(rely).then(relied_on)


def test_a_redirect_rests_on_no_other() -> None:
    consent.when(rely).then_refused(NoConsent)
    consent.given(refused).when(rely).then_refused(NoConsent)
    consent.given(by_mother, withdrawn).when(rely).then_refused(NoConsent)
    consent.given(replace(by_mother, from_day=FRIDAY)).when(rely).then_refused(NoConsent)
    consent.given(replace(by_mother, until=MONDAY)).when(rely).then_refused(NoConsent)


def test_a_consent_holds_from_its_first_day_to_its_last() -> None:
    state = CONSENT.fold([replace(by_mother, from_day=MONDAY, until=TUESDAY)])
    assert [held(state, each) is not None for each in (MONDAY, TUESDAY, FRIDAY)] == [
        True,
        True,
        False,
    ]


commands = st.sampled_from(
    [GiveConsent(by_mother), GiveConsent(by_child), as_reported, refuse, withdraw, rely]
)
histories = st.lists(
    st.sampled_from([by_mother, by_child, as_reported.said, refused, withdrawn, relied_on]),
    max_size=5,
)


@given(histories, commands)
def test_any_command_twice_decides_nothing_the_second_time(
    history: list[ConsentEvent], command: ConsentCommand
) -> None:
    once = consent.given(*history).when(command)
    if once.refusal is None:
        consent.given(*history).repeats_nothing(command)


@given(histories, commands)
def test_after_a_withdrawal_nothing_rests_on_the_consent(
    history: list[ConsentEvent], command: ConsentCommand
) -> None:
    after = CONSENT.fold([*history, withdrawn])
    assert held(after, TUESDAY) is None
    if command == rely:
        consent.given(*history, withdrawn).when(command).then_refused(NoConsent)
