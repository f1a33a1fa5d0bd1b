"""A campaign: work, faults one after the other, settling, and what is left for the checker."""

import json
import os
import platform as machine
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from chassis.roles import Role
from faults.checking.hops import HEARS
from faults.installation import PARTITIONS, Installation, installed, topic
from faults.journal import Journal, now, wall
from faults.plan import READ_MODELS
from faults.rebuilding import Rebuild, dumped
from faults.registry import CLASSES
from faults.scene import Fault, FaultClass, Scene
from faults.work import CLIENTS, Work, working
from stack.databases import KEYRING
from stack.places import checkout
from throughline_cli.operating import NotSettled, Operator
from throughline_cli.people import Staff
from throughline_cli.reaching import SERVICES, Platform

SETTLE_S = 60.0
CLOCK = "simulated"
MOST_HOURS = 16.0
HOURS_AT_THE_END = 24.0 * 15
MOST_TRIES = 2
"""Times the faults of the plan; what cannot be proved by then stays missing."""


class NotRecovered(Exception):  # noqa: N818 # named for what was found
    """The platform did not settle after a fault: the campaign ends, and the words say where."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which classes, how many faults of each, and from which seed."""

    seed: int
    counts: dict[str, int]
    minutes: float = 60.0
    rounds_a_settle: int = 1
    clients: int = CLIENTS
    replays: int = len(READ_MODELS)
    """So many read models are made again at the end and compared, byte by byte."""

    def rounds(self) -> list[tuple[FaultClass, int]]:
        """Return what is broken in which order: rounds of a class, shuffled."""
        dice = random.Random(f"{self.seed}:rounds")
        rounds = []
        for kind, count in self.counts.items():
            known = CLASSES[kind]
            whole, rest = divmod(count, known.at_once)
            rounds += [(known, known.at_once)] * whole + ([(known, rest)] if rest else [])
        dice.shuffle(rounds)
        return rounds


Watch = Callable[["Campaign", FaultClass, Sequence[Fault], float], None]


