"""What is recorded of a change of duty, on both sides."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn


class Stays(StrEnum):
    """What stays with the authority that owed the service, whoever owes it now."""

    # Financial support agreed before the adoption order stays with the placing authority.
    FINANCIAL_SUPPORT_BEFORE_ORDER = "financial-support-before-order"


@dataclass(frozen=True, slots=True)
class DutyChangeBegan:
    """From that day the authority `to` owes the child the service, and the case goes on here.

    `to_authority` is set where that one keeps its record on this installation. The plan stays
    active; what `stays` remains this authority's for good.
    """

    change: UUID
    case_id: UUID
    child: UUID
    to: str
    to_authority: UUID | None
    from_day: date
    stays: tuple[Stays, ...]


@dataclass(frozen=True, slots=True)
class DutyHandedOn:
    """The authority that owes the service now said that it takes it on."""

    change: UUID
    case_id: UUID
    to: str


@dataclass(frozen=True, slots=True)
class DutyKeptByChoice:
    """This authority goes on helping by choice, for reasons; the other one owes it all the same."""

    change: UUID
    case_id: UUID
    child: UUID
    to_authority: UUID | None
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class DutyChangeWithdrawn:
    """It was learned that the duty did not go there: nothing has to be handed on."""

    change: UUID
    case_id: UUID
    child: UUID
    to_authority: UUID | None


DutyChangeEvent: TypeAlias = DutyChangeBegan | DutyHandedOn | DutyKeptByChoice | DutyChangeWithdrawn


@dataclass(frozen=True, slots=True)
class DutyArrived:
    """From that day this authority owes a child the service that another one still gives."""

    change: UUID
    case_id: UUID
    child: UUID
    sent_by_authority: UUID
    from_day: date
    stays: tuple[Stays, ...]


@dataclass(frozen=True, slots=True)
class DutyTakenOn:
    """This authority takes the duty on: the other one may let go."""

    change: UUID
    case_id: UUID
    child: UUID
    sent_by_authority: UUID


@dataclass(frozen=True, slots=True)
class DutyStaysThere:
    """The other authority goes on helping by choice, or the duty did not come after all."""

    change: UUID
    child: UUID


DutyArrivalEvent: TypeAlias = DutyArrived | DutyTakenOn | DutyStaysThere
