"""`python -m casework rebuild chronology`: killed on the way, it goes on; what it says is JSON."""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest_asyncio

from casework.__main__ import SERVICE
from casework.events import REGISTRY
from casework.sessions.session import Account, Attendee, SessionKind, SessionRecorded
from chassis.running.rebuilding import rebuilds
from ledger.envelope import Actor, Occurred
from ledger.ids import new_id
from ledger.personal import Block, Plain, SealedBlock
from ledger.registry import encode_metadata, encode_sealed
from stack.databases import DatabaseUrls
from stack.testing import Postgres

EVENTS = 12_000
CASES = [uuid4() for _ in range(300)]
TENANTS = [uuid4() for _ in range(3)]
COLUMNS = [
    "position",
    "tenant",
    "stream_id",
    "version",
    "event_id",
    "command_id",
    "type",
    "schema_version",
    "occurred_at",
    "occurred_precision",
    "recorded_at",
    "payload",
    "sealed",
    "metadata",
    "blinding",
    "leaf_hash",
]
SAME = """
select md5(string_agg(c::text, '' order by position)), count(*)
  from (select tenant, case_id, position, event_id, said, sealed from read.chronology) c
"""
PATIENCE_S = 60


def _row(position: int) -> tuple[Any, ...]:
    at = datetime(2025, 9, 1, 9, tzinfo=UTC)
    tenant, case = TENANTS[position % 3], CASES[position % len(CASES)]
    session, child = new_id(), uuid4()
    account = Account(SessionKind.HOME_VISIT, Occurred(at), 60, (Attendee.CHILD,))
    event = SessionRecorded(session, case, child, uuid4(), account, Plain("words"))
    block = SealedBlock(
        tenant=tenant,
        stream_id=session,
        version=1,
        type="SessionRecorded",
        schema_version=1,
        subject=child,
        block=Block.NARRATIVE,
        key_id=uuid4(),
        nonce=secrets.token_bytes(12),
        ciphertext=secrets.token_bytes(60),
        commitment=secrets.token_bytes(32),
    )
    metadata = encode_metadata(
        "Session", Actor("worker", "practitioner"), uuid4(), subjects=(child,), case_id=case
    )
    leaf = secrets.token_bytes(32)
    return (
        *(position, tenant, session, 1, new_id(), uuid4(), "SessionRecorded", 1, at, "instant", at),
        *(REGISTRY.encode(event)[0], encode_sealed([(block, ["notes"])]), metadata, leaf, leaf),
    )


@dataclass(frozen=True)
class Site:
    """A database of casework with a log, and processes that rebuild from it."""

    urls: DatabaseUrls
    superuser: "asyncpg.Connection[asyncpg.Record]"

    async def begun(self, *told: str) -> asyncio.subprocess.Process:
        """Start the service's process for a rebuild."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "casework", "rebuild", *told),
            env={
                **os.environ,
                "THROUGHLINE_DATABASE_OWNER": self.urls.owner,
                "THROUGHLINE_DATABASE_WORKER": self.urls.worker,
            },
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *told: str) -> tuple[int, list[dict[str, Any]]]:
        """Run a rebuild to its end: its exit status, and what it said."""
        process = await self.begun(*told)
        async with asyncio.timeout(PATIENCE_S):
            out, error = await process.communicate()
        assert error == b""
        return process.returncode or 0, [json.loads(line) for line in out.splitlines()]

    async def chronology(self) -> tuple[str, int]:
        """Return what the read model holds, in short."""
        row = await self.superuser.fetchrow(SAME)
        assert row is not None
        return row[0], row[1]

    async def made(self) -> int:
        """Return up to where the log is made into rows: the positions of all shards, added up."""
        found: int | None = await self.superuser.fetchval("select sum(position) from es.rebuilds")
        return found or 0

    async def begun_to_fill(self) -> bool:
        """Whether some page is made into rows."""
        return await self.made() > 0

    async def is_left(self) -> bool:
        """Whether no process is connected."""
        return not await self.superuser.fetchval(
            "select count(*) from pg_stat_activity where usename in ($1, $2)",
            "casework_rebuild_worker",
            "casework_rebuild_owner",
        )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(postgres: Postgres) -> AsyncIterator[Site]:
    """Make the database and copy a log into it."""
    urls = await postgres.create_database("casework_rebuild", [(SERVICE.name, SERVICE.migrations)])
    superuser = await asyncpg.connect(urls.superuser)
    rows = [_row(position) for position in range(1, EVENTS + 1)]
    await superuser.copy_records_to_table("events", schema_name="es", columns=COLUMNS, records=rows)
    await superuser.execute("select setval('es.position_seq', $1)", EVENTS)
    yield Site(urls, superuser)
    await superuser.close()


async def test_it_says_how_far_it_is_and_one_process_makes_what_two_make(site: Site) -> None:
    made = []
    for shards in ("1", "2"):
        status, said = await site.run("chronology", "--shards", shards)
        assert status == 0
        assert said[0] == {"phase": "begun", "position": 0, "until": EVENTS}
        assert said[-1] == {"phase": "done", "events": EVENTS, "position": EVENTS}
        assert {"switching", "switched"} <= {line["phase"] for line in said}
        made.append(await site.chronology())
    assert made[0] == made[1]
    assert made[0][1] == EVENTS


async def test_killed_on_the_way_it_goes_on_and_leaves_no_process_behind(site: Site) -> None:
    before = await site.chronology()
    process = await site.begun("chronology", "--shards", "2", "--restart")
    await _until(site.begun_to_fill)
    process.kill()
    await process.wait()
    assert await site.made() < 2 * EVENTS, "it was done before it could be killed"
    assert await site.chronology() == before
    # Whoever filled for it has noticed, or is at its end.
    await _until(site.is_left)
    status, said = await site.run("chronology")
    assert (status, said[0]["phase"]) == (0, "resumed")
    assert said[0]["position"] > 0
    assert await site.chronology() == before


async def _until(seen: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await seen():  # noqa: ASYNC110 # other processes set no event
            await asyncio.sleep(0.02)


async def test_what_is_no_projection_is_told_with_those_there_are(site: Site) -> None:
    status, said = await site.run("chronicle")
    assert (status, len(said)) == (1, 1)
    assert said[0]["error"] == (
        f"casework has no projection chronicle; it has: {', '.join(sorted(rebuilds(SERVICE)))}"
    )


async def test_an_event_that_nobody_can_read_is_named_and_the_live_table_stands(
    site: Site,
) -> None:
    before = await site.chronology()
    row = list(_row(EVENTS + 1))
    row[6] = "OfALaterRelease"
    await site.superuser.copy_records_to_table(
        "events", schema_name="es", columns=COLUMNS, records=[tuple(row)]
    )
    await site.superuser.execute("select setval('es.position_seq', $1)", EVENTS + 1)
    status, said = await site.run("chronology", "--shards", "2")
    assert status == 1
    assert f"halted at position {EVENTS + 1}: OfALaterRelease" in said[-1]["error"]
    assert await site.chronology() == before


def test_the_tables_of_a_service_are_those_that_facts_alone_make() -> None:
    filled = {each.name for each in SERVICE.projections if each.tables}
    assert {"threads", *filled} == set(rebuilds(SERVICE))
