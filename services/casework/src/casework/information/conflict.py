"""What contradicts each other in a case: flagged, then resolved or left standing with a reason.

Nobody is made to decide who is right: a contradiction may stand, if somebody says why.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn

FEWEST = 2
"""So many items contradict each other at least."""


class Resolution(StrEnum):
    """How a contradiction was resolved."""

    # One source is right: the items that hold are named.
    ONE_HOLDS = "one-holds"
    # Each was right at its time, or in its place.
    BOTH_HOLD = "both-hold"
    NONE_HOLDS = "none-holds"
    MISUNDERSTOOD = "misunderstood"


class StandingReason(StrEnum):
    """Why a contradiction is left standing."""

    CANNOT_BE_KNOWN = "cannot-be-known"
    SOURCE_OUT_OF_REACH = "source-out-of-reach"
    ASKING_WOULD_HARM = "asking-would-harm"
    VIEWS_DIFFER = "views-differ"
    DOES_NOT_MATTER = "does-not-matter-here"


@dataclass(frozen=True, slots=True)
class FlagConflict:
    """Items of the case contradict each other; again with others: they belong to it too."""

    conflict_id: UUID
    case_id: UUID
    child: UUID
    items: frozenset[UUID]
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ResolveConflict:
    """Somebody found out how it is. `holds`: the items that are right."""

    conflict_id: UUID
    how: Resolution
    holds: frozenset[UUID]
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class LeaveConflict:
    """It is not to be resolved, for a reason."""

    conflict_id: UUID
    reason: StandingReason
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class ConflictFlagged:
    """Items contradict each other, or more of them do than was known."""

    conflict_id: UUID
    case_id: UUID
    child: UUID
    items: tuple[UUID, ...]
    words: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class ConflictResolved:
    """It was found out how it is; `holds` are the items that are right."""

    conflict_id: UUID
    case_id: UUID
    child: UUID
    how: Resolution
    holds: tuple[UUID, ...]
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class ConflictLeftStanding:
    """Both stand beside each other, for a reason."""

    conflict_id: UUID
    case_id: UUID
    child: UUID
    reason: StandingReason
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


class ConflictState(StrEnum):
    """How a contradiction stands."""

    FLAGGED = "flagged"
    RESOLVED = "resolved"
    LEFT_STANDING = "left-standing"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One contradiction. `code`: how it was resolved or why it stands; empty while flagged."""

    conflict_id: UUID
    case_id: UUID
    child: UUID
    items: frozenset[UUID]
    state: ConflictState
    code: str


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Those of a case, in the order in which they were flagged."""

    all: tuple[Conflict, ...]

    def of(self, conflict_id: UUID) -> Conflict | None:
        """Return the one of that id, if there is such a one."""
        return next((each for each in self.all if each.conflict_id == conflict_id), None)


class NoSuchConflict(Refusal):
    """The case has no contradiction of that id."""


class TooFewItems(Refusal):
    """It takes two items to contradict each other."""


class NotOneOfThem(Refusal):
    """What is said to hold is none of the items that contradict each other, or is not named."""


class SettledOtherwise(Refusal):
    """It was resolved or left standing already, in another way."""


ConflictCommand: TypeAlias = FlagConflict | ResolveConflict | LeaveConflict
ConflictEvent: TypeAlias = ConflictFlagged | ConflictResolved | ConflictLeftStanding


def decide(command: ConflictCommand, conflicts: Conflicts) -> list[ConflictEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    found = conflicts.of(command.conflict_id)
    match command, found:
        case FlagConflict(), _:
            return _flag(command, found)
        case _, None:
            raise NoSuchConflict
        case ResolveConflict(how=how) | LeaveConflict(reason=how), Conflict(code=held) if held:
            if how.value == held:
                return []
            raise SettledOtherwise
        case ResolveConflict(conflict_id, how, holds, words), Conflict(_, case_id, child):
            if not holds <= found.items or (how is Resolution.ONE_HOLDS) is not bool(holds):
                raise NotOneOfThem
            ordered = tuple(sorted(holds))
            return [ConflictResolved(conflict_id, case_id, child, how, ordered, words)]
        case LeaveConflict(conflict_id, reason, words), Conflict(_, case_id, child):
            return [ConflictLeftStanding(conflict_id, case_id, child, reason, words)]
        case _:
            raise Refusal(type(command), type(conflicts))


def _flag(command: FlagConflict, found: Conflict | None) -> list[ConflictEvent]:
    known: frozenset[UUID] = frozenset() if found is None else found.items
    if found is not None and command.items <= known:
        return []
    items = known | command.items
    if len(items) < FEWEST:
        raise TooFewItems
    ordered = tuple(sorted(items))
    return [
        ConflictFlagged(command.conflict_id, command.case_id, command.child, ordered, command.words)
    ]


def evolve(conflicts: Conflicts, event: ConflictEvent) -> Conflicts:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case ConflictFlagged(conflict_id, case_id, child, items):
            now = Conflict(conflict_id, case_id, child, frozenset(items), ConflictState.FLAGGED, "")
            if conflicts.of(conflict_id) is None:
                return Conflicts((*conflicts.all, now))
            return _with(conflicts, now)
        case ConflictResolved(how=how):
            return _settled(conflicts, event.conflict_id, ConflictState.RESOLVED, how.value)
        case ConflictLeftStanding(reason=why):
            return _settled(conflicts, event.conflict_id, ConflictState.LEFT_STANDING, why.value)
        case _:
            assert_never(event)


def _settled(conflicts: Conflicts, conflict_id: UUID, state: ConflictState, code: str) -> Conflicts:
    found = conflicts.of(conflict_id)
    return conflicts if found is None else _with(conflicts, replace(found, state=state, code=code))


def _with(conflicts: Conflicts, now: Conflict) -> Conflicts:
    """Put a contradiction in the place of what was known of it."""
    return Conflicts(
        tuple(now if each.conflict_id == now.conflict_id else each for each in conflicts.all)
    )


def unsettled(conflicts: Conflicts) -> frozenset[UUID]:
    """Return the contradictions that nobody has resolved or left standing."""
    return frozenset(
        each.conflict_id for each in conflicts.all if each.state is ConflictState.FLAGGED
    )


DECIDER: Decider[ConflictCommand, Conflicts, ConflictEvent] = Decider(
    "Conflict", Conflicts(()), decide, evolve
)
