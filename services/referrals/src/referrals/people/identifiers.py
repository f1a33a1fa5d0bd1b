"""Numbers by which others know a person, and when one is valid in form."""

import re
from typing import Final

from referrals.people.facts import IdentifierKind

_NHS_DIGITS: Final = 10
_MODULUS: Final = 11
# A letter that checks the 12 characters behind it. I, O and S are not used.
_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN: Final = re.compile(r"[A-Z]\d{11}[0-9A-Z]", re.ASCII)
_LONGEST: Final = 40


def normalised_identifier(kind: IdentifierKind, text: str) -> str | None:
    """Return a number without spaces and hyphens, or None where it cannot be one of its kind."""
    compact = re.sub(r"[\s-]", "", text).upper()
    match kind:
        case IdentifierKind.NHS_NUMBER:
            return compact if is_nhs_number(compact) else None
        case IdentifierKind.UPN:
            return compact if is_upn(compact) else None
        case IdentifierKind.CASE_NUMBER:
            return compact if 1 <= len(compact) <= _LONGEST and compact.isalnum() else None


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits check: weights 10 to 2, modulus 11, the tenth digit is the check.

    Source: NHS Data Dictionary, "NHS NUMBER". A check of 10 is never issued.
    """
    if not re.fullmatch(r"\d{10}", digits, re.ASCII):
        return False
    total = sum(int(digit) * (_NHS_DIGITS - place) for place, digit in enumerate(digits[:-1]))
    check = (_MODULUS - total % _MODULUS) % _MODULUS
    return check == int(digits[-1])


def is_upn(text: str) -> bool:
    """Whether a unique pupil number checks: weights 2 to 13, modulus 23 gives the first letter.

    Source: DfE, "Unique pupil numbers (UPNs): guide". The last character of a temporary number is
    a letter, weighted by its place among those in use.
    """
    if not _UPN.fullmatch(text) or (text[-1].isalpha() and text[-1] not in _UPN_LETTERS):
        return False
    total = sum(place * _worth(each) for place, each in enumerate(text[1:], start=2))
    return _UPN_LETTERS[total % len(_UPN_LETTERS)] == text[0]


def _worth(character: str) -> int:
    return int(character) if character.isdigit() else _UPN_LETTERS.index(character)
