"""How a name sounds: NYSIIS, so that names spelt by ear are alike.

Source: R. L. Taft, "Name Search Techniques", New York State Identification and Intelligence System,
Special Report No. 1, 1970, in the form without a limit on length.
"""

from typing import Final

_VOWELS: Final = frozenset("AEIOU")
_BEGINNINGS: Final = (
    ("MAC", "MCC"),
    ("KN", "N"),
    ("K", "C"),
    ("PH", "FF"),
    ("PF", "FF"),
    ("SCH", "SSS"),
)
_ENDINGS: Final = (
    ("EE", "Y"),
    ("IE", "Y"),
    ("DT", "D"),
    ("RT", "D"),
    ("RD", "D"),
    ("NT", "D"),
    ("ND", "D"),
)
_LETTERS: Final = {"Q": "G", "Z": "S", "M": "N"}
# What two or three letters together become, wherever they stand but at the beginning.
_TOGETHER: Final = (("EV", "AF"), ("SCH", "S"), ("PH", "F"), ("KN", "N"))
# Of these the last letter is looked at again, by itself.
_LAST_AGAIN: Final = frozenset({"KN"})


def sound_of(name: str) -> str:
    """Return the code of a normalised name; empty where it has no Latin letter."""
    letters = "".join(each for each in name.upper() if "A" <= each <= "Z")
    if not letters:
        return ""
    letters = _ended(_begun(letters))
    code, place = letters[0], 1
    while place < len(letters):
        coded, step = _coded(letters, place)
        for each in coded:
            code += each if each != code[-1] else ""
        place += step
    return _trimmed(code)


def _begun(letters: str) -> str:
    for beginning, coded in _BEGINNINGS:
        if letters.startswith(beginning):
            return coded + letters[len(beginning) :]
    return letters


def _ended(letters: str) -> str:
    for ending, coded in _ENDINGS:
        if letters.endswith(ending):
            return letters[: -len(ending)] + coded
    return letters


def _coded(letters: str, place: int) -> tuple[str, int]:
    """Return what the letter at a place becomes, and how many letters that took."""
    for together, coded in _TOGETHER:
        if letters.startswith(together, place):
            return coded, 1 if together in _LAST_AGAIN else len(together)
    letter, before = letters[place], letters[place - 1]
    if letter in _VOWELS:
        return "A", 1
    if letter == "K":
        return "C", 1
    # As the letter before, which stands in the code already.
    if (letter == "H" and _is_silent(letters, place)) or (letter == "W" and before in _VOWELS):
        return "", 1
    return _LETTERS.get(letter, letter), 1


def _is_silent(letters: str, place: int) -> bool:
    """Whether an H stands between anything but two vowels."""
    between = (letters[place - 1], letters[place + 1 : place + 2])
    return not all(each in _VOWELS for each in between)


def _trimmed(code: str) -> str:
    if code.endswith("S") and len(code) > 1:
        code = code[:-1]
    if code.endswith("AY"):
        code = code[:-2] + "Y"
    return code[:-1] if code.endswith("A") and len(code) > 1 else code
