"""What the shell is asked to do, and what a domain command becomes: steps on streams."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias, TypeVar
from uuid import UUID

from ledger.commands import Claim, Turn
from ledger.decider import Decider
from ledger.envelope import Actor, Basis, Occurred
from ledger.writes import Write

S = TypeVar("S")


def unmoved(state: S, _event: object) -> S:
    """Evolve as a decider does to whom no event matters: of its streams only heads are read."""
    return state


@dataclass(frozen=True, slots=True)
class Step:
    """One decision on one stream. The steps of one command are appended all or none.

    `subjects` are people it is about beside those of its personal fields. `take` and `release` are
    claims that go with the decided events; where nothing is decided they are left alone. So does
    `turn`, by which custody of a case passes or returns in the same append.
    """

    decider: Decider[Any, Any, Any]
    stream_id: UUID
    command: object
    case_id: UUID | None = None
    subjects: tuple[UUID, ...] = ()
    take: tuple[Claim, ...] = ()
    release: tuple[Claim, ...] = ()
    turn: Turn | None = None


class Situation(Protocol):
    """What may be looked up while a command is turned into steps; asked again after a conflict."""

    @property
    def tenant(self) -> UUID:
        """The authority whose record it is."""

    @property
    def partnership(self) -> str:
        """The slug of the partnership that the authority belongs to; empty where it is in none."""

    @property
    def slug(self) -> str:
        """The authority's own slug."""

    def authority(self, slug: str) -> UUID | None:
        """Return the authority of a slug, if it keeps its record on this installation."""

    async def now(self) -> datetime:
        """Return the store's clock, as of the first reading."""

    async def look(
        self,
        streams: Mapping[UUID, Decider[Any, Any, Any]] = MappingProxyType({}),
        claims: Sequence[Claim] = (),
    ) -> None:
        """Read streams and holders of claims that will be asked for, in one round trip.

        Every stream that was read is checked at the append, also where nobody asked for its state.
        """

    async def holder(self, claim: Claim) -> UUID | None:
        """Return the stream that holds a claim."""

    async def state(self, decider: Decider[Any, S, Any], stream_id: UUID) -> S:
        """Return the state of a stream; its version is checked again at the append."""


Compose: TypeAlias = Callable[[Any, Situation], Awaitable[Sequence[Step]]]
"""Turns a domain command into steps: one function per service, a `match` over its commands."""


@dataclass(frozen=True, slots=True)
class Act:
    """One domain command with its envelope. `scope`: authorities that the caller may act for."""

    command_id: UUID
    tenant: UUID
    scope: frozenset[UUID]
    actor: Actor
    command: object
    occurred: Occurred | None = None
    expected_version: int | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    basis: Basis = Basis.FACT
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an act came to. `events`: what was decided, by stream, in order (none if duplicate).

    `outcome` is what the service's `outcome` function said of the first time, remembered with the
    command id, so that a repeat gets the same answer. It holds no personal data.
    """

    versions: dict[UUID, int]
    position: int
    outcome: str
    duplicate: bool = False
    events: tuple[tuple[UUID, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A record of another service's topic, read tolerantly: unknown data is left in `data`."""

    event_id: UUID
    service: str
    tenant: UUID
    category: str
    stream_id: UUID
    version: int
    type: str
    schema_version: int
    occurred: Occurred
    recorded_at: datetime
    correlation_id: UUID
    case_id: UUID | None
    subjects: tuple[UUID, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


class When(Enum):
    """When what follows from something heard is said to have occurred."""

    OF_CAUSE = auto()
    # When it is appended: it does not belong to the instant of what was heard.
    NOW = auto()


@dataclass(frozen=True, slots=True)
class Do:
    """A command that follows from something heard or due. `target`: the stream it is mainly for.

    Its command id is made from the consumer, the cause, the command's type and the target, so a
    repeated cause changes nothing. `tenant`: the authority to act for, where it is not the cause's.
    """

    command: object
    target: UUID
    tenant: UUID | None = None
    when: When = When.OF_CAUSE


Hear: TypeAlias = Callable[[Heard], Sequence[Do | Write]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a service does when another speaks; pure."""

    service: str
    hear: Hear


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that a recorded fact sets (again: moves). One a (kind, stream)."""

    kind: str
    stream_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Met:
    """A deadline that a recorded fact ends before it is due."""

    kind: str
    stream_id: UUID
