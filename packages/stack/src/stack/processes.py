"""Processes that outlive the one that started them, known by pid and start time together."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from stack.errors import StackError
from stack.waiting import holds_within

# A system reports start times in ticks; a process with the same pid cannot be this much the same.
SAME_START_SECONDS = 1.0
KILL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Process:
    """A process that was started here. A reused pid has another start time and is not it."""

    pid: int
    started: float

    @staticmethod
    def recorded(entry: object) -> "Process | None":
        """Return what was written down of a process, if it can be read."""
        match entry:
            case {"pid": int(pid), "started": float(started) | int(started)}:
                return Process(pid, float(started))
            case _:
                return None

    def record(self) -> dict[str, object]:
        """Return what is written down."""
        return {"pid": self.pid, "started": self.started}


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a process. Its output goes to the end of `log`."""

    command: Sequence[str | Path]
    log: Path
    folder: Path
    environment: Mapping[str, str] | None = None
    user: str | None = None


def start(launch: Launch) -> Process:
    """Start a process in a session of its own, so that it lives on when this one ends."""
    launch.log.parent.mkdir(parents=True, exist_ok=True)
    with launch.log.open("ab") as log:
        try:
            child = subprocess.Popen(  # noqa: S603 # commands are made here, never by a caller's text
                [str(word) for word in launch.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=launch.folder,
                env=dict(launch.environment) if launch.environment is not None else None,
                start_new_session=True,
                user=launch.user,
                group=launch.user,
                extra_groups=[] if launch.user else None,
            )
        except OSError as error:
            raise StackError(f"{launch.command[0]} cannot be started: {error}.") from error
    _children[child.pid] = child
    return Process(child.pid, psutil.Process(child.pid).create_time())


def of_this_process() -> Process:
    """Return the process that asks."""
    return Process(os.getpid(), psutil.Process().create_time())


# Kept so that a child of this process that ended is reaped and no longer counts as there.
_children: dict[int, subprocess.Popen[bytes]] = {}


def alive(process: Process | None) -> bool:
    """Tell whether exactly that process still runs."""
    if process is None:
        return False
    child = _children.get(process.pid)
    if child is not None:
        child.poll()
    try:
        found = psutil.Process(process.pid)
        return (
            abs(found.create_time() - process.started) < SAME_START_SECONDS
            and found.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return False


def find(*words: str) -> Process | None:
    """Return the process whose command line begins with these words, or has them in a row."""
    for found in psutil.process_iter(["cmdline", "create_time", "status", "pid"]):
        line = found.info["cmdline"] or []
        if found.info["status"] != psutil.STATUS_ZOMBIE and any(
            tuple(line[at : at + len(words)]) == words for at in range(len(line))
        ):
            return Process(found.info["pid"], found.info["create_time"])
    return None


async def end(
    process: Process, patience_seconds: float, first: signal.Signals = signal.SIGTERM
) -> None:
    """Ask a process to end, and after some patience end it. Returns when it is gone."""
    for sign, seconds in ((first, patience_seconds), (signal.SIGKILL, KILL_SECONDS)):
        if not _signal(process, sign):
            return
        if await holds_within(seconds, lambda: not alive(process)):
            return
    raise StackError(
        f"Process {process.pid} did not end though it was killed. It waits for the system, often"
        " for a disk: look at the machine."
    )


def _signal(process: Process, sign: signal.Signals) -> bool:
    if not alive(process):
        return False
    try:
        os.kill(process.pid, sign)
    except ProcessLookupError:
        return False
    except PermissionError as error:
        raise StackError(
            f"Process {process.pid} belongs to another user: stop the stack as the user who"
            " started it."
        ) from error
    return True
