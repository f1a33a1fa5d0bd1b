"""A reference can be read aloud, and one mistake in it is found out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.intake.reference import ALPHABET, SPACE, normalised, reference_of

NUMBERS = st.integers(0, SPACE - 1)
PLACES = st.integers(0, 7)


def test_nothing_in_it_is_taken_for_something_else() -> None:
    assert not set("0O1I") & set(ALPHABET)
    assert not set("AEIOU") & set(ALPHABET)
    assert ALPHABET.upper() == ALPHABET


@given(NUMBERS)
def test_it_is_read_however_it_is_typed(number: int) -> None:
    reference = reference_of(number)
    assert normalised(reference) == reference
    assert normalised(f"  {reference.lower().replace('-', ' ')} ") == reference


@given(NUMBERS, PLACES, st.integers(1, len(ALPHABET) - 1))
def test_one_wrong_character_is_found_out(number: int, place: int, by: int) -> None:
    bare = list(reference_of(number).replace("-", ""))
    bare[place] = ALPHABET[(ALPHABET.index(bare[place]) + by) % len(ALPHABET)]
    assert normalised("".join(bare)) is None


@given(NUMBERS, PLACES, PLACES)
def test_two_swapped_characters_are_found_out(number: int, one: int, other: int) -> None:
    bare = list(reference_of(number).replace("-", ""))
    swapped = bare.copy()
    swapped[one], swapped[other] = bare[other], bare[one]
    assert (normalised("".join(swapped)) is None) == (bare[one] != bare[other])


@given(NUMBERS, NUMBERS)
def test_two_numbers_have_two_references(one: int, other: int) -> None:
    assert (reference_of(one) == reference_of(other)) == (one == other)


@pytest.mark.parametrize("text", ["", "2345", "2345-678O", "2345-6789-2", "ÄÄÄÄ-ÄÄÄÄ"])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert normalised(text) is None


@pytest.mark.parametrize("number", [-1, SPACE])
def test_there_are_no_more_references_than_can_be_written(number: int) -> None:
    with pytest.raises(ValueError, match="from 0 to"):
        reference_of(number)
