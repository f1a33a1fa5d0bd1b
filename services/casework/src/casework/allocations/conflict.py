"""A conflict of interest: a worker knows a child, or the family. He is let near no case of theirs.

One stream for each worker and child, or family. It stands from the instant in which it is recorded
until somebody says that it was a mistake; it has nothing to do with where any case stands.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn


class Knows(StrEnum):
    """Whom the worker knows: that child, or any of the family."""

    CHILD = "child"
    FAMILY = "family"


class Tie(StrEnum):
    """How the worker knows them."""

    RELATIVE = "relative"
    FRIEND = "friend"
    NEIGHBOUR = "neighbour"
    EARLIER_WORK = "earlier-work"
    OWN_CHILDS_SCHOOL = "own-childs-school"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class DeclareConflict:
    """A worker knows a child or family."""

    worker: UUID
    about: UUID
    knows: Knows
    tie: Tie
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ClearConflict:
    """It was said by mistake that a worker knows them."""

    worker: UUID
    about: UUID


@dataclass(frozen=True, slots=True)
class ConflictDeclared:
    """The worker knows the child or family: from now on he finds no case of theirs."""

    worker: UUID
    about: UUID
    knows: Knows
    tie: Tie
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="worker")]


@dataclass(frozen=True, slots=True)
class ConflictCleared:
    """It was a mistake: the worker does not know them."""

    worker: UUID
    about: UUID


@dataclass(frozen=True, slots=True)
class NoConflict:
    """Nothing is known of the worker and them."""


@dataclass(frozen=True, slots=True)
class InConflict:
    """The worker knows them."""

    worker: UUID
    about: UUID


class ConflictOfInterest(Refusal):
    """The worker knows the child or family: he takes no part in the case."""


ConflictCommand: TypeAlias = DeclareConflict | ClearConflict
ConflictEvent: TypeAlias = ConflictDeclared | ConflictCleared
Conflict: TypeAlias = NoConflict | InConflict


def decide(command: ConflictCommand, conflict: Conflict) -> list[ConflictEvent]:
    """Each row is a transition the domain allows; whatever is not a row decides nothing."""
    match command, conflict:
        case DeclareConflict(worker, about, knows, tie, words), NoConflict():
            return [ConflictDeclared(worker, about, knows, tie, words)]
        case ClearConflict(worker, about), InConflict():
            return [ConflictCleared(worker, about)]
        # The same again is the same answer, so that callers may retry.
        case DeclareConflict(), InConflict():
            return []
        case ClearConflict(), NoConflict():
            return []
        case _:
            raise Refusal(type(command), type(conflict))


def evolve(conflict: Conflict, event: ConflictEvent) -> Conflict:  # noqa: ARG001 # each fact stands for itself
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case ConflictDeclared(worker=worker, about=about):
            return InConflict(worker, about)
        case ConflictCleared():
            return NoConflict()
        case _:
            assert_never(event)


DECIDER: Decider[ConflictCommand, Conflict, ConflictEvent] = Decider(
    "ConflictOfInterest", NoConflict(), decide, evolve
)
