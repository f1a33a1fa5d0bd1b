"""Each list of work goes by its key: whatever is asked of it, no page reads a large table whole."""

from collections.abc import AsyncIterator
from random import Random
from typing import Any

import asyncpg
import pytest_asyncio

from bench.worklist_rows import OURS, fill, workers
from bench.worklists import Dice, asked, plans
from casework.__main__ import SERVICE
from chassis.main import EVIDENCE
from ledger.connect import Connection
from stack.testing import Postgres

CASES = 2_000


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def filled(postgres: Postgres) -> AsyncIterator[tuple[Connection, Dice]]:
    """Give a connection of the service's handler to a database with many cases, and its readers."""
    urls = await postgres.create_database(
        "casework_lists", [EVIDENCE, (SERVICE.name, SERVICE.migrations)]
    )
    await fill(urls.superuser, CASES)
    dice = Dice(Random(1), await workers(urls.superuser))  # noqa: S311 # from its seed
    connection = await asyncpg.connect(urls.handler)
    await connection.execute("select set_config('app.tenants', $1, false)", str(OURS))
    yield connection, dice
    await connection.close()


async def test_no_list_needs_to_read_a_large_table_whole(filled: tuple[Connection, Dice]) -> None:
    rows, dice = filled
    async with rows.transaction():
        # With so few cases to read a table whole may be quicker; a key must be there all the same.
        # What the database chooses with 20,000 cases is what the bench reads.
        await rows.execute("set local enable_seqscan = off")
        found = await plans(rows, dice)
    assert len(found) == 8
    assert {name: whole for name, whole in found.items() if whole} == {}


async def test_each_list_has_something_to_show(filled: tuple[Connection, Dice]) -> None:
    rows, dice = filled
    shown: dict[str, int] = {}
    for _ in range(20):
        for name, ask in asked(dice):
            found: Any = await ask(rows)
            shown[name] = shown.get(name, 0) + len(getattr(found, "hidden", found))
    assert all(shown.values()), shown
