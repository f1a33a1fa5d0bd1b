"""Keeps the programs of a stack running: started, waited for, found again, and ended by pid."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from stack.errors import StackError
from stack.places import Places
from stack.ports import check_free
from stack.processes import Launch, Process, alive, end, start
from stack.remembered import changing, recall
from stack.room import last_words, size
from stack.server import Status

MARK = "THROUGHLINE_PROGRAM"
SERVERS = ("postgres", "kafka")
STOP_SECONDS = 20.0
POLL_SECONDS = 0.1

Ready = Callable[[], Awaitable[bool]]
"""Tells whether a program does its work by now."""


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep. Without `ready` it counts as ready when it has been started.

    `environment` is added to the little that every program gets, and may hold passwords.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    address: str = ""
    ready: Ready | None = None
    patience_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class _Started:
    """A program, its process, and how long its log was before."""

    program: Program
    process: Process
    began: int


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Programs of one stack. They outlive whoever started them; another supervisor finds them."""

    places: Places

    async def up(self, programs: Sequence[Program]) -> None:
        """Start what does not run, and return when all are ready."""
        running = self._running()
        started = [self._start(each, running.get(each.name)) for each in programs]
        await asyncio.gather(*(self._until_ready(each) for each in started))

    async def down(self, names: Sequence[str] | None = None) -> None:
        """End programs, all if none are named: asked first, killed after some patience."""
        running = self._running()
        ending = [name for name in running if names is None or name in names]
        await asyncio.gather(*(end(running[name], STOP_SECONDS) for name in ending))
        with changing(self.places.processes) as processes:
            for name in ending:
                processes.pop(name, None)

    def status(self) -> list[Status]:
        """Return how each program that was ever started stands."""
        running = self._running()
        recorded = [name for name in recall(self.places.processes) if name not in SERVERS]
        return [
            Status(name, name in running, self._address(name), _pid(running.get(name)))
            for name in sorted({*recorded, *running})
        ]

    async def run(self, program: Program) -> None:
        """Run a program to its end; raise what it said last if it failed."""
        began = size(self._log(program.name))
        with self._log(program.name).open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment(program),
                cwd=self.places.folder,
            )
        try:
            async with asyncio.timeout(program.patience_seconds):
                code = await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise self._failed(program, began, "took too long") from None
        if code:
            raise self._failed(program, began, "failed")

    def _start(self, program: Program, running: Process | None) -> "_Started":
        began = size(self._log(program.name))
        if running:
            return _Started(program, running, began)
        if program.address:
            check_free(self.places, program.name, int(program.address.rpartition(":")[2]))
        process = start(
            Launch(
                command=program.command,
                log=self._log(program.name),
                folder=self.places.folder,
                environment=self._environment(program),
            )
        )
        with changing(self.places.processes) as processes:
            processes[program.name] = {**process.record(), "address": program.address}
        return _Started(program, process, began)

    async def _until_ready(self, started: "_Started") -> None:
        program = started.program
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(program.patience_seconds):
                while alive(started.process):
                    if program.ready is None or await program.ready():
                        return
                    await asyncio.sleep(POLL_SECONDS)
        end = "is not ready in time" if alive(started.process) else "ended"
        raise self._failed(program, started.began, end)

    def _failed(self, program: Program, began: int, end: str) -> StackError:
        log = self._log(program.name)
        said = last_words(log, began) or "It said nothing."
        return StackError(f"{program.name} {end}. The end of {log}:\n{said}")

    def _log(self, name: str) -> Path:
        return self.places.logs / f"{name}.log"

    def _mark(self, name: str) -> str:
        return f"{self.places.folder}#{name}"

    def _environment(self, program: Program) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"TZ": "UTC", "PYTHONUNBUFFERED": "1", MARK: self._mark(program.name)}
        return {**kept, **own, **program.environment}

    def _address(self, name: str) -> str:
        return str(recall(self.places.processes).get(name, {}).get("address", ""))

    def _running(self) -> dict[str, Process]:
        """Return what runs, by name: what was written down, and what a killed one had no time to.

        A pid counts only with the start time it was written down with, or with our mark on it.
        """
        found = {}
        for name, entry in recall(self.places.processes).items():
            process = Process.recorded(entry)
            if name not in SERVERS and process is not None and alive(process):
                found[name] = process
        known = {process.pid for process in found.values()}
        for name, process in self._marked():
            if process.pid not in known:
                found.setdefault(name, process)
        return found

    def _marked(self) -> Iterator[tuple[str, Process]]:
        for each in psutil.process_iter(["pid", "create_time", "environ", "status"]):
            mark = (each.info["environ"] or {}).get(MARK, "")
            folder, _, name = mark.rpartition("#")
            if folder == str(self.places.folder) and each.info["status"] != psutil.STATUS_ZOMBIE:
                yield name, Process(each.info["pid"], each.info["create_time"])


def _pid(process: Process | None) -> int | None:
    return process.pid if process else None
