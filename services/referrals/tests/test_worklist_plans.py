"""Each list goes by its key: over 20,000 open referrals no page reads the whole table."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from chassis.main import EVIDENCE
from ledger.connect import Connection
from referrals.__main__ import SERVICE
from referrals.readings import FIRST, Place
from referrals.worklists import clocks, counts, lists, waits
from stack.testing import Postgres

TENANT, WORKER = uuid4(), uuid4()
ROWS = 20_000

_FILL = """
insert into read.open_referrals
  (tenant, referral_id, reference, family_id, child, case_id, state, route, needs, languages,
   urgent, known_before, duty_holder, received_at, information_due_at)
select case when n % 4 = 0 then $1::uuid else $2::uuid end,
       gen_random_uuid(), 'R' || n, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
       case when n % 10 = 0 then 'redirected' when n % 3 = 0 then 'screened' else 'new' end,
       'telephone', array['sleep'], '{}', n % 17 = 0, false, 'westmarch',
       timestamptz '2025-01-01' + n * interval '7 minutes',
       case when n % 23 = 0 then timestamptz '2025-02-01' end
  from generate_series(1, $3) n
"""
_FAMILIES = """
insert into read.known_families (tenant, referral_id, worker, family_id)
select tenant, referral_id, $1::uuid, family_id
  from read.open_referrals order by referral_id limit 200
"""
_CLOCKS = """
insert into read.clocks (tenant, clock_id, kind, item, referral_id, due_at, policy)
select tenant, gen_random_uuid(), 'screening', referral_id, referral_id, received_at, 'v'
  from read.open_referrals
"""
_REDIRECTS = """
insert into read.open_redirects (tenant, redirect_id, side, referral_id, other)
select tenant, gen_random_uuid(), 'sent', referral_id, 'saltby'
  from read.open_referrals where state = 'redirected'
"""
_OWED = """
insert into read.owed_now (tenant, child, duty_holder)
select tenant, child, 'westmarch' from read.open_referrals
"""
_MESSAGES = """
with people as (
     insert into read.person_families (tenant, person, family_id)
     select tenant, gen_random_uuid(), family_id
       from read.open_referrals, generate_series(1, 4)
     returning *)
insert into read.deliveries (tenant, person, channel, failed, heard_of)
select tenant, person, 'email', person < '00400000-0000-0000-0000-000000000000', now() from people
"""
_WAITS = """
insert into read.waits (tenant, referral_id, child, lives_in, received_on, screened_on)
select tenant, referral_id, child, 'westmarch', received_at::date, received_at::date
  from read.open_referrals
"""
_EVERYTHING = lists.Filters(
    urgent=False,
    needs=(),
    route=None,
    received_from=None,
    received_before=None,
    duty_holder=None,
    language_needs=False,
    language=None,
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def rows(postgres: Postgres) -> AsyncIterator[Connection]:
    """Give a connection of the service's handler to a database with many open referrals."""
    urls = await postgres.create_database(
        "referrals_lists", [EVIDENCE, (SERVICE.name, SERVICE.migrations)]
    )
    filling = await asyncpg.connect(urls.superuser)
    await filling.execute(_FILL, TENANT, uuid4(), ROWS)
    for statement in (_CLOCKS, _REDIRECTS, _OWED, _MESSAGES, _WAITS):
        await filling.execute(statement)
    await filling.execute(_FAMILIES, WORKER)
    await filling.execute("analyze")
    await filling.close()
    connection = await asyncpg.connect(urls.handler)
    await connection.execute("select set_config('app.tenants', $1, false)", str(TENANT))
    yield connection
    await connection.close()


class Explaining:
    """Stands where a connection would: asks how each statement is carried out, at its worst."""

    def __init__(self, rows: Connection) -> None:
        self._rows = rows
        self.plans: list[str] = []

    async def fetch(self, statement: str, *arguments: object) -> list[object]:
        """Keep the plan."""
        found = await self._rows.fetchval("explain (format json) " + statement, *arguments)
        self.plans.append(json.dumps(json.loads(found)))
        return []


@pytest.mark.parametrize("name", list(lists.List))
async def test_a_page_of_a_list_is_read_by_its_key(rows: Connection, name: lists.List) -> None:
    explaining = Explaining(rows)
    query = lists.Query(name, WORKER, _EVERYTHING, FIRST, 100)
    await lists.page(explaining, TENANT, query)  # type: ignore[arg-type] # only fetch is called
    [plan] = explaining.plans
    assert '"open_referrals"' not in _scans(plan)
    assert '"owed_now"' not in _scans(plan)
    assert '"person_families"' not in _scans(plan)
    assert await lists.page(rows, TENANT, query) or name is lists.List.INCOMING


async def test_clocks_and_waits_are_read_by_their_keys(rows: Connection) -> None:
    explaining = Explaining(rows)
    query = clocks.Query(WORKER, None, datetime(2030, 1, 1, tzinfo=UTC), FIRST, 100)
    await clocks.page(explaining, TENANT, query)  # type: ignore[arg-type] # only fetch is called
    day = datetime(2025, 2, 1, tzinfo=UTC).date()
    await waits.waited(explaining, TENANT, day, day)  # type: ignore[arg-type] # the same
    for plan in explaining.plans:
        assert '"clocks"' not in _scans(plan)
        assert '"waits"' not in _scans(plan)


async def test_a_worker_s_families_are_in_no_page_and_no_count(rows: Connection) -> None:
    known = {each["family_id"] for each in await rows.fetch("select * from read.known_families")}
    seen: set[UUID] = set()
    place, read = FIRST, 0
    while True:
        query = lists.Query(lists.List.OPEN, WORKER, _EVERYTHING, place, 500)
        found = await lists.page(rows, TENANT, query)
        seen |= {each.family_id for each in found}
        read += len(found)
        if len(found) < query.limit:
            break
        place = Place(found[-1].received_at, found[-1].referral_id)
    assert known
    assert not known & seen
    assert read == (await counts.counts(rows, TENANT, WORKER))["open"]


def _scans(plan: str) -> str:
    """Return what is read from end to end."""
    found: list[object] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if node.get("Node Type") == "Seq Scan":
                found.append(node)
            for each in node.values():
                walk(each)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(json.loads(plan))
    return json.dumps(found)
