"""What survives a crash: stores, topics, what followers and consumers remember, what clients know.

Everything else is lost with the process. Each change is one commit: after each, a copy can be kept
from which a new process begins.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.commands.composing import with_own_commands
from chassis.commands.own_events import OWN
from chassis.service import Service
from ledger.checkpoints import Checkpoint
from ledger.memory import MemoryStore
from ledger.parked import ParkedRecord
from vault.memory import MemoryKeyring

if TYPE_CHECKING:
    from chassis.outward.records import Arrived

Stream = tuple[UUID, UUID]
BEGINS = datetime(2025, 6, 2, 9, tzinfo=UTC)
PARTITIONS = 2


@dataclass
class Wait:
    """A stream that waits: why, since how many tries, and until when (seconds of the loop)."""

    reason: str
    due: float
    attempts: int = 0
    records: dict[int, ParkedRecord] = field(default_factory=dict)

    def copy(self) -> "Wait":
        """Return it as it is now."""
        return replace(self, records=dict(self.records))


@dataclass
class Memory:
    """What one consumer remembers (the relay is one, of its own service's log)."""

    heard: dict[Stream, int] = field(default_factory=dict)
    waits: dict[Stream, Wait] = field(default_factory=dict)
    refused: dict[tuple[UUID, UUID], str] = field(default_factory=dict)
    # By event and place among its writes: the statement, and how often it was carried out.
    written: dict[tuple[UUID, int, str], int] = field(default_factory=dict)
    dead: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def copy(self) -> "Memory":
        """Return it as it is now."""
        return Memory(
            dict(self.heard),
            {stream: wait.copy() for stream, wait in self.waits.items()},
            dict(self.refused),
            dict(self.written),
            dict(self.dead),
        )


@dataclass
class Deadline:
    """A time that was set by an event; `over`: fired, or met before."""

    due_at: datetime
    set_by: UUID
    over: bool = False


@dataclass
class Kept:
    """One service's database."""

    service: Service
    store: MemoryStore
    keyring: MemoryKeyring
    heard: Memory = field(default_factory=Memory)
    relay: Memory = field(default_factory=Memory)
    sent: Checkpoint = field(default_factory=Checkpoint)
    deadlines: dict[tuple[UUID, str, UUID], Deadline] = field(default_factory=dict)
    timed_to: int = 0

    def copy(self) -> "Kept":
        """Return it as it is now. Keys are no part of it: they only ever become more."""
        return replace(
            self,
            store=self.store.copy(),
            heard=self.heard.copy(),
            relay=self.relay.copy(),
            deadlines={each: replace(deadline) for each, deadline in self.deadlines.items()},
        )


@dataclass
class Rules:
    """What goes wrong with records of a type: the broker loses one, or spoils it.

    `unsendable` are stored events of which the service cannot tell, until somebody mends that.
    """

    loses: dict[str, int] = field(default_factory=dict)
    spoils: dict[str, int] = field(default_factory=dict)
    unsendable: set[str] = field(default_factory=set)
    lost: set[tuple[UUID, int]] = field(default_factory=set)

    def copy(self) -> "Rules":
        """Return them as they are now."""
        return Rules(dict(self.loses), dict(self.spoils), set(self.unsendable), set(self.lost))


class World:
    """All that is kept, by anybody. `changed` is called after each commit."""

    def __init__(self, services: Mapping[str, Service]) -> None:
        self.kept = {name: self._new(service) for name, service in services.items()}
        self.topics: dict[str, list[list[Arrived]]] = defaultdict(
            lambda: [[] for _ in range(PARTITIONS)]
        )
        self.offsets: dict[tuple[str, str, int], int] = {}
        self.clients: dict[str, Any] = {}
        self.rules = Rules()
        self.skew = timedelta()
        # Of the loop that runs over it, or of the last one.
        self.seconds: Callable[[], float] = lambda: 0.0
        self.commits = 0
        self.changed: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """Return the time of all stores."""
        return BEGINS + self.skew + timedelta(seconds=self.seconds())

    def committed(self) -> None:
        """Take note of a commit."""
        self.commits += 1
        self.changed()

    def copy(self) -> "World":
        """Return the world as it is now; what happens there is not seen here."""
        other = World({})
        other.kept = {name: kept.copy() for name, kept in self.kept.items()}
        for kept in other.kept.values():
            kept.store._now = other.now  # the copy's time is its own world's
        other.topics.update(
            {topic: [list(each) for each in found] for topic, found in self.topics.items()}
        )
        other.offsets = dict(self.offsets)
        other.clients = dict(self.clients)
        other.rules = self.rules.copy()
        other.skew, other.commits = self.skew, self.commits
        other.stand_still(self.seconds())
        return other

    def stand_still(self, seconds: float) -> None:
        """Let no time pass until somebody runs."""
        self.seconds = lambda: seconds

    def _new(self, service: Service) -> Kept:
        whole = replace(
            service,
            registry=service.registry.joined(OWN),
            compose=with_own_commands(service.name, service.compose),
        )
        return Kept(whole, MemoryStore(self.now), MemoryKeyring())

    def lag(self, *, parked: bool) -> list[str]:
        """Return what is behind what; `parked`: also what waits."""
        behind: list[str] = []
        for name, kept in self.kept.items():
            end = len(kept.store.log)
            if kept.sent.seen_to < end:
                behind.append(f"relay {name}")
            if kept.timed_to < end or self._due(kept):
                behind.append(f"clock {name}")
            for topic in {f"throughline.{each.service}.v1" for each in kept.service.subscriptions}:
                for number, records in enumerate(self.topics[topic]):
                    if self.offsets.get((name, topic, number), 0) < len(records):
                        behind.append(f"{name} of {topic}")
            if parked and (kept.heard.waits or kept.relay.waits):
                behind.append(f"parked {name}")
        return behind

    def _due(self, kept: Kept) -> bool:
        now = self.now()
        return any(not each.over and each.due_at <= now for each in kept.deadlines.values())
