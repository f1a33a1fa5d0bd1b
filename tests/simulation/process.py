"""One process with all services in it: execute, relay, react, parking and a clock, over a world."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from unittest import mock
from uuid import UUID, uuid5

from chassis.acting import Act, Done, Due
from chassis.commands.shell import Shell
from chassis.failures import NotFound
from chassis.followers.pulse import Pulse, Seen
from chassis.followers.sharing import Reached
from chassis.inward.hearing import Hearing
from chassis.inward.parking import Retrying
from chassis.inward.react import Listener
from chassis.outward.sending import Sending
from chassis.queries.reading import Rows
from chassis.roles import Role
from ledger import ids
from ledger.decider import Refusal
from ledger.envelope import Actor, Recorded
from ledger.ids import caused_id, new_id
from ledger.writer import Writer
from tests.simulation.memories import WorldInbox, WorldOutbox
from tests.simulation.ports import WorldBroker, WorldOwners, WorldStore, WorldTopics
from tests.simulation.scheduler import SteppedLoop
from tests.simulation.world import Deadline, Kept, World
from vault.keys import FileRootKey
from vault.vault import Vault

if TYPE_CHECKING:
    from chassis.runtime import Runtime
    from ledger.connect import Pool

HOME = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
AWAY = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a02")
SOMEBODY = Actor("somebody", Role.SUPPORT_WORKER.value)
ROOT_KEY = FileRootKey(secrets.token_bytes(32))
COMMANDS = UUID("6f3d2c1a-0000-4000-8000-000000000000")

Story = Callable[["Client"], Coroutine[Any, Any, None]]


class Part:
    """One service in the process."""

    def __init__(self, world: World, kept: Kept, stopping: asyncio.Event, seed: int) -> None:
        self._world = world
        self._kept = kept
        self._stopping = stopping
        self._service = replace(kept.service, publish=self._publish)
        self.store = WorldStore(world, kept)
        self.pulse = Pulse(self._look)
        nobody = cast("Pool", None)
        name = kept.service.name
        self.shell = Shell(
            service=name,
            registry=kept.service.registry,
            store=self.store,
            writer=Writer(self.store),
            vault=Vault(kept.keyring, ROOT_KEY, _never),
            rows=Rows(name, nobody, self.store, self.pulse, (), Reached(nobody)),
            pulse=self.pulse,
            compose=kept.service.compose,
            outcome=kept.service.outcome,
            authorities={"westmarch": HOME, "harrowdale": AWAY},
        )
        runtime = cast("Runtime", SimpleNamespace(service=self._service, shell=self.shell))
        inbox = WorldInbox(world, kept)
        hearing = Hearing(runtime, inbox, WorldOwners(world))
        topics = {f"throughline.{each.service}.v1" for each in kept.service.subscriptions}
        self._listener = Listener(WorldTopics(world, name, sorted(topics), seed), hearing, stopping)
        self._retrying = Retrying(hearing, inbox, stopping)

    def begin(self) -> list[asyncio.Task[None]]:
        """Run its roles."""
        roles = (self.pulse.run(), self._relay(), self._react(), self._retry(), self._clock())
        return [asyncio.ensure_future(each) for each in roles]

    def _publish(self, recorded: Recorded[Any]) -> object | None:
        if recorded.envelope.type in self._world.rules.unsendable:
            raise ValueError(recorded.envelope.type)
        return self._kept.service.publish(recorded)

    async def _look(self) -> Seen:
        return Seen(len(self._kept.store.log))

    async def _relay(self) -> None:
        kept, world = self._kept, self._world
        await Sending(
            service=self._service,
            store=self.store,
            feed=self.store,
            pulse=self.pulse,
            broker=WorldBroker(world, kept.service.topic),
            outbox=WorldOutbox(world, kept),
            stopping=self._stopping,
        ).run()

    async def _react(self) -> None:
        await self._listener.run()

    async def _retry(self) -> None:
        await self._retrying.run()

    async def _clock(self) -> None:
        """Stand for the role `clock`, which speaks with PostgreSQL: set, meet, fire deadlines."""
        while not self._stopping.is_set():
            beat = self.pulse.beats
            await asyncio.sleep(0)
            self._set_deadlines()
            for key, deadline in list(self._kept.deadlines.items()):
                if not deadline.over and deadline.due_at <= self._world.now():
                    await self._fire(key, deadline)
            await self.pulse.grown(beat)

    def _set_deadlines(self) -> None:
        kept = self._kept
        page = kept.store.log[kept.timed_to :]
        for stored in page:
            for each in kept.service.deadlines(kept.service.registry.decode(stored)):
                key = (stored.tenant, each.kind, each.stream_id)
                if isinstance(each, Due):
                    kept.deadlines[key] = Deadline(each.due_at, stored.event_id)
                elif key in kept.deadlines:
                    kept.deadlines[key].over = True
        if page:
            kept.timed_to += len(page)
            self._world.committed()

    async def _fire(self, key: tuple[UUID, str, UUID], deadline: Deadline) -> None:
        tenant, kind, stream_id = key
        do = self._kept.service.fall_due(kind, stream_id, deadline.due_at)
        command_id = caused_id("clock", deadline.set_by, type(do.command).__name__, do.target)
        actor = Actor(f"service:{self._kept.service.name}", Role.SERVICE.value)
        with contextlib.suppress(Refusal):
            # The state has moved on, which is an outcome.
            await self.shell.execute(
                Act(command_id, tenant, frozenset([tenant]), actor, do.command)
            )
        await asyncio.sleep(0)
        deadline.over = True
        self._world.committed()


async def _never(_access: object, _openings: object) -> None:
    raise AssertionError("nothing sealed is opened in a story")


class Client:
    """Whoever uses the services: outlives their crashes, and asks again what was not answered.

    A story is told anew after each crash; what was answered before is not asked again.
    """

    def __init__(self, world: World, parts: dict[str, Part], name: str) -> None:
        self.world = world
        self._parts = parts
        self._name = name
        self._settled: asyncio.Future[None] | None = None
        self._parked = False

    async def do(self, label: str, service: str, command: object, at: UUID = HOME) -> Done:
        """Have a command carried out, and answer what it came to. A story knows of no refusals."""
        if label in self.world.clients:
            known: Done = self.world.clients[label]
            return known
        act = Act(self.command_id(label), at, frozenset([at]), SOMEBODY, command)
        try:
            answer = await self._parts[service].shell.execute(act)
        except (Refusal, NotFound) as refusal:
            raise AssertionError(f"{label}: {refusal!r}") from None
        self._answered(label, answer)
        return answer

    def command_id(self, label: str) -> UUID:
        """Return the id of a command: sent again it is the same."""
        return uuid5(COMMANDS, f"{self._name}/{label.removesuffix(' again')}")

    def once(self, label: str, happens: Callable[[], None]) -> None:
        """Let something happen to the world once."""
        if label not in self.world.clients:
            happens()
            self._answered(label, None)

    def later(self, label: str, by: timedelta) -> None:
        """Let time pass."""

        def passes() -> None:
            self.world.skew += by

        self.once(label, passes)

    def fresh(self, label: str) -> UUID:
        """Draw an id; after a crash it is the same."""
        drawn: UUID = self.world.clients.setdefault(f"id {label}", new_id())
        return drawn

    async def settled(self, *, nothing_waits: bool = False) -> None:
        """Wait until everything has caught up; `nothing_waits`: and nothing is parked."""
        self._parked = nothing_waits
        for each in self._parts.values():
            each.pulse.wake()
        self._settled = asyncio.get_running_loop().create_future()
        await self._settled

    def when_idle(self) -> None:
        """Look whether all has caught up."""
        waiting = self._settled
        if waiting and not waiting.done() and not self.world.lag(parked=self._parked):
            waiting.set_result(None)

    def _answered(self, label: str, answer: object) -> None:
        self.world.clients[label] = answer
        self.world.committed()


def play(story: Story, world: World, seed: int) -> int:
    """Run a process over a world until a story is told and all has settled; answer the steps."""
    clients: list[Client] = []
    loop = SteppedLoop(seed, world.seconds(), lambda: clients[0].when_idle() if clients else None)
    world.seconds = loop.time
    drawn = Random(f"ids:{seed}")  # noqa: S311 # ids that are the same in every run, nothing secret

    def id_of_this_run() -> UUID:
        return UUID(int=drawn.getrandbits(128), version=4)

    try:
        # Where a record goes depends on ids, and so does the order of all that follows.
        with mock.patch.object(ids, "uuid7", id_of_this_run):
            loop.run_until_complete(_told(story, world, seed, clients))
    finally:
        world.stand_still(loop.time())
        loop.close()
    return loop.steps


async def _told(story: Story, world: World, seed: int, clients: list[Client]) -> None:
    stopping = asyncio.Event()
    parts = {name: Part(world, kept, stopping, seed) for name, kept in world.kept.items()}
    clients.append(Client(world, parts, story.__name__))
    roles = [task for part in parts.values() for task in part.begin()]
    telling = asyncio.ensure_future(story(clients[0]))
    try:
        done, _ = await asyncio.wait([telling, *roles], return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
        if telling not in done:
            raise AssertionError("a role ended by itself")
    finally:
        for each in [telling, *roles]:
            each.cancel()
        await asyncio.gather(telling, *roles, return_exceptions=True)
