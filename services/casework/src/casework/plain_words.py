"""How codes read in plain words, and what a headline of the chronology is made from. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

Said: TypeAlias = Mapping[str, Any]
"""The clear fields of an event, as JSON says them."""

Headline: TypeAlias = Callable[[Said], str]


def plain(code: str) -> str:
    """Return a code as words."""
    return code.replace("-", " ")


def joined(codes: Iterable[str]) -> str:
    """Return codes as words, one after the other."""
    return ", ".join(map(plain, codes))
