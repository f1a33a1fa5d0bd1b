"""What came with a referral from outside and has no place in it: kept, for whoever screens it."""

import json
from dataclasses import dataclass
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn

CATEGORY = "NotMapped"


@dataclass(frozen=True, slots=True)
class ValuesKept:
    """A message brought values that a referral has no place for.

    `message`: the submission, or the revision, that brought them. `values` is a JSON array of
    [expression, value]; `count` says how many.
    """

    referral: UUID
    child: UUID
    message: UUID
    count: int
    values: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class Along:
    """What came along with a submission: pairs of expression and value, and an NHS number.

    The number, which was valid in form, has its place with the person.
    """

    values: tuple[tuple[str, str], ...] = ()
    nhs_number: str | None = None


NOTHING = Along()


@dataclass(frozen=True, slots=True)
class KeepValues:
    """Keep what has no place."""

    said: ValuesKept


@dataclass(frozen=True, slots=True)
class AllMapped:
    """Everything that came with the referral has its place in it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something has none; by message, in the order in which they came."""

    said: tuple[ValuesKept, ...]

    @property
    def count(self) -> int:
        """How many values there are in all."""
        return sum(each.count for each in self.said)


NotMapped: TypeAlias = AllMapped | Kept


def keep(referral: UUID, child: UUID, message: UUID, came: Along) -> KeepValues:
    """Return the command that keeps what a message about a child's referral brought."""
    return KeepValues(
        ValuesKept(
            referral=referral,
            child=child,
            message=message,
            count=len(came.values),
            values=Plain(json.dumps(came.values, ensure_ascii=False)),
        )
    )


def decide(command: KeepValues, state: NotMapped) -> list[ValuesKept]:
    """Keep what each message brought, once."""
    match state:
        case AllMapped():
            return [command.said]
        case Kept(said=held) if held[0].referral != command.said.referral:
            raise Refusal(KeepValues, type(state))
        case Kept(said=held) if command.said.message in {each.message for each in held}:
            return []
        case Kept():
            return [command.said]


def evolve(state: NotMapped, event: ValuesKept) -> NotMapped:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    return Kept((*state.said, event) if isinstance(state, Kept) else (event,))


NOT_MAPPED: Decider[KeepValues, NotMapped, ValuesKept] = Decider(
    CATEGORY, AllMapped(), decide, evolve
)
