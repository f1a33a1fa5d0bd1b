"""Whether two people are one: proposed with a score and coded reasons, then decided by somebody.

A pair that was told apart is not proposed again unless something new speaks for it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, SealedIn
from referrals.people.scoring import Finding, Reason

CATEGORY = "IdentityMatch"

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="one")]


class Difference(StrEnum):
    """Why two people are not one."""

    TWINS = "twins"
    RELATED = "related"
    NAMESAKES = "namesakes"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, in the one order that makes the pair the same whoever comes first."""

    one: UUID
    other: UUID

    @classmethod
    def of(cls, person: UUID, other: UUID) -> "Pair":
        """Make the pair of two people."""
        return cls(min(person, other), max(person, other))


@dataclass(frozen=True, slots=True)
class MatchProposed:
    """Something speaks for two people being one. `score` is in tenths of a bit of evidence."""

    one: UUID
    other: UUID
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class MatchConfirmed:
    """Somebody found that two people are one."""

    one: UUID
    other: UUID
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class MatchRejected:
    """Somebody found that two people are not one, whatever spoke for it by then: `reasons`."""

    one: UUID
    other: UUID
    difference: Difference
    reasons: tuple[Reason, ...]
    words: MaybeWords


MatchEvent: TypeAlias = MatchProposed | MatchConfirmed | MatchRejected


@dataclass(frozen=True, slots=True)
class ProposeMatch:
    """Propose that two people are one."""

    pair: Pair
    finding: Finding


@dataclass(frozen=True, slots=True)
class ConfirmMatch:
    """Find that two people are one, proposed or not."""

    pair: Pair
    words: Personal[str | None]


@dataclass(frozen=True, slots=True)
class RejectMatch:
    """Find that two people are not one, although some reasons speak for it."""

    pair: Pair
    difference: Difference
    reasons: tuple[Reason, ...]
    words: Personal[str | None]


MatchCommand: TypeAlias = ProposeMatch | ConfirmMatch | RejectMatch


@dataclass(frozen=True, slots=True)
class NotProposed:
    """Nobody thought of it."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Waits for somebody's decision. `seen`: all that ever spoke for it."""

    seen: frozenset[Reason]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The two are one."""

    seen: frozenset[Reason]


@dataclass(frozen=True, slots=True)
class Rejected:
    """The two are not one."""

    seen: frozenset[Reason]
    difference: Difference


Match: TypeAlias = NotProposed | Proposed | Confirmed | Rejected


def decide(  # noqa: PLR0911 # a row of the table is a return
    command: MatchCommand, match_: Match
) -> list[MatchEvent]:
    """Each row is a decision the domain allows; whatever is not a row is refused."""
    match command, match_:
        case ProposeMatch(pair=pair, finding=finding), NotProposed():
            return [_proposed(pair, finding)]
        # New evidence is heard also where the two were told apart; the same again is not.
        case ProposeMatch(pair=pair, finding=finding), Proposed(seen=seen) | Rejected(seen=seen):
            return [_proposed(pair, finding)] if set(finding.reasons) - seen else []
        case ProposeMatch(), Confirmed():
            return []
        case ConfirmMatch(), Confirmed():
            return []
        case ConfirmMatch(pair=pair, words=words), _:
            return [MatchConfirmed(pair.one, pair.other, words)]
        case RejectMatch(difference=difference), Rejected(difference=held) if difference is held:
            return []
        case RejectMatch(pair=pair, difference=difference, words=words), _:
            reasons = command.reasons
            return [MatchRejected(pair.one, pair.other, difference, reasons, words)]
        case _:
            raise Refusal(type(command), type(match_))


def evolve(match_: Match, event: MatchEvent) -> Match:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    seen = frozenset[Reason]() if isinstance(match_, NotProposed) else match_.seen
    match event:
        case MatchProposed(reasons=reasons):
            return Proposed(seen | frozenset(reasons))
        case MatchConfirmed():
            return Confirmed(seen)
        case MatchRejected(difference=difference, reasons=reasons):
            return Rejected(seen | frozenset(reasons), difference)
        case _:
            assert_never(event)


MATCH: Decider[MatchCommand, Match, MatchEvent] = Decider(CATEGORY, NotProposed(), decide, evolve)


def _proposed(pair: Pair, finding: Finding) -> MatchProposed:
    return MatchProposed(pair.one, pair.other, finding.score, finding.reasons)
