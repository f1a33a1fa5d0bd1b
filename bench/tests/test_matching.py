"""A sample of the measured crowd, in a real table of tags: most are found, and only by key."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest_asyncio

from bench.match_people import CHOSEN_WITH, HELD_OUT, Crowd, Fault
from bench.matching import MIGRATIONS, TENANT, Index, index_on, judged
from referrals.people.matching import keep, kept_tags, tags_of
from stack.testing import Postgres

COUNT, SHARE, SEED = 240, 0.1, 3


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def index(postgres: Postgres) -> AsyncIterator[Index]:
    """Give an empty table of tags."""
    urls = await postgres.create_database("match_tests", [("referrals", MIGRATIONS)])
    async with index_on(urls.worker, urls.handler, urls.superuser) as made:
        yield made


async def test_planted_duplicates_are_found_and_hardly_anybody_else(index: Index) -> None:
    result = await judged(index, Crowd(SEED).planted(COUNT, SHARE))
    assert result.planted.total() == COUNT * SHARE
    assert result.recall >= 0.85
    assert result.precision >= 0.9


def test_what_is_held_out_is_nothing_that_the_scoring_was_chosen_with() -> None:
    assert set(HELD_OUT) | set(CHOSEN_WITH) == set(Fault)
    assert not set(HELD_OUT) & set(CHOSEN_WITH)
    planted = [each for each in Crowd(SEED).planted(COUNT, SHARE, HELD_OUT) if each.fault]
    assert {each.fault for each in planted} == set(HELD_OUT)
    known = {each.person: each for each in Crowd(SEED).planted(COUNT, SHARE, HELD_OUT)}
    assert all(each.same_as and each.traits != known[each.same_as].traits for each in planted)


async def test_a_question_goes_by_the_key_whatever_the_planner_believes(index: Index) -> None:
    someone = next(Crowd(SEED).people(1))
    plan = await index.plan(await tags_of(index.vault, TENANT, someone.traits))
    assert "Seq Scan" not in plan
    assert "person_tags_pkey" in plan


async def test_no_name_stands_in_the_table(index: Index) -> None:
    someone = next(Crowd(SEED + 1).people(1))
    await index.add(someone)
    connection = await asyncpg.connect(index.superuser)
    try:
        rows = await connection.fetch(
            "select t::text as row from read.person_tags t where person = $1", someone.person
        )
    finally:
        await connection.close()
    ((given, family),) = someone.traits.names
    assert rows
    assert not any(given in each["row"] or family in each["row"] for each in rows)


async def test_what_no_longer_holds_is_forgotten(index: Index) -> None:
    someone = next(Crowd(SEED + 2).people(1))
    tags = await index.add(someone)
    async with index.worker.acquire() as connection:
        await keep(connection, TENANT, someone.person, tags[:3])
        assert sorted(await kept_tags(connection, TENANT, someone.person)) == sorted(tags[:3])
        assert not await kept_tags(connection, uuid4(), someone.person)
        await keep(connection, TENANT, someone.person, [])
        assert not await kept_tags(connection, TENANT, someone.person)
