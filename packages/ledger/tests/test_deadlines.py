"""A deadline is set, moved and ended by recorded facts, and fires once, by the store's clock."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from ledger import deadlines
from ledger.connect import Connection, Pool
from ledger.deadlines import Change, Deadline

past = datetime.now(UTC) - timedelta(days=1)
future = datetime.now(UTC) + timedelta(days=1)
by = uuid4()


async def due_of(connection: Connection, tenant: UUID) -> list[Deadline]:
    return [each for each in await deadlines.due(connection, 10_000) if each.tenant == tenant]


async def test_what_is_past_is_due_until_it_has_fired(workers: Pool, tenant: UUID) -> None:
    stream = uuid4()
    async with workers.acquire(timeout=5) as connection:
        late = Change(tenant, "answer", stream, past, by)
        early = Change(tenant, "answer", uuid4(), future, by)
        before = await deadlines.count_due(connection)
        await deadlines.apply(connection, [late, early])
        assert await deadlines.count_due(connection) == before + 1
        [found] = await due_of(connection, tenant)
        assert found == Deadline(tenant, "answer", stream, past, by)
        await deadlines.fired(connection, found)
        assert await due_of(connection, tenant) == []
        assert await deadlines.count_due(connection) == before


async def test_set_again_it_moves(workers: Pool, tenant: UUID) -> None:
    stream = uuid4()
    async with workers.acquire(timeout=5) as connection:
        await deadlines.apply(connection, [Change(tenant, "answer", stream, past, by)])
        await deadlines.apply(connection, [Change(tenant, "answer", stream, future, by)])
        assert await due_of(connection, tenant) == []


async def test_met_it_does_not_fire(workers: Pool, tenant: UUID) -> None:
    stream = uuid4()
    async with workers.acquire(timeout=5) as connection:
        await deadlines.apply(connection, [Change(tenant, "answer", stream, past, by)])
        await deadlines.apply(connection, [Change(tenant, "answer", stream, None, by)])
        assert await due_of(connection, tenant) == []
        await deadlines.apply(connection, [Change(tenant, "never set", stream, None, by)])


async def test_of_several_changes_at_once_the_last_counts(workers: Pool, tenant: UUID) -> None:
    one, two = uuid4(), uuid4()
    async with workers.acquire(timeout=5) as connection:
        await deadlines.apply(
            connection,
            [
                Change(tenant, "answer", one, past, by),
                Change(tenant, "answer", two, future, by),
                Change(tenant, "answer", one, None, by),
                Change(tenant, "answer", two, past, by),
            ],
        )
        assert [each.stream_id for each in await due_of(connection, tenant)] == [two]


async def test_moved_while_it_fired_it_is_still_to_come(workers: Pool, tenant: UUID) -> None:
    stream = uuid4()
    async with workers.acquire(timeout=5) as connection:
        await deadlines.apply(connection, [Change(tenant, "answer", stream, past, by)])
        [found] = await due_of(connection, tenant)
        later = past + timedelta(hours=1)
        await deadlines.apply(connection, [Change(tenant, "answer", stream, later, by)])
        await deadlines.fired(connection, found)
        assert [each.due_at for each in await due_of(connection, tenant)] == [later]


async def test_the_next_one_is_known(workers: Pool, tenant: UUID) -> None:
    async with workers.acquire(timeout=5) as connection:
        first = datetime(2001, 1, 1, tzinfo=UTC)
        await deadlines.apply(connection, [Change(tenant, "answer", uuid4(), first, by)])
        assert await deadlines.next_due(connection) == first
