"""What is different between two versions of a plan, so that a person can read it. Pure.

Words take part only where they were opened for a reader; else nothing is said of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from casework.plain_words import plain
from casework.plans.document import AnyPart, PlanDocument, parts_of

Words: TypeAlias = Mapping[str, str]
NOT_OPENED: Words = MappingProxyType({})


class How(StrEnum):
    """How a part differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part, or one value of a part, that differs; `was` and `now` as they are read.

    `value`: empty where the whole part is meant. `section` is one of a plan's, or `plan`.
    """

    section: str
    key: str
    how: How
    value: str
    was: str
    now: str

    @property
    def sentence(self) -> str:
        """Say it in words."""
        what = f"{_SINGULAR[self.section]} {self.key!r}" if self.key else "The plan"
        match self.how:
            case How.ADDED:
                return f"{what} is new: {self.now}."
            case How.REMOVED:
                return f"{what} is left out: {self.was}."
            case How.CHANGED:
                now, was = self.now or "nothing", self.was or "nothing"
                return f"{what}, {_name(self.value)}: now {now}, before {was}."


_SINGULAR = {
    "needs": "Need",
    "goals": "Goal",
    "services": "Service",
    "measures": "Measure",
    "parts": "Part",
    "contacts": "Contact",
    "risks": "Risk",
    "contributions": "Contribution",
    "views": "View",
    "criteria": "Criterion",
    "contingencies": "Contingency",
    "plan": "Plan",
}
_NAMES = {"cost_pence": "cost", "of": "towards", "review_on": "day of review"}


def differences(
    before: PlanDocument,
    after: PlanDocument,
    said_before: Words = NOT_OPENED,
    said_after: Words = NOT_OPENED,
) -> tuple[Difference, ...]:
    """Return what differs: parts in the order of the later version, then what is left out."""
    old = {(section, each.key): each for section, each in parts_of(before)}
    new = {(section, each.key): each for section, each in parts_of(after)}
    found: list[Difference] = []
    for place, part in new.items():
        held = old.get(place)
        if held is None:
            found.append(Difference(*place, How.ADDED, "", "", _read(part)))
        else:
            found.extend(_of_part(place, held, part))
        found.extend(_of_words(place, said_before, said_after))
    for place, part in old.items():
        if place not in new:
            found.append(Difference(*place, How.REMOVED, "", _read(part), ""))
    return (*found, *_of_plan(before, after))


def _of_part(place: tuple[str, str], held: AnyPart, part: AnyPart) -> Iterator[Difference]:
    for each in fields(part):
        was, now = getattr(held, each.name), getattr(part, each.name)
        if was != now:
            said = (_value(each.name, was), _value(each.name, now))
            yield Difference(*place, How.CHANGED, each.name, *said)


def _of_words(place: tuple[str, str], before: Words, after: Words) -> Iterator[Difference]:
    was, now = before.get(place[1], ""), after.get(place[1], "")
    if was != now:
        yield Difference(*place, How.CHANGED, "words", was, now)


def _of_plan(before: PlanDocument, after: PlanDocument) -> Iterator[Difference]:
    for name in ("monitor", "review_on"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            said = (_value(name, was), _value(name, now))
            yield Difference("plan", "", How.CHANGED, name, *said)


def _read(part: AnyPart) -> str:
    """Read a part but for its key: each value with its name."""
    values = (
        (each.name, _value(each.name, getattr(part, each.name)))
        for each in fields(part)
        if each.name != "key"
    )
    return ", ".join(f"{_name(name)} {value}" for name, value in values if value)


def _name(field: str) -> str:
    """Read the name of a value."""
    return _NAMES.get(field, plain(field.replace("_", "-")))


def _value(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case int() if name == "cost_pence":
            return f"£{value // 100:,}.{value % 100:02}"
        case date():
            return f"{value:%-d %B %Y}"
        case tuple():
            return ", ".join(map(str, value))
        case StrEnum():
            return plain(value.value)
        case _:
            return str(value)
