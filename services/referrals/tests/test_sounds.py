"""Names that sound alike have one code: vectors of NYSIIS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.people.sounds import sound_of


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Worthy", "WARTY"),
        ("Ogata", "OGAT"),
        ("Montgomery", "MANTGANARY"),
        ("Costales", "CASTAL"),
        ("Tu", "T"),
        ("Martincevic", "MARTANCAFAC"),
        ("Catherine", "CATARAN"),
        ("Katherine", "CATARAN"),
        ("Johnathan", "JANATAN"),
        ("Jonathan", "JANATAN"),
        ("Teresa", "TARAS"),
        ("Theresa", "TARAS"),
        ("Jessica", "JASAC"),
        ("Joshua", "JAS"),
        ("Lapher", "LAFAR"),
        ("MacArthur", "MCARTAR"),
        ("McKnight", "MCNAGT"),
        ("Knuth", "NAT"),
        ("Koehn", "CAN"),
        ("Phillipson", "FALAPSAN"),
        ("Pfeister", "FASTAR"),
        ("Schoenhoeft", "SANAFT"),
        ("Heitschmedt", "HATSNAD"),
        ("Bart", "BAD"),
        ("Casstevens", "CASTAFAN"),
        ("Vasquez", "VASG"),
        ("Bowman", "BANAN"),
        ("Carraway", "CARY"),
    ],
)
def test_a_name_has_its_code(name: str, code: str) -> None:
    assert sound_of(name) == code


@pytest.mark.parametrize("name", ["", "\u5f20", "123", "-"])
def test_what_has_no_latin_letter_has_no_sound(name: str) -> None:
    assert not sound_of(name)


@given(st.text(max_size=30))
def test_every_text_has_some_code_of_letters(name: str) -> None:
    assert all("A" <= each <= "Z" for each in sound_of(name))
