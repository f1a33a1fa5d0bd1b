"""A submission that may be received: its shape read, its dates and codes held against the rules."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chassis.edge.malformed import Malformed, Violation
from ledger.clock import london_day
from referrals.codes import NEEDS
from referrals.intake.document import Child, Document, read_document

NAIVE_TIMESTAMP: Final = "naive-timestamp"
BAD_DATE: Final = "bad-date"
UNKNOWN_AUTHORITY: Final = "unknown-authority"
NO_CHILD: Final = "no-child"
BORN_AFTER_RECEIVED: Final = "child-born-after-received"
ORDER_BEFORE_BIRTH: Final = "order-before-birth"
UNKNOWN_NEED: Final = "unknown-need"
EMPTY_WORDS: Final = "empty-words"

PRECEDENCE: Final = (
    NAIVE_TIMESTAMP,
    BAD_DATE,
    UNKNOWN_AUTHORITY,
    NO_CHILD,
    BORN_AFTER_RECEIVED,
    ORDER_BEFORE_BIRTH,
    UNKNOWN_NEED,
    EMPTY_WORDS,
)
"""The eight rules. Where several are broken, the earlier one is named first."""

FIRST_YEAR, LAST_YEAR = 1900, 2199

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Places:
    """The slugs that a submission may name.

    `receiving` are authorities that receive referrals here, `known` those and others that may have
    placed a child or have a family live in them.
    """

    receiving: frozenset[str]
    known: frozenset[str]
    partnerships: frozenset[str]


@dataclass(frozen=True, slots=True)
class SubmittedChild:
    """A child as said, with the dates read."""

    said: Child
    born_on: date
    ordered_on: date | None


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission that breaks no rule. `received_at` is aware, with the offset it came with.

    `asked_urgently`: whoever sent it marked it so, in a form that has such a mark.
    """

    said: Document
    received_at: datetime
    children: tuple[SubmittedChild, ...]
    asked_urgently: bool = False

    @property
    def received_on(self) -> date:
        """The day in London on which it was received."""
        return london_day(self.received_at)

    @property
    def is_urgent(self) -> bool:
        """Somebody is in immediate danger, or the placement is at risk."""
        danger = self.said.safeguarding.immediate_danger
        return danger or self.said.placement_at_risk or self.asked_urgently


def parse(body: bytes, places: Places) -> Submission:
    """Read a submission. Raises Malformed: each violation with field path and code, first first."""
    document = read_document(body)
    found = sorted(_violations(document, places), key=lambda each: PRECEDENCE.index(each.code))
    if found:
        raise Malformed(found)
    children = tuple(
        SubmittedChild(child, _day(child.date_of_birth), _order_day(child))
        for child in document.family.children
    )
    return Submission(document, _instant(document.received_at), children)


def _violations(document: Document, places: Places) -> Iterator[Violation]:
    received_on: date | None = None
    try:
        received_on = london_day(_instant(document.received_at))
    except Malformed as wrong:
        yield from wrong.violations
    yield from _authorities(document, places)
    if not document.family.children:
        yield Violation("family.children", NO_CHILD, "at least one child")
    for number, child in enumerate(document.family.children):
        yield from _dates(f"family.children[{number}]", child, received_on)
    for number, need in enumerate(document.needs):
        if need not in NEEDS:
            yield Violation(f"needs[{number}]", UNKNOWN_NEED, _listed(NEEDS))
    if not document.in_their_words.strip():
        yield Violation("in_their_words", EMPTY_WORDS, "words that are not blank")


def _authorities(document: Document, places: Places) -> Iterator[Violation]:
    family = document.family
    named = [
        ("received_by", document.received_by, places.receiving),
        ("family.lives_in", family.lives_in, places.known),
        *(
            (f"family.children[{number}].placing_authority", child.placing_authority, places.known)
            for number, child in enumerate(family.children)
        ),
    ]
    for field, slug, allowed in named:
        if slug is not None and slug not in allowed:
            yield Violation(field, UNKNOWN_AUTHORITY, _listed(allowed))


def _dates(path: str, child: Child, received_on: date | None) -> Iterator[Violation]:
    born_on: date | None = None
    ordered_on: date | None = None
    try:
        born_on = _day(child.date_of_birth, f"{path}.date_of_birth")
    except Malformed as wrong:
        yield from wrong.violations
    try:
        ordered_on = _order_day(child, f"{path}.adoption_order_date")
    except Malformed as wrong:
        yield from wrong.violations
    if born_on and received_on and born_on > received_on:
        yield Violation(
            f"{path}.date_of_birth", BORN_AFTER_RECEIVED, "at latest the day of receipt"
        )
    if born_on and ordered_on and ordered_on < born_on:
        yield Violation(
            f"{path}.adoption_order_date", ORDER_BEFORE_BIRTH, "at earliest the date of birth"
        )


def _order_day(child: Child, field: str = "adoption_order_date") -> date | None:
    return None if child.adoption_order_date is None else _day(child.adoption_order_date, field)


def _day(text: str, field: str = "date") -> date:
    allowed = f"a date YYYY-MM-DD, {FIRST_YEAR} to {LAST_YEAR}"
    if not _DAY.fullmatch(text):
        raise Malformed([Violation(field, BAD_DATE, allowed)])
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Malformed([Violation(field, BAD_DATE, allowed)]) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Malformed([Violation(field, BAD_DATE, allowed)])
    return day


def _instant(text: str) -> datetime:
    field, allowed = "received_at", "a timestamp with its offset, YYYY-MM-DDThh:mm:ss+hh:mm"
    if not _INSTANT.fullmatch(text):
        raise Malformed([Violation(field, BAD_DATE, allowed)])
    _day(text[:10], field)
    try:
        instant = datetime.fromisoformat(text.upper())
    except ValueError:
        raise Malformed([Violation(field, BAD_DATE, allowed)]) from None
    if instant.tzinfo is None:
        raise Malformed([Violation(field, NAIVE_TIMESTAMP, allowed)])
    return instant


def _listed(allowed: Iterable[str]) -> str:
    return "one of " + ", ".join(sorted(allowed))
