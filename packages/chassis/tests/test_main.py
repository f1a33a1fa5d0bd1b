"""A process names what is wrong and does not start, runs the roles it is told, and ends cleanly."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from chassis.running.settings import ClockMode, Settings
from packages.chassis.tests.conftest import Parts, until
from packages.chassis.tests.counters import Count
from stack.testing import Postgres

PATIENCE_S = 60.0
ROOT = Path(__file__).parents[3]
MODULE = "packages.chassis.tests.counters"


def environment(settings: Settings, **changed: str) -> dict[str, str]:
    """Say settings to another process."""
    said = settings.model_dump(mode="json", exclude={"peers"}, exclude_none=True)
    ours = {f"THROUGHLINE_{name.upper()}": str(value) for name, value in said.items()}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | ours | changed


@dataclass
class Process:
    """A process of the service."""

    running: asyncio.subprocess.Process
    log: Path

    async def ended(self) -> tuple[int, str, str]:
        """Wait for its end; return its status and what it said."""
        async with asyncio.timeout(PATIENCE_S):
            out, err = await self.running.communicate()
        assert self.running.returncode is not None
        return self.running.returncode, out.decode(), err.decode()

    def lines(self) -> list[dict[str, str]]:
        """Return what it has logged."""
        text = self.log.read_text() if self.log.exists() else ""
        return [json.loads(line) for line in text.splitlines()]

    async def says(self, event: str) -> None:
        """Wait until its log tells of something."""

        async def so() -> bool:
            return event in [each["event"] for each in self.lines()]

        await until(so, f"it says {event}")


@asynccontextmanager
async def process(told: Mapping[str, str], folder: Path, *arguments: str) -> AsyncIterator[Process]:
    """Run the service; whatever is left of it at the end is killed."""
    log = folder / "log"
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", MODULE, *arguments),
        env={**told, "THROUGHLINE_LOG_FILE": str(log)},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Process(running, log)
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


async def test_a_role_that_there_is_not_is_named(tmp_path: Path) -> None:
    async with process({}, tmp_path, "serve", "rely") as started:
        status, _, err = await started.ended()
    assert status == 2
    assert "rely is no role: serve, relay, project, react, clock, notarise, migrate" in err


async def test_settings_that_are_wrong_are_named_and_nothing_starts(
    settings: Settings, tmp_path: Path
) -> None:
    told = environment(settings, THROUGHLINE_KAFKA="nowhere", THROUGHLINE_CLOCK="sundial")
    del told["THROUGHLINE_ISSUER"]
    async with process(told, tmp_path) as started:
        status, _, err = await started.ended()
    assert status == 2
    assert [line.split()[0] for line in err.splitlines()] == [
        "THROUGHLINE_KAFKA",
        "THROUGHLINE_ISSUER",
        "THROUGHLINE_CLOCK",
    ]
    assert "sundial" not in err


async def test_a_store_with_facts_by_another_clock_is_refused(
    parts: Parts, settings: Settings, tmp_path: Path
) -> None:
    await parts.opened()
    told = environment(settings, THROUGHLINE_CLOCK=ClockMode.SIMULATED.value)
    async with process(told, tmp_path, "project") as started:
        status, _, err = await started.ended()
    assert status == 2
    assert err.startswith("THROUGHLINE_CLOCK says simulated, but this store has facts by a system")


async def test_migrate_alone_needs_the_owner_alone_and_ends(
    postgres: Postgres, tmp_path: Path
) -> None:
    name = "counters_migrated"
    await postgres.databases.drop(name)
    urls = await postgres.databases.make(name)
    told = {"THROUGHLINE_DATABASE_OWNER": urls.owner, "PATH": os.environ["PATH"]}
    for _ in range(2):
        async with process(told, tmp_path, "migrate") as started:
            assert await started.ended() == (0, "", "")
    connection = await asyncpg.connect(urls.superuser)
    try:
        assert await connection.fetchval("select count(*) from read.totals") == 0
    finally:
        await connection.close()


@pytest.mark.parametrize("leading", [True, False])
async def test_a_process_ends_in_time_when_it_is_asked_to(
    parts: Parts,
    settings: Settings,
    tmp_path: Path,
    leading: bool,  # noqa: FBT001 # the case itself
) -> None:
    told = environment(settings)
    counter = await parts.opened(counted=1)
    total = "select total from read.totals where stream_id = $1"
    (tmp_path / "other").mkdir()
    async with (
        process(told, tmp_path) as first,
        process(told | {"THROUGHLINE_INSTANCE": "2"}, tmp_path / "other") as second,
    ):
        await first.says("started")
        await second.says("started")
        await parts.do(Count(counter, 1))
        await parts.until(2, total, counter)
        # One of the two leads, the other waits for its turn: each ends at once.
        asked = first if leading else second
        asked.running.send_signal(signal.SIGTERM)
        status, _, err = await asked.ended()
        assert (status, err) == (0, "")
        assert asked.lines()[-1]["event"] == "stopped"
        # The other one goes on with all that the first led.
        await parts.do(Count(counter, 1))
        await parts.until(3, total, counter)
        left = second if leading else first
        left.running.send_signal(signal.SIGINT)
        status, _, _ = await left.ended()
        assert status == 0
    # Topics and store are the session's: what other tests left to be parked or to fall due is found
    # here too. A broker may be in the middle of something; that is aiokafka's to say.
    expected = {
        "record parked",
        "parked record failed again",
        "deadline cannot fire",
        "deadline waits",
        "library",
    }
    said = [each for each in first.lines() + second.lines() if each["event"] not in expected]
    assert [each for each in said if each["level"] != "info"] == []


async def test_a_process_without_a_broker_goes_on_with_what_needs_none(
    parts: Parts, settings: Settings, tmp_path: Path
) -> None:
    counter = await parts.opened(counted=1)
    told = environment(settings, THROUGHLINE_KAFKA="127.0.0.1:1")
    total = "select total from read.totals where stream_id = $1"
    async with process(told, tmp_path) as started:
        await parts.until(1, total, counter)
        started.running.send_signal(signal.SIGTERM)
        status, _, _ = await started.ended()
    assert status == 0
