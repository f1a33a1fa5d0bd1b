"""Tags survive the errors of forms; twins, siblings and namesakes are not proposed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.people.scoring import Finding, Reason, finding
from referrals.people.tags import Kind, Traits, texts, without_a_letter

GAIL = Traits(
    names=(("Gail", "Hartley"),),
    births=(date(2014, 7, 2),),
    postcodes=("ZZ12 4SS",),
)


def compared(one: Traits, other: Traits) -> Finding:
    """Weigh what the tags of two people have in common, as the table of tags would say it."""
    return finding(
        {(mine, theirs) for mine, a in texts(one) for theirs, b in texts(other) if a == b}
    )


def named(given_name: str, family_name: str) -> Traits:
    return replace(GAIL, names=((given_name, family_name),))


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (GAIL, {Reason.GIVEN_SAME, Reason.FAMILY_SAME, Reason.BIRTH_SAME, Reason.POSTCODE_SAME}),
        (named("GAIL", "hartley"), {Reason.GIVEN_SAME, Reason.FAMILY_SAME}),
        (named("Gial", "Hartley"), {Reason.GIVEN_NEAR, Reason.FAMILY_SAME}),
        (named("Gail", "Hartely"), {Reason.GIVEN_SAME, Reason.FAMILY_NEAR}),
        (named("Gaill", "Hatley"), {Reason.GIVEN_NEAR, Reason.FAMILY_NEAR}),
        (named("Gale", "Hartlee"), {Reason.BIRTH_SAME}),
        (named("Hartley", "Gail"), {Reason.NAMES_SWAPPED, Reason.BIRTH_SAME}),
        (named("Gail", "Whitcombe"), {Reason.GIVEN_SAME, Reason.BIRTH_SAME}),
        (named("Gail", "Hartley-Whitcombe"), {Reason.FAMILY_SAME}),
        (replace(GAIL, births=(date(2014, 2, 7),)), {Reason.BIRTH_SWAPPED}),
        (replace(GAIL, births=(date(2015, 7, 2),)), {Reason.BIRTH_DIGIT}),
        (replace(GAIL, postcodes=("zz124ss",)), {Reason.POSTCODE_SAME}),
        (replace(GAIL, postcodes=("YY1 1YY",)), {Reason.GIVEN_SAME, Reason.BIRTH_SAME}),
    ],
)
def test_what_a_form_gets_wrong_is_still_proposed(other: Traits, reasons: set[Reason]) -> None:
    found = compared(GAIL, other)
    assert found.is_proposed
    assert reasons <= set(found.reasons)
    assert compared(other, GAIL).score == found.score


@pytest.mark.parametrize(
    "other",
    [
        # A twin, a sibling, a namesake, somebody else of the house, somebody else.
        named("Luke", "Hartley"),
        replace(named("Luke", "Hartley"), births=(date(2011, 12, 10),)),
        replace(GAIL, births=(date(2009, 11, 30),), postcodes=("YY1 1YY",)),
        replace(named("Alice", "Marsh"), births=(date(1980, 5, 9),)),
        Traits(names=(("Omar", "Quill"),), births=(date(2010, 1, 1),)),
    ],
)
def test_whoever_is_somebody_else_is_not_proposed(other: Traits) -> None:
    assert not compared(GAIL, other).is_proposed


def test_a_number_alone_is_enough() -> None:
    one = Traits(nhs_numbers=("9434765919",))
    other = Traits(nhs_numbers=("9434765919",), names=(("Gail", "Hartley"),))
    assert compared(one, other).reasons == (Reason.NHS_SAME,)
    assert compared(one, other).is_possible


def test_a_name_over_time_matches_by_the_earlier_one() -> None:
    changed = replace(GAIL, names=(("Gail", "Hartley"), ("Gail", "Whitcombe")))
    assert Reason.FAMILY_SAME in compared(changed, GAIL).reasons


def test_what_was_not_said_speaks_neither_way() -> None:
    shared = {(Kind.GIVEN_BIRTH, Kind.GIVEN_BIRTH), (Kind.FAMILY_BIRTH, Kind.FAMILY_BIRTH)}
    asked = {Kind.GIVEN_BIRTH, Kind.FAMILY_BIRTH}
    assert finding(shared, asked).score > finding(shared).score


def test_a_blank_name_is_like_nobody() -> None:
    assert compared(named("", "Hartley"), named("", "Hartley")).score == 0


def test_a_trait_shows_nothing_of_itself() -> None:
    assert "Gail" not in repr(GAIL)


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=4, max_size=12), st.data())
def test_one_letter_left_out_put_in_or_changed_is_near(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    for wrong in (
        name[:place] + name[place + 1 :],
        name[:place] + letter + name[place:],
        name[:place] + letter + name[place + 1 :],
    ):
        if len(wrong) >= 4:
            assert without_a_letter(name) & without_a_letter(wrong)


@given(st.text(max_size=20), st.text(max_size=20), st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_tags_are_few_and_no_text_is_a_name_alone(given_name: str, family: str, on: date) -> None:
    made = texts(Traits(names=((given_name, family),), births=(on,), postcodes=("ZZ1 1ZZ",)))
    assert len(made) <= 100
    assert all("\x1f" in text for _, text in made)
    assert {kind for kind, _ in made} <= set(Kind)
