"""Where the time goes: py-spy's and perf's samples, summed up to a few lines each."""

import asyncio
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil

from stack.places import checkout

RATE = 200
"""Samples a second; py-spy leaves out threads that wait."""

TOP = 10
PATIENCE_S = 60.0
_FRAME = re.compile(r"^(?P<what>.+) \((?P<file>[^()]*?)(?::\d+)?\)$")
_ROW = re.compile(r"^\s*(?P<share>\d+\.\d+)%\s+(?:\[.\]\s+)?(?P<symbol>\S+)")

_WAITS = ("_worker (concurrent/futures/thread.py)", "Thread.run (threading.py)")
"""Threads that wait in C, which py-spy takes for running."""

_STARTS = ("process ", "<module>")
_RUNS = ("(<frozen runpy>)", "(asyncio/runners.py)", "(uvloop/__init__.py)")
"""What is around every stack tells nothing."""


class NotProfiled(RuntimeError):  # noqa: N818 # named for what happened
    """No samples could be taken here; the words say why."""


async def spied(py_spy: Path, pid: int, seconds: float) -> dict[str, Any]:
    """Sample a Python process and its children; return the top functions, own time and total."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        await _run(
            *(py_spy, "record", "--pid", str(pid), "--subprocesses", "--format", "raw"),
            *("--rate", str(RATE), "--duration", str(max(1, round(seconds))), "--output", raw),
        )
        return summary(raw.read_text(encoding="utf-8").splitlines())


def summary(stacks: Iterable[str]) -> dict[str, Any]:
    """Return the top of collapsed stacks (`outer;inner count`): shares in per cent."""
    own: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for line in stacks:
        frames, _, count = line.rpartition(" ")
        names = [frame(each) for each in frames.split(";") if each]
        if not names or names[-1].endswith(_WAITS):
            continue
        own[names[-1]] += int(count)
        for name in set(names):
            if not name.startswith(_STARTS) and not name.endswith(_RUNS):
                total[name] += int(count)
    samples = sum(own.values())
    return {"samples": samples, "self": _top(own, samples), "total": _top(total, samples)}


def _top(counted: Counter[str], samples: int) -> list[list[Any]]:
    return [[name, round(100 * n / samples, 1)] for name, n in counted.most_common(TOP)]


def frame(text: str) -> str:
    """Name a frame by its function and the end of its file's path."""
    found = _FRAME.match(text)
    if found is None:
        return text
    path = found["file"].replace(f"{checkout()}/", "")
    for cut in ("site-packages/", "/src/", "lib/python"):
        path = path.rpartition(cut)[2] if cut in path else path
    return f"{found['what']} ({path})"


async def server(postmaster: int, seconds: float) -> dict[str, Any]:
    """Sample the processes of a PostgreSQL server by perf; return the top symbols, own time."""
    perf = shutil.which("perf")
    if perf is None:
        raise NotProfiled("this machine has no perf")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        backends = ",".join(str(each.pid) for each in psutil.Process(postmaster).children())
        frequency = ("-F", str(RATE), "-p", backends, "-o", data)
        await _run(perf, "record", *frequency, "--", "sleep", str(seconds))
        said = await _run(perf, "report", "-i", data, "--sort", "symbol", "--stdio")
    rows = [found for line in said.splitlines() if (found := _ROW.match(line))]
    shares = [(each["symbol"], float(each["share"])) for each in rows]
    whole = sum(share for _, share in shares)
    top = [[name, round(100 * share / whole, 1)] for name, share in shares[:TOP]]
    return {"samples": None, "self": top, "total": []}


async def _run(*command: str | Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        env=dict(os.environ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE_S):
        out, error = await process.communicate()
    if process.returncode:
        raise NotProfiled(error.decode(errors="replace").strip()[-200:])
    return out.decode(errors="replace")
