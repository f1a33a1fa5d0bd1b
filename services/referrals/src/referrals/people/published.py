"""What is told of people: ids of two threads that are one, and that they are not."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.envelope import Recorded
from referrals.people.facts import PersonMerged, PersonUnmerged


@dataclass(frozen=True, slots=True)
class DuplicateLinked:
    """A person was found to be another: from now on the other's readings are both's."""

    person: UUID
    same_as: UUID
    episode: UUID


@dataclass(frozen=True, slots=True)
class DuplicateUnlinked:
    """Two persons were one by mistake; `episode` is that of the DuplicateLinked that it ends."""

    person: UUID
    same_as: UUID
    episode: UUID


EVENTS = (DuplicateLinked, DuplicateUnlinked)


def publish(recorded: Recorded[Any]) -> object | None:
    """Return the public words for a stored event, None where others are told nothing.

    Whether a child has another identity is told to nobody.
    """
    match recorded.event:
        case PersonMerged(person=person, into=into, episode=episode):
            return DuplicateLinked(person, into, episode)
        case PersonUnmerged(person=person, into=into, episode=episode):
            return DuplicateUnlinked(person, into, episode)
        case _:
            return None
