"""What stands beside each fact, never inside it (who, when, why, whose), and the fact with it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from ledger.clock import london_day

E_co = TypeVar("E_co", covariant=True)


class Basis(StrEnum):
    """On what a recorded statement rests."""

    FACT = "fact"
    OPINION = "opinion"
    THIRD_PARTY = "third-party"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: an opaque id, the role used, and for whom, if for somebody else."""

    id: str
    role: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Occurred:
    """When something was true in the world: an instant, or a day in London.

    `at` is aware; of a day it is the day's start in London.
    """

    at: datetime
    precision: str = "instant"

    @property
    def is_day(self) -> bool:
        """Whether only the day is known."""
        return self.precision == "day"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The envelope of one stored event; `position` is its place in the service's log."""

    event_id: UUID
    tenant: UUID
    category: str
    stream_id: UUID
    version: int
    position: int
    type: str
    schema_version: int
    occurred: Occurred
    recorded_at: datetime
    actor: Actor
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None = None
    traceparent: str | None = None
    basis: Basis = Basis.FACT
    corrects: UUID | None = None
    subjects: tuple[UUID, ...] = ()
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E_co]):
    """A fact with its envelope, as it is read back from the store."""

    event: E_co
    envelope: Envelope

    @property
    def occurred_on(self) -> date:
        """The day in London on which it was true."""
        return london_day(self.envelope.occurred.at)
