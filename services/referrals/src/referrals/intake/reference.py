"""A reference that survives being read aloud: no 0/O, 1/I, no vowels, and a check character."""

ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXYZ"
"""29 characters. The number is prime, so that distinct weights catch every swap of two."""

LENGTH = 8
SPACE = len(ALPHABET) ** (LENGTH - 1)
"""How many references there are."""


def reference_of(number: int) -> str:
    """Return the reference of a number below `SPACE`, in two groups of four."""
    if not 0 <= number < SPACE:
        raise ValueError(f"a reference's number is from 0 to {SPACE - 1}")
    digits: list[int] = []
    rest = number
    for _ in range(LENGTH - 1):
        rest, digit = divmod(rest, len(ALPHABET))
        digits.append(digit)
    text = "".join(ALPHABET[each] for each in [*digits, _check(digits)])
    return f"{text[:4]}-{text[4:]}"


def normalised(text: str) -> str | None:
    """Return what was typed or heard as a reference, or None where it is none or misread."""
    bare = "".join(text.split()).replace("-", "").upper()
    if len(bare) != LENGTH or any(each not in ALPHABET for each in bare):
        return None
    digits = [ALPHABET.index(each) for each in bare]
    if _check(digits[:-1]) != digits[-1]:
        return None
    return f"{bare[:4]}-{bare[4:]}"


def _check(digits: list[int]) -> int:
    """Return the check digit: any one character wrong, or any two swapped, changes it.

    The weights 2 to 8, and 1 of the check digit itself, differ and are not 0 modulo 29.
    """
    return -sum(weight * digit for weight, digit in enumerate(digits, start=2)) % len(ALPHABET)