@dataclass(slots=True)
class Campaign:
    """A campaign under way: what it is about, where it is written, and what came of it."""

    plan: Plan
    folder: Path
    installation: Installation
    scene: Scene
    book: Journal
    broken: Journal
    started: str = field(default_factory=wall)
    started_at: float = field(default_factory=now)
    proved: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    recoveries: list[float] = field(default_factory=list)
    died: list[dict[str, Any]] = field(default_factory=list)
    settles: int = 0

    async def run(self, watch: Watch) -> None:
        """Inject all faults of the plan, until its minutes are over; then settle."""
        until = self.started_at + 60 * self.plan.minutes
        missing = Counter[str]()
        rounds = self.plan.rounds()
        while rounds and now() < until:
            together, rounds = _cut(rounds, self.plan.rounds_a_settle)
            for known, faults in await self._round(together, watch):
                missing[known.kind] -= sum(each.proved for each in faults)
            for known, number in together:
                missing[known.kind] += number
            # What could not be proved is tried again, a bounded number of times.
            missing = +missing
            if not rounds and missing and self.tried.total() < MOST_TRIES * self._wanted():
                rounds, missing = _again(missing), Counter()
        await self._end()

    def _wanted(self) -> int:
        return sum(self.plan.counts.values())

    async def _round(
        self, together: Sequence[tuple[FaultClass, int]], watch: Watch
    ) -> list[tuple[FaultClass, list[Fault]]]:
        """Inject some classes, one after the other, and recover from all of them."""
        injected = []
        for known, number in together:
            self.scene.work.go_on()
            await self.scene.work.flows(calls=3)
            self.scene.rng = random.Random(
                f"{self.plan.seed}:{known.kind}:{self.tried[known.kind]}"
            )
            faults = await known.inject(self.scene, number)
            self.tried[known.kind] += len(faults)
            self.scene.work.check()
            injected.append((known, faults))
        every = [each for _, faults in injected for each in faults]
        try:
            took_s = await self._recover(every)
        except NotRecovered as stuck:
            broken = "; ".join(f"{each.kind} {each.target} {each.proof}" for each in every)
            raise NotRecovered(f"{stuck}, after {broken}") from None
        for known, faults in injected:
            for each in faults:
                self.proved[each.kind] += each.proved
                self.broken.write(self._line(each))
            watch(self, known, faults, took_s)
        return injected

    async def _end(self) -> None:
        """Let what is not answered by then fall due, make read models again, and settle."""
        await self.scene.work.quiet()
        await self.scene.time_passes(HOURS_AT_THE_END)
        await self.settle()
        replays = self.folder / "replays"
        for service, projection, table in READ_MODELS[: self.plan.replays]:
            async with self.scene.store(service) as store:
                name = f"{service}.{table}"
                before = await dumped(store, table)
                await (await Rebuild.begin(self.installation, service, projection)).done()
                for number, content in enumerate((before, await dumped(store, table)), start=1):
                    (replays / str(number)).mkdir(parents=True, exist_ok=True)
                    (replays / str(number) / name).write_bytes(content)
        await self.settle()
        self.write()

    def _line(self, fault: Fault) -> dict[str, Any]:
        recovered = round(self._recovered_at - fault.lifted, 3) if fault.lifted else None
        return {
            "class": fault.kind,
            "n": self.broken.lines + 1,
            "seed": self.plan.seed,
            "target": fault.target,
            "at": fault.at,
            "wall": fault.wall,
            "lifted": fault.lifted,
            "proof": fault.proof,
            "proved": fault.proved,
            "recovered_s": recovered,
            "settle": self.settles,
        }

    _recovered_at: float = 0.0

    async def _recover(self, faults: Sequence[Fault]) -> float:
        """Wait until all lags are zero; between two faults some time passes on the platform."""
        since = max((each.lifted for each in faults), default=now())
        await self.settle()
        self._recovered_at = now()
        took_s = self._recovered_at - since
        self.recoveries.append(took_s)
        await self.scene.time_passes(self.scene.rng.uniform(0.5, MOST_HOURS))
        return took_s

    async def settle(self) -> None:
        """Hold the clients and return when all has caught up. Raises NotRecovered."""
        await self.scene.work.quiet()
        fleet = self.installation.fleet
        for name, status in fleet.dead().items():
            self.died.append({"at": now(), "process": name, "exit_status": status})
            await fleet.up([name])
        try:
            await self.scene.operator.settle(SETTLE_S)
        except NotSettled as behind:
            self.write()
            self.keep_logs()
            raise NotRecovered(f"{SETTLE_S} s after the last fault: {behind}") from None
        self.settles += 1

    def keep_logs(self) -> None:
        """Keep what the processes said: the platform's own folder goes with it."""
        logs = self.installation.stack.settings.places.logs
        shutil.copytree(logs, self.folder / "log", dirs_exist_ok=True)

    def write(self) -> None:
        """Write down what the campaign was about, for the checker."""
        parts = self.installation
        described = {
            "format": 1,
            "seed": self.plan.seed,
            "commit": commit(),
            "started": self.started,
            "finished": wall(),
            "started_at": self.started_at,
            "finished_at": now(),
            "classes": list(self.plan.counts),
            "machine": {
                "cores": os.cpu_count(),
                "memory_bytes": psutil.virtual_memory().total,
                "system": machine.platform(),
            },
            "clock": CLOCK,
            "stores": {name: parts.superuser(name) for name in SERVICES},
            "keyring": parts.superuser(KEYRING),
            "kafka": parts.kafka,
            "topics": {name: topic(name) for name in SERVICES},
            "partitions": PARTITIONS,
            "groups": {
                name: {
                    "group": f"throughline.{name}",
                    "topics": [topic(each) for each in sorted(HEARS[name])],
                }
                for name in SERVICES
            },
            "mail": str(parts.stack.settings.places.mail),
            "platform": str(parts.platform_file),
            "keys": str(parts.platform.keys_file),
            "checkpoints": str(parts.platform.checkpoints),
            "folder": str(parts.folder),
            "died": self.died,
        }
        file = self.folder / "campaign.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")


def _cut(
    rounds: list[tuple[FaultClass, int]], number: int
) -> tuple[list[tuple[FaultClass, int]], list[tuple[FaultClass, int]]]:
    return rounds[:number], rounds[number:]


def _again(missing: Counter[str]) -> list[tuple[FaultClass, int]]:
    return [
        (CLASSES[kind], min(CLASSES[kind].at_once, count - begun))
        for kind, count in missing.items()
        for begun in range(0, count, CLASSES[kind].at_once)
        if count > begun
    ]


def commit() -> str:
    """Name what is run; with + where the tree has changes."""
    try:
        told = subprocess.run(  # fixed words
            ["git", "describe", "--always", "--dirty=+", "--abbrev=12"],  # noqa: S607 # git of this machine
            cwd=checkout(),
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except OSError:
        return "unknown"
    return told.stdout.strip() or "unknown"


@asynccontextmanager
async def beginning(plan: Plan, folder: Path) -> AsyncIterator[Campaign]:
    """Give a campaign on a platform of its own, at work, with nothing broken yet."""
    async with AsyncExitStack() as opened:
        installation = await opened.enter_async_context(installed())
        direct = Platform.load(installation.platform_file)
        staff = Staff.of(direct, opened)
        operator = Operator(await staff.line(Role.OPERATOR))
        book = opened.enter_context(Journal(folder / "history.jsonl"))
        broken = opened.enter_context(Journal(folder / "faults.jsonl"))
        work: Work = await opened.enter_async_context(
            working(installation.platform, book, plan.seed, plan.clients)
        )
        scene = Scene(installation, work, operator, random.Random(plan.seed))
        campaign = Campaign(plan, folder, installation, scene, book, broken)
        yield campaign
        await work.quiet()
