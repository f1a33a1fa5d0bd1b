"""The parts list of a service, as its `__main__` writes it."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from chassis.acting import Compose, Do, Due, Met, Subscription
from chassis.identity.policy import FactsSource, Policy, no_facts
from chassis.running.settings import Settings
from ledger.commands import StoredEvent
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.registry import Registry

if TYPE_CHECKING:
    from grpc.aio import Server

    from chassis.runtime import Runtime

Publish: TypeAlias = Callable[[Recorded[Any]], object | None]
Outcome: TypeAlias = Callable[[object, Sequence[tuple[UUID, object]]], str]
Counters: TypeAlias = Callable[[Connection], Awaitable[Mapping[str, int]]]
Withhold: TypeAlias = Callable[[Sequence[StoredEvent]], AbstractSet[UUID]]
Pending: TypeAlias = Callable[[Connection], Awaitable[int]]
Reactor: TypeAlias = "Callable[[Runtime], Coroutine[Any, Any, None]]"


@dataclass(frozen=True, slots=True)
class Servicer:
    """One gRPC servicer with the generated function that adds it to a server."""

    implementation: Any
    add_to: "Callable[[Any, Server], None]"
    full_name: str


def no_outcome(_command: object, _events: Sequence[tuple[UUID, object]]) -> str:
    """Remember nothing beside the versions."""
    return ""


def no_deadlines(_recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set no deadline."""
    return ()


def never_due(kind: str, stream_id: UUID, _due_at: datetime) -> Do:
    """Stand where a service sets no deadline, so none can fall due."""
    raise LookupError(f"no deadline of kind {kind} is known, on stream {stream_id}")


async def no_counters(_connection: object) -> Mapping[str, int]:
    """Count nothing."""
    return {}


def nothing_withheld(_stored: Sequence[StoredEvent]) -> AbstractSet[UUID]:
    """Let a history open whatever the reader's roles may."""
    return frozenset()


def nothing_walled(_runtime: "Runtime") -> FactsSource:
    """Stand where no worker is kept from the past of anything that his role may read."""
    return no_facts


async def nothing_pending(_connection: object) -> int:
    """Leave nothing to wait for."""
    return 0


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that makes one service; the roles of its processes read it.

    `publish` says what others are told of a stored event (None: nothing, yet a record goes).
    `outcome` is remembered with the command id and given again to whoever repeats the command.
    `counters` are "authority/name" numbers for an operator; `pending` counts the work that is still
    to be done, which `settle` waits for. `reactors` are background work of the role `react`.
    `withhold` names the events, of all that a history is asked about, of which it opens nothing.
    `first` are the stored events whose news goes out before all other news that waits.
    `facts` are policy's, for a call of the service's own; `past_facts` for who reads a history or
    exports evidence, whose request names a stream, a case or a person (`history.asked_of`).
    """

    name: str
    registry: Registry
    compose: Compose
    publish: Publish
    public_events: tuple[type, ...]
    servicers: "Callable[[Runtime], Sequence[Servicer]]"
    policy: Policy
    facts: "Callable[[Runtime], FactsSource]"
    migrations: Path
    outcome: Outcome = no_outcome
    projections: tuple[Projection, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    deadlines: Callable[[Recorded[Any]], Sequence[Due | Met]] = no_deadlines
    fall_due: Callable[[str, UUID, datetime], Do] = never_due
    reactors: tuple[Reactor, ...] = ()
    counters: Counters = no_counters
    pending: Pending = nothing_pending
    withhold: Withhold = nothing_withheld
    past_facts: "Callable[[Runtime], FactsSource]" = nothing_walled
    first: frozenset[str] = frozenset()
    settings: type[Settings] = Settings
    # Versions of public events past their first.
    public_versions: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def topic(self) -> str:
        """The Kafka topic on which the service tells."""
        return f"throughline.{self.name}.v1"
