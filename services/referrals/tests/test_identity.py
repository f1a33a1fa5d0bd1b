"""Two children are one when names and birth date are the same but for case, accents and spaces."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.people.names import child_key, normalised_name

BORN = date(2014, 7, 21)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Suzanne", "SUZANNE"),
        ("Zoë", "zoe"),
        ("Zoe\u0308", "Zoë"),
        ("Mary Ann", " maryann "),
        ("Łukasz", "Lukasz"),
        ("Søren", "soren"),
        ("İlker", "ilker"),
        ("Strauß", "STRAUSS"),
        ("Mary\u00a0Ann\u200b", "Mary Ann"),
        ("\uff27\uff41\uff49\uff4c", "Gail"),
    ],
)
def test_case_accents_and_spaces_do_not_count(one: str, other: str) -> None:
    assert child_key(one, "Hartley", BORN) == child_key(other, "Hartley", BORN)


@pytest.mark.parametrize(
    ("given_name", "family_name", "born"),
    [
        ("Gail", "Hartley", date(2014, 7, 12)),
        ("Gale", "Hartley", BORN),
        ("Gail", "Hart-ley", BORN),
        ("GailH", "artley", BORN),
    ],
)
def test_anything_else_counts(given_name: str, family_name: str, born: date) -> None:
    assert child_key(given_name, family_name, born) != child_key("Gail", "Hartley", BORN)


@pytest.mark.parametrize(("given_name", "family_name"), [("", "Hartley"), ("Gail", " \u00a0")])
def test_a_blank_name_identifies_nobody(given_name: str, family_name: str) -> None:
    assert child_key(given_name, family_name, BORN) is None


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(name: str) -> None:
    assert normalised_name(normalised_name(name)) == normalised_name(name)
