"""How a proposal stands, and what is known of it whatever becomes of it."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.decisions.notice_events import Addressee, Basis, Document, Ground, Outcome, Proposal


@dataclass(frozen=True, slots=True)
class NotProposed:
    """There is no such proposal."""


@dataclass(frozen=True, slots=True)
class Known:
    """What holds whatever becomes of it.

    `represented`: who made representations and when, by the id of each; `satisfied`: who said so
    and when. `served`, `failed`: what was heard of each attempt to serve a document. `ended`: last
    days that are over.
    """

    notice_id: UUID
    case_id: UUID
    child: UUID
    proposal: Proposal
    services: tuple[str, ...]
    addressee: Addressee
    basis: Basis
    proposed_by: str
    text_version: int = 1
    represented: tuple[tuple[UUID, UUID, date], ...] = ()
    satisfied: tuple[tuple[UUID, date], ...] = ()
    served: frozenset[tuple[Document, int]] = frozenset()
    failed: frozenset[tuple[Document, int]] = frozenset()
    ended: frozenset[date] = frozenset()

    @property
    def parties(self) -> frozenset[UUID]:
        """Whose word opens the decision: whom the notice is addressed to, and the child."""
        return frozenset({self.addressee.person, self.child})


@dataclass(frozen=True, slots=True)
class Drafted:
    """The text is written and can be changed; nobody has been told."""

    known: Known


@dataclass(frozen=True, slots=True)
class Issued:
    """The notice is to be served; no period runs."""

    known: Known
    days: int
    rule: str


@dataclass(frozen=True, slots=True)
class Served:
    """The notice counts as served: representations can be made until the last day."""

    known: Known
    days: int
    rule: str
    attempt: int
    last_day: date


@dataclass(frozen=True, slots=True)
class Decided:
    """The authority decided. `last_day`: of the period that ran then, None where none did."""

    known: Known
    days: int
    rule: str
    last_day: date | None
    outcome: Outcome
    ground: Ground
    on: date


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The authority did not go on with it."""

    known: Known


Notice: TypeAlias = NotProposed | Drafted | Issued | Served | Decided | Withdrawn
