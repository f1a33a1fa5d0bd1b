"""A person is identified once, described by each submission, and never becomes somebody else."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.decider import Refusal
from ledger.personal import Plain
from ledger.testing import Given
from referrals.people.person import (
    PERSON,
    Child,
    ChildIdentified,
    DescribeAdult,
    DescribeReferrer,
    IdentifyChild,
    PersonCommand,
)
from referrals.people.said import AdultDescribed, ChildDescribed, ReferrerDescribed

GAIL, ALICE, FAMILY, CASE = (UUID(int=each) for each in range(1, 5))
FIRST, SECOND = UUID(int=11), UUID(int=12)

said = ChildDescribed(
    person=GAIL,
    submission=FIRST,
    number=1,
    given_name=Plain("Gail"),
    family_name=Plain("Hartley"),
    date_of_birth=Plain("2014-07-21"),
    birth_month="2014-07",
    sex="female",
    ethnicity="MWAS",
    interpreter=Plain(None),
    lives_in="northmoor",
    address_lines=Plain("81 Edwards Dam"),
    town=Plain("West Lorraineborough"),
    postcode=Plain("ZZ12 4SS"),
    protected_address=False,
    codes_as_given=Plain(None),
)
said_again = replace(said, submission=SECOND, given_name=Plain("GAIL"))
adult_said = AdultDescribed(
    person=ALICE,
    submission=FIRST,
    number=1,
    family=FAMILY,
    name=Plain("Alice Hartley"),
    role="adoptive-parent",
    parental_responsibility=True,
    email=Plain("alice@example.org"),
    phone=Plain(None),
    contact_preference="letter",
    safe_times=Plain("school hours"),
    do_not_leave_voicemail=False,
    lives_in="northmoor",
    address_lines=Plain("81 Edwards Dam"),
    town=Plain("West Lorraineborough"),
    postcode=Plain("ZZ12 4SS"),
    protected_address=False,
    codes_as_given=Plain(None),
)
referrer_said = ReferrerDescribed(
    person=ALICE,
    submission=FIRST,
    family=FAMILY,
    kind="adopter",
    name=Plain("Alice"),
    organisation=Plain(None),
    email=Plain("alice@example.org"),
    phone=Plain(None),
    codes_as_given=Plain(None),
)
identify = IdentifyChild(CASE, FAMILY, said)
identify_again = IdentifyChild(UUID(int=99), UUID(int=98), said_again)
describe_adult = DescribeAdult(adult_said)
describe_referrer = DescribeReferrer(referrer_said)
identified = ChildIdentified(GAIL, CASE, FAMILY)

nobody = Given(PERSON)
child = nobody.given(identified, said)
adult = nobody.given(adult_said)
referrer = nobody.given(referrer_said)


def test_a_new_child_is_identified_with_a_case_and_described() -> None:
    nobody.when(identify).then(identified, said)


def test_a_known_child_is_described_again_and_keeps_case_and_family() -> None:
    child.when(identify_again).then(said_again)
    state = PERSON.fold([identified, said, said_again])
    assert isinstance(state, Child)
    assert (state.case, state.family, state.latest) == (CASE, FAMILY, said_again)


def test_the_same_child_twice_in_one_submission_is_described_twice() -> None:
    twin_entry = replace(said, number=2)
    child.when(IdentifyChild(CASE, FAMILY, twin_entry)).then(twin_entry)


def test_an_adult_and_a_referrer_are_kept() -> None:
    nobody.when(describe_adult).then(adult_said)
    nobody.when(describe_referrer).then(referrer_said)


@pytest.mark.parametrize(
    ("history", "command"),
    [
        (adult, identify),
        (referrer, identify),
        (child, describe_adult),
        (child, describe_referrer),
        (adult, describe_referrer),
        (adult, DescribeAdult(replace(adult_said, submission=SECOND))),
    ],
)
def test_nobody_becomes_somebody_else(history: Given, command: PersonCommand) -> None:
    history.when(command).then_refused(Refusal)


def test_a_fact_that_fits_nobody_changes_nothing() -> None:
    assert PERSON.fold([adult_said, said]) == PERSON.fold([adult_said])


@given(
    history=st.sampled_from([nobody, child, adult, referrer]),
    command=st.sampled_from([identify, identify_again, describe_adult, describe_referrer]),
)
def test_the_same_command_again_decides_nothing(history: Given, command: PersonCommand) -> None:
    if history.when(command).refusal is None:
        history.repeats_nothing(command)
