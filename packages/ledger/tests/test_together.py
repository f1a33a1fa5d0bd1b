"""Several projections go as one while they stand together; one that halts does not hold the others.

Each keeps its own checkpoint throughout, and catches up alone once its cause is mended.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from ledger.checkpoints import take_over
from ledger.connect import handler_pool, worker_pool
from ledger.envelope import Recorded
from ledger.feed import PostgresFeed
from ledger.postgres import PostgresStore
from ledger.projecting import Projection, ProjectionRunner
from ledger.samples import REGISTRY, command, part
from ledger.together import Together
from ledger.writes import Statement, Write
from stack.databases import DatabaseUrls
from stack.testing import Postgres

SEEN = Statement(
    "count",
    "insert into read.together (tenant, name, seen) values ($1, $2, 1)"
    " on conflict (tenant, name) do update set seen = together.seen + 1",
    key=(0, 1),
)

TABLE = """
create schema if not exists read;
create table read.together (
    tenant uuid not null, name text not null, seen integer not null, primary key (tenant, name));
select es.protect('read.together');
"""


class Counting:
    """A projection that counts events, and fails on demand."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.broken = False

    def project(self, recorded: Recorded[Any]) -> Sequence[Write]:
        """Count the event."""
        if self.broken:
            raise LookupError("planted")
        return [SEEN(recorded.envelope.tenant, self.name)]


@pytest.fixture
async def urls(postgres: Postgres) -> DatabaseUrls:
    """Give a database with one table that both projections write."""
    import asyncpg  # noqa: PLC0415 # only here

    made = await postgres.create_database("together")
    owner = await asyncpg.connect(made.owner)
    await owner.execute("create schema if not exists read authorization current_user")
    await owner.execute(TABLE)
    await owner.execute("grant usage on schema read to together_worker")
    await owner.close()
    return made


async def test_one_that_halts_is_left_behind_and_catches_up_alone(urls: DatabaseUrls) -> None:
    tenant = uuid4()
    async with await handler_pool(urls.handler) as handlers, await worker_pool(urls.worker) as pool:
        store, feed = PostgresStore(handlers), PostgresFeed(pool)
        one, other = Counting("one"), Counting("other")
        async with pool.acquire() as connection:
            leases = [await take_over(connection, each.name, 0, "test") for each in (one, other)]
        runners = [
            ProjectionRunner(feed, pool, Projection(each.name, each.project), REGISTRY, lease)
            for each, lease in zip((one, other), leases, strict=True)
        ]
        together = Together(feed, pool, REGISTRY, runners)

        async def counted() -> dict[str, int]:
            rows = await pool.fetch("select name, seen from read.together")
            return {row["name"]: row["seen"] for row in rows}

        await store.append([command(tenant, part(uuid4())) for _ in range(3)])
        assert await together.step() == 3
        assert await counted() == {"one": 3, "other": 3}
        assert await together.step() == 0

        other.broken = True
        await store.append([command(tenant, part(uuid4())) for _ in range(2)])
        await together.step()
        assert await counted() == {"one": 5, "other": 3}
        assert [each.projection for each in together.halted] == ["other"]

        other.broken = False
        await together.step()
        assert await counted() == {"one": 5, "other": 5}
        assert together.halted == []
        await store.append([command(tenant, part(uuid4()))])
        assert await together.step() == 1
        assert await counted() == {"one": 6, "other": 6}
