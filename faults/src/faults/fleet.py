"""The processes of a platform under fire: started, killed, stopped, waited for, by pid."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field

import psutil

from stack.places import Places
from stack.processes import Process
from stack.remembered import changing
from stack.supervisor import MARK, Program

POLL_S = 0.02
READY_S = 60.0
GONE_S = 10.0


class NotReady(Exception):  # noqa: N818 # named for what has happened
    """A process does not serve in time, or has ended by itself."""


@dataclass(slots=True)
class Fleet:
    """The programs of one platform, each as a child process of this one."""

    places: Places
    programs: dict[str, Program]
    _children: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    async def up(self, names: Iterable[str] | None = None) -> None:
        """Start what does not run; return when it is ready."""
        wanted = [self.programs[name] for name in names or self.programs]
        for each in wanted:
            if not self.runs(each.name):
                self._start(each)
        await asyncio.gather(*(self._ready(each) for each in wanted))

    def runs(self, name: str) -> bool:
        """Whether a program's process is there."""
        child = self._children.get(name)
        return child is not None and child.poll() is None

    def dead(self) -> dict[str, int]:
        """Return the programs whose process has ended, with its exit status."""
        ended = {name: child.poll() for name, child in self._children.items()}
        return {name: status for name, status in ended.items() if status is not None}

    def pid(self, name: str) -> int:
        """Return the pid of a program's process."""
        return self._children[name].pid

    def state(self, name: str) -> str:
        """Return the state of a process as the system calls it ("stopped", "sleeping" …)."""
        return str(psutil.Process(self.pid(name)).status())

    def send(self, name: str, sign: signal.Signals) -> None:
        """Send a signal to exactly this process."""
        child = self._children[name]
        if child.poll() is None:
            os.kill(child.pid, sign)

    async def kill(self, name: str) -> int:
        """Kill a process; return its exit status."""
        self.send(name, signal.SIGKILL)
        return await self.ended(name)

    async def ended(self, name: str, patience_s: float = GONE_S) -> int:
        """Return the exit status of a process once it has ended. Raises TimeoutError."""
        child = self._children[name]
        async with asyncio.timeout(patience_s):
            while (status := child.poll()) is None:
                await asyncio.sleep(POLL_S)
        return status

    async def down(self) -> None:
        """End all at once: nothing of a platform that is thrown away is worth an orderly end."""
        for name in self._children:
            self.send(name, signal.SIGKILL)
        await asyncio.gather(*(self.ended(name) for name in self._children))

    def _start(self, program: Program) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"TZ": "UTC", "PYTHONUNBUFFERED": "1", MARK: f"{self.places.folder}#{program.name}"}
        with (self.places.logs / f"{program.name}.log").open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 # the platform's own programs
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.places.folder,
                env={**kept, **own, **program.environment},
                start_new_session=True,
            )
        self._children[program.name] = child
        process = Process(child.pid, psutil.Process(child.pid).create_time())
        with changing(self.places.processes) as processes:
            processes[program.name] = process.record()

    async def _ready(self, program: Program) -> None:
        try:
            async with asyncio.timeout(READY_S):
                while program.ready is not None and not await program.ready():
                    if not self.runs(program.name):
                        raise NotReady(f"{program.name} has ended: see its log")
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise NotReady(f"{program.name} is not ready after {READY_S} s") from None
