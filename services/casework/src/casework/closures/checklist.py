"""What is answered before a case is closed: by facts where there are any, else by a worker."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from casework.urgent.concern_states import Acknowledged, Closed, Concern, NotRaised, Raised
from ledger.decider import Refusal


class Item(StrEnum):
    """What is asked at every closing (DOMAIN §2.5)."""

    MEASURES = "measures"
    FAMILY_TOLD = "family-told"
    REFERRER_TOLD = "referrer-told"
    FUNDING = "funding"
    GROUPS = "groups"
    LETTERS = "letters"
    SESSIONS = "sessions"
    SAFEGUARDING = "safeguarding"


class Done(StrEnum):
    """How an item is answered."""

    DONE = "done"
    # With a reason in words.
    NOT_DONE = "not-done"
    NOT_NEEDED = "not-needed"


BY_FACTS: Final = frozenset({Item.SESSIONS, Item.SAFEGUARDING})
"""No word of a worker answers these: bookings are cancelled, concerns handed over or closed.

Places in groups are answered by facts too, where none is open; an open one may stay for a reason.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's answer to an item; its reason stands in the closure's words."""

    item: Item
    done: Done


@dataclass(frozen=True, slots=True)
class Open:
    """What the record shows as open when a case is to be closed, looked up."""

    places: tuple[UUID, ...] = ()
    bookings: tuple[UUID, ...] = ()
    concerns: tuple[Concern, ...] = ()


class ChecklistIncomplete(Refusal):
    """Something must be answered or settled before the case is closed: it is named."""

    def __init__(self, missing: Collection[Item]) -> None:
        super().__init__()
        self.missing = tuple(missing)

    @property
    def details(self) -> Mapping[str, str]:
        """Say what is missing."""
        return MappingProxyType({"missing": " ".join(self.missing)})


def missing(
    answers: Collection[Answer], explained: Collection[Item], found: Open
) -> tuple[Item, ...]:
    """Return the items that nothing answers, in their order; `explained`: those with a reason."""
    answered = {e.item for e in answers if e.done is Done.DONE or e.item in explained}
    by_facts = settled(found)
    return tuple(
        each for each in Item if each not in by_facts and (each in BY_FACTS or each not in answered)
    )


def settled(found: Open) -> frozenset[Item]:
    """Return the items that facts answer: nothing of them is open."""
    return frozenset(
        {
            *((Item.GROUPS,) if not found.places else ()),
            *((Item.SESSIONS,) if not found.bookings else ()),
            *((Item.SAFEGUARDING,) if all(map(handed_over, found.concerns)) else ()),
        }
    )


def handed_over(concern: Concern) -> bool:
    """Whether a closing need not wait for a concern: it is over, or an authority has taken it on.

    An authority took it on that was notified and has answered.
    """
    match concern:
        case NotRaised() | Closed():
            return True
        case Raised():
            return False
        case Acknowledged(known):
            return bool(known.asked) and not known.awaited
