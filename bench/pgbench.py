"""pgbench as a contender: a script, so many clients, and the latency of each transaction."""

import asyncio
import tempfile
from pathlib import Path

from bench.figures import Run
from stack.server_user import install_folder

PATIENCE_S = 120.0
MOST_CLIENTS = 90
"""More writers than this are as many clients: what is above only waits in the server."""

SOON_CONNECTED = 16
"""More clients than this take a part of a second to connect."""

MICROSECONDS = 2
"""The column of pgbench's log with a transaction's latency."""


async def pgbench(url: str, script: Path, writers: int, seconds: float) -> Run:
    """Run a script, its statements prepared; whole seconds, as pgbench counts.

    The rate is without the time of connecting; where that took all of it, on a busy machine, more
    is given.
    """
    for connecting in (1 if writers > SOON_CONNECTED else 0, 3, 10):
        run = await _once(url, script, writers, max(1, round(seconds)) + connecting)
        if run is not None:
            return run
    raise RuntimeError(f"pgbench did not come to do anything with {script.name}")


async def _once(url: str, script: Path, writers: int, seconds: int) -> Run | None:
    clients = min(writers, MOST_CLIENTS)
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            install_folder() / "bin" / "pgbench",
            "--no-vacuum",
            "--protocol=prepared",
            f"--client={clients}",
            f"--jobs={min(clients, 2)}",
            f"--time={seconds}",
            f"--file={script}",
            "--log",
            f"--log-prefix={folder}/log",
            url,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(PATIENCE_S):
            out, error = await process.communicate()
        return read(out.decode(), error.decode(), latencies(Path(folder)))


def latencies(folder: Path) -> list[float]:
    """Return the seconds of each transaction in the logs of a folder."""
    return [
        int(line.split(maxsplit=MICROSECONDS + 1)[MICROSECONDS]) / 1e6
        for file in folder.iterdir()
        for line in file.read_text(encoding="ascii").splitlines()
    ]


def read(out: str, error: str, latencies: list[float]) -> Run | None:
    """Read what pgbench says at its end; None: it was at an end before it had connected.

    Raises RuntimeError where a transaction failed, or is not in the log.
    """
    said = dict(
        line.split(sep, 1) for line in out.splitlines() for sep in (": ", " = ") if sep in line
    )
    done = int(said.get("number of transactions actually processed", "-1"))
    failed = said.get("number of failed transactions", "0").split()[0]
    if done < 0 or failed != "0" or len(latencies) != done:
        raise RuntimeError(f"pgbench: {failed} failed, {done} done: {error[-500:]}")
    return Run.of(latencies, done / float(said["tps"].split()[0])) if done else None
