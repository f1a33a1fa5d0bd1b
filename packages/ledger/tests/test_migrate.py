"""Migrations are applied once each, in order, under a lock; a file that changed is told by name."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from ledger.migrate import ENGINE, MigrationError, migrate
from stack.databases import DatabaseUrls
from stack.testing import Postgres


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fresh(postgres: Postgres) -> DatabaseUrls:
    """Make a database with the engine alone."""
    return await postgres.create_database("ledger_migrate")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two migrations of its own table."""
    (tmp_path / "0001_things.sql").write_text("create table things (name text);")
    (tmp_path / "0002_seeds.sql").write_text("insert into things values ('seed');")
    return tmp_path


async def names(urls: DatabaseUrls, source: str) -> list[str]:
    connection = await asyncpg.connect(urls.owner)
    try:
        rows = await connection.fetch(
            "select name from es.migrations where source = $1 order by number", source
        )
        return [row["name"] for row in rows]
    finally:
        await connection.close()


async def clear(urls: DatabaseUrls) -> None:
    connection = await asyncpg.connect(urls.owner)
    await connection.execute("drop table if exists things")
    await connection.close()


async def test_the_engine_is_applied_once(fresh: DatabaseUrls) -> None:
    assert await migrate(fresh.owner, [ENGINE]) == []
    files = sorted(each.name for each in ENGINE[1].glob("*.sql"))
    assert await names(fresh, "ledger") == files


async def test_what_is_missing_is_applied_in_order(fresh: DatabaseUrls, folder: Path) -> None:
    await clear(fresh)
    source = ("in order", folder)
    assert await migrate(fresh.owner, [ENGINE, source]) == [
        "in order/0001_things.sql",
        "in order/0002_seeds.sql",
    ]
    (folder / "0003_more.sql").write_text("insert into things values ('more');")
    assert await migrate(fresh.owner, [ENGINE, source]) == ["in order/0003_more.sql"]


async def test_migrations_at_the_same_time_take_turns(fresh: DatabaseUrls, folder: Path) -> None:
    await clear(fresh)
    source = ("at once", folder)
    applied = await asyncio.gather(*(migrate(fresh.owner, [source]) for _ in range(4)))
    assert sorted(len(each) for each in applied) == [0, 0, 0, 2]


async def test_a_changed_file_is_refused_by_name(fresh: DatabaseUrls, folder: Path) -> None:
    await clear(fresh)
    source = ("changed", folder)
    await migrate(fresh.owner, [source])
    (folder / "0001_things.sql").write_text("create table things (name varchar);")
    with pytest.raises(MigrationError, match=r"changed/0001_things\.sql has changed since"):
        await migrate(fresh.owner, [source])


async def test_a_missing_file_is_refused_by_name(fresh: DatabaseUrls, folder: Path) -> None:
    await clear(fresh)
    source = ("missing", folder)
    await migrate(fresh.owner, [source])
    (folder / "0001_things.sql").unlink()
    with pytest.raises(MigrationError, match=r"missing/0001_things\.sql was applied and its file"):
        await migrate(fresh.owner, [source])


async def test_a_file_that_comes_late_is_refused(fresh: DatabaseUrls, folder: Path) -> None:
    await clear(fresh)
    source = ("late", folder)
    (folder / "0002_seeds.sql").rename(folder / "0004_seeds.sql")
    await migrate(fresh.owner, [source])
    (folder / "0003_late.sql").write_text("select 1;")
    with pytest.raises(MigrationError, match=r"late/0003_late\.sql comes before"):
        await migrate(fresh.owner, [source])


async def test_a_file_that_fails_has_no_effect_and_is_named(
    fresh: DatabaseUrls, folder: Path
) -> None:
    await clear(fresh)
    source = ("failing", folder)
    (folder / "0002_seeds.sql").write_text("insert into things values ('x'); select nonsense;")
    with pytest.raises(MigrationError, match=r"failing/0002_seeds.sql: .*nonsense"):
        await migrate(fresh.owner, [source])
    assert await names(fresh, "failing") == ["0001_things.sql"]
    (folder / "0002_seeds.sql").write_text("insert into things values ('y');")
    await migrate(fresh.owner, [source])


@pytest.mark.parametrize("name", ["1_short.sql", "0001-dash.sql", "0001_Capital.sql"])
async def test_a_file_of_another_name_is_refused(
    fresh: DatabaseUrls, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("select 1;")
    with pytest.raises(MigrationError, match=r"0001_what_it_makes\.sql"):
        await migrate(fresh.owner, [("named", tmp_path)])


async def test_two_files_of_one_number_are_refused(fresh: DatabaseUrls, folder: Path) -> None:
    (folder / "0002_again.sql").write_text("select 1;")
    with pytest.raises(MigrationError, match="has the number of"):
        await migrate(fresh.owner, [("twice", folder)])
