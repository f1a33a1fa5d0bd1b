"""What a check came to: for each invariant how much was looked at, and what was wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from faults.checking.evidence import Evidence

SHOWN = 20
"""Violations of one invariant that a report shows; all are counted."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is not as it must be. `ids` name it; no personal data is among them."""

    expected: str
    found: str
    ids: Mapping[str, str]


Look: TypeAlias = Violation | None
"""One thing looked at: None where it was as it must be."""

Invariant: TypeAlias = Callable[[Evidence], Iterator[Look]]


def wrong(expected: str, found: object = "", /, **ids: object) -> Violation:
    """Say what was expected and what there is."""
    return Violation(expected, str(found), {name: str(value) for name, value in ids.items()})


def look(held: bool, expected: str, found: object = "", /, **ids: object) -> Look:  # noqa: FBT001 # the sentence that is judged comes first
    """Look at one thing."""
    return None if held else wrong(expected, found, **ids)


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one invariant."""

    invariant: str
    means: str
    looked_at: int
    wrong: int
    shown: tuple[Violation, ...]

    @property
    def green(self) -> bool:
        """Whether it held. Who looked at nothing saw nothing wrong, which is no proof."""
        return self.looked_at > 0 and self.wrong == 0

    @property
    def says(self) -> str:
        """Say in a word what became of it."""
        if self.looked_at == 0:
            return "looked at nothing"
        return "held" if self.wrong == 0 else f"VIOLATED {self.wrong} times"


def finding(name: str, means: str, looks: Iterable[Look]) -> Finding:
    """Count what was looked at."""
    number = bad = 0
    shown: list[Violation] = []
    for each in looks:
        number += 1
        if each is not None:
            bad += 1
            if len(shown) < SHOWN:
                shown.append(each)
    return Finding(name, means, number, bad, tuple(shown))


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of a check."""

    findings: tuple[Finding, ...]

    @property
    def green(self) -> bool:
        """Whether every invariant was looked at and held."""
        return all(each.green for each in self.findings)

    @property
    def violations(self) -> int:
        """How many violations there are in all."""
        return sum(each.wrong for each in self.findings)

    def of(self, invariant: str) -> Finding:
        """Return what became of an invariant."""
        [found] = [each for each in self.findings if each.invariant == invariant]
        return found

    def as_text(self) -> str:
        """Write the report for a person."""
        lines = []
        for each in self.findings:
            lines.append(f"{each.invariant:<4} {each.looked_at:>8}  {each.says:<20} {each.means}")
            for one in each.shown:
                ids = " ".join(f"{name}={value}" for name, value in one.ids.items())
                lines.append(
                    f"       expected {one.expected}; found {one.found or 'not so'} ({ids})"
                )
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {
            each.invariant: {
                "means": each.means,
                "looked_at": each.looked_at,
                "violations": each.wrong,
                "shown": [
                    {"expected": one.expected, "found": one.found, "ids": dict(one.ids)}
                    for one in each.shown
                ],
            }
            for each in self.findings
        }
