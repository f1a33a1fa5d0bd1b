"""How a concern stands, and what is known of it whatever becomes of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from casework.urgent.concern_events import About, Emergency, Outcome, Source


@dataclass(frozen=True, slots=True)
class NotRaised:
    """There is no such concern."""


@dataclass(frozen=True, slots=True)
class Known:
    """What holds whatever becomes of it.

    `filed`: the case in whose file it is, the one known when it was raised. `asked`: authorities
    that were notified, with the day by which to answer; `awaited`: those of them that have not;
    `overdue`: those whose day is over. `escalated`: instants that were noted. `alerted`: workers
    who were told.
    """

    concern_id: UUID
    about: About
    filed: UUID | None
    sources: frozenset[Source]
    told: frozenset[tuple[Emergency, datetime]] = frozenset()
    asked: frozenset[tuple[str, date]] = frozenset()
    awaited: frozenset[tuple[str, date]] = frozenset()
    overdue: frozenset[tuple[str, date]] = frozenset()
    escalated: tuple[datetime, ...] = ()
    alerted: frozenset[UUID] = frozenset()

    @property
    def subject(self) -> UUID:
        """Under whose key words are sealed: the child's, or the concern's own if it is unknown."""
        return self.about.child or self.concern_id


@dataclass(frozen=True, slots=True)
class Raised:
    """Nobody has acknowledged it."""

    known: Known


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A person acts on it."""

    known: Known
    worker: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing more is to be done here."""

    known: Known
    outcome: Outcome


Concern: TypeAlias = NotRaised | Raised | Acknowledged | Closed
