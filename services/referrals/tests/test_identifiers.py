"""A number is taken only where its check holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.people.facts import IdentifierKind
from referrals.people.identifiers import is_nhs_number, is_upn, normalised_identifier

NHS = IdentifierKind.NHS_NUMBER


@pytest.mark.parametrize("number", ["943 476 5919", "999-000-0018", "9990000026", "4505577104"])
def test_a_number_that_checks_is_kept_without_spaces(number: str) -> None:
    kept = normalised_identifier(NHS, number)
    assert kept is not None
    assert kept.isdigit()
    assert len(kept) == 10


@pytest.mark.parametrize(
    "number", ["9434765918", "943476591", "94347659190", "94347659l9", "", "\u0669434765919"]
)
def test_a_number_that_does_not_check_is_none(number: str) -> None:
    assert normalised_identifier(NHS, number) is None


@given(st.integers(0, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_never_checks(nine: int, place: int, by: int) -> None:
    digits = f"{nine:09}"
    whole = [digits + str(check) for check in range(10) if is_nhs_number(digits + str(check))]
    assert len(whole) <= 1
    for number in whole:
        wrong = str((int(number[place]) + by) % 10)
        assert not is_nhs_number(number[:place] + wrong + number[place + 1 :])


def test_a_pupil_number_checks_by_its_letter() -> None:
    # 2x8+3x0+4x1+5x2+6x0+7x0+8x0+9x0+10x1+11x2+12x0+13x3 = 101 = 4 x 23 + 9: the tenth letter.
    assert is_upn("K801200001203")
    assert not is_upn("A801200001203")
    assert not is_upn("K80120000120")
    assert normalised_identifier(IdentifierKind.UPN, " k8012 0000 1203 ") == "K801200001203"
    assert normalised_identifier(IdentifierKind.UPN, "K80120000120S") is None


def test_others_case_numbers_are_letters_and_digits() -> None:
    kept = normalised_identifier(IdentifierKind.CASE_NUMBER, "cam-12 / 7")
    assert kept is None
    assert normalised_identifier(IdentifierKind.CASE_NUMBER, "cam-12 7") == "CAM127"
