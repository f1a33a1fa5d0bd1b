"""The seven matters that an assessment and a review consider (ASSR 2005 reg 14), and those open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from ledger.decider import Refusal


class Heading(StrEnum):
    """What is considered, where it is relevant."""

    # Of the person who asks.
    PERSON = "person-needs"
    FAMILY = "family-needs"
    # With how the child develops.
    CHILD = "child-needs"
    PARENTING = "parenting-capacity"
    ENVIRONMENT = "wider-environment"
    # Those that led to the child's placement or match.
    CIRCUMSTANCES = "circumstances-of-placement"
    EARLIER = "earlier-assessments"


class Relevance(StrEnum):
    """Whether there is something to say under a heading."""

    CONSIDERED = "considered"
    NOT_RELEVANT = "not-relevant"


@dataclass(frozen=True, slots=True)
class Considered:
    """The latest entry under a heading."""

    entry_id: UUID
    heading: Heading
    relevance: Relevance
    rests_on: tuple[UUID, ...]


class HeadingsMissing(Refusal):
    """Nothing is said yet under some headings: each is considered, or said not to be relevant."""

    def __init__(self, headings: Collection[Heading]) -> None:
        super().__init__()
        self.headings = tuple(headings)

    @property
    def details(self) -> Mapping[str, str]:
        """Say which."""
        return MappingProxyType({"missing": ", ".join(self.headings)})


def with_entry(entries: tuple[Considered, ...], new: Considered) -> tuple[Considered, ...]:
    """Put an entry in the place of an earlier one under its heading, in the order of headings."""
    by_heading = {each.heading: each for each in (*entries, new)}
    return tuple(by_heading[each] for each in Heading if each in by_heading)


def missing(entries: Collection[Considered], wanted: Collection[Heading]) -> tuple[Heading, ...]:
    """Return the headings of those wanted under which there is no entry."""
    there = {each.heading for each in entries}
    return tuple(each for each in Heading if each in wanted and each not in there)
