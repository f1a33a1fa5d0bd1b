"""The shell of the tests' small service on a store and a keyring in memory."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

from chassis.acting import Act, Done
from chassis.commands.access import record_access
from chassis.commands.composing import with_own_commands
from chassis.commands.own_events import OWN
from chassis.commands.shell import Shell
from chassis.followers.pulse import Pulse, Seen
from chassis.followers.sharing import Reached
from chassis.queries.reading import Rows
from chassis.service import Service
from ledger.commands import StoredEvent
from ledger.envelope import Actor
from ledger.feed import BEGINNING
from ledger.memory import MemoryStore
from ledger.writer import Writer
from packages.chassis.tests.counters import COUNTERS, Count, Open
from vault.keys import FileRootKey
from vault.memory import MemoryKeyring
from vault.vault import Vault

if TYPE_CHECKING:
    from ledger.connect import Pool

SOMEBODY = Actor(str(uuid4()), "support-worker")


def act(tenant: UUID, command: object, **more: Any) -> Act:
    """Make an act of somebody who may act for one authority."""
    envelope: dict[str, Any] = {
        "command_id": uuid4(),
        "scope": frozenset([tenant]),
        "actor": SOMEBODY,
    }
    return Act(tenant=tenant, command=command, **envelope | more)


@dataclass
class InMemory:
    """A service's shell without any server. `now`: the store's clock."""

    service: Service = COUNTERS
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    tenant: UUID = field(default_factory=uuid4)
    # Another's, to be beside it, or one that does what a test tells it to.
    store: MemoryStore | None = None

    def __post_init__(self) -> None:
        self.service = replace(self.service, registry=self.service.registry.joined(OWN))
        self.memory = self.store or MemoryStore(self.now)
        self.keyring = MemoryKeyring()
        self.vault = Vault(
            self.keyring,
            FileRootKey(secrets.token_bytes(32)),
            lambda access, openings: record_access(self.shell, access, openings),
        )
        pulse = Pulse(self._look)
        nothing = cast("Pool", None)
        self.shell = Shell(
            service=self.service.name,
            registry=self.service.registry,
            store=self.memory,
            writer=Writer(self.memory),
            vault=self.vault,
            rows=Rows(self.service.name, nothing, self.memory, pulse, (), Reached(nothing)),
            pulse=pulse,
            compose=with_own_commands(self.service.name, self.service.compose),
            outcome=self.service.outcome,
        )

    async def _look(self) -> Seen:
        return Seen(await self.memory.last_position())

    async def do(self, command: object, **more: Any) -> Done:
        """Carry out a command."""
        return await self.shell.execute(act(self.tenant, command, **more))

    async def opened(self, *, counted: int = 0, **more: Any) -> UUID:
        """Open a counter of somebody, and count."""
        counter = uuid4()
        await self.do(Open(counter, uuid4(), "Alice Hartley", f"label {counter}"), **more)
        if counted:
            await self.do(Count(counter, counted), **more)
        return counter

    async def events(self) -> tuple[StoredEvent, ...]:
        """Return all that is stored."""
        return (await self.memory.page(BEGINNING, 10_000)).events

    async def stream(self, stream_id: UUID) -> list[StoredEvent]:
        """Return the events of one stream."""
        return await self.memory.read(self.tenant, stream_id)
