"""What was appended is read back: by stream for a decision, by position for followers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from ledger.commands import (
    Claim,
    Head,
    StoredEvent,
)
from ledger.feed import Cursor
from ledger.looking import HEAD_ONLY, Wanted, holder
from ledger.samples import Kept, command, head_after, part

reference = Claim("reference", "WM-2025-0001")


async def test_streams_are_loaded_together_with_the_clock(kept: Kept, tenant: UUID) -> None:
    one, two, missing = uuid4(), uuid4(), uuid4()
    await kept.append(command(tenant, part(one, count=2)), command(tenant, part(two)))
    found = await kept.store.look(tenant, frozenset([tenant]), Wanted({one: 0, two: 0, missing: 0}))
    loaded = found.streams
    assert {each: found.head.version for each, found in loaded.items()} == {
        one: 2,
        two: 1,
        missing: 0,
    }
    assert [each.version for each in loaded[one].events] == [1, 2]
    assert loaded[missing].head == Head()
    assert loaded[missing].events == ()
    assert abs(found.now - datetime.now(UTC)) < timedelta(seconds=5)


async def test_only_the_tail_is_loaded_when_the_rest_is_known(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    await kept.append(command(tenant, part(stream, count=4)))
    scope = frozenset([tenant])
    tail = (await kept.store.look(tenant, scope, Wanted({stream: 2}))).streams[stream]
    assert [each.version for each in tail.events] == [3, 4]
    head = (await kept.store.look(tenant, scope, Wanted({stream: HEAD_ONLY}))).streams[stream]
    assert (head.head.version, head.events) == (4, ())


async def test_a_stream_is_read_by_page(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    await kept.append(command(tenant, part(stream, count=5)))
    page = await kept.store.read(tenant, stream, after_version=1, limit=2)
    assert [each.version for each in page] == [2, 3]


async def test_another_authority_reads_nothing(kept: Kept, tenant: UUID) -> None:
    stream, other = uuid4(), uuid4()
    await kept.append(command(tenant, part(stream, take=[reference])))
    assert await kept.store.read(other, stream) == []
    assert await holder(kept.store, other, reference) is None
    assert (await kept.head(other, stream)) == Head()


async def test_the_feed_gives_everything_once_in_order(kept: Kept, tenant: UUID) -> None:
    cursor = Cursor(await kept.feed.last_position())
    one, two = uuid4(), uuid4()
    first = part(one, count=2)
    await kept.append(command(tenant, first), command(tenant, part(two)))
    await kept.store.append([command(tenant, part(one))])  # a conflict: it leaves no trace
    await kept.append(command(tenant, part(one, head_after(first), count=2)))
    seen: list[StoredEvent] = []
    while (page := await kept.feed.page(cursor, 2)).events:
        assert page.seen_to >= page.events[-1].position
        seen.extend(page.events)
        cursor = page.end(cursor)
    assert [each.position for each in seen] == sorted({each.position for each in seen})
    expected = [(one, 1), (one, 2), (two, 1), (one, 3), (one, 4)]
    assert [(each.stream_id, each.version) for each in seen] == expected
    assert page.seen_to == await kept.feed.safe_position()
    assert cursor.event_id == seen[-1].event_id


async def test_positions_follow_versions_within_a_stream(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    one = part(stream, count=3)
    await kept.append(command(tenant, one))
    await kept.append(command(tenant, part(stream, head_after(one), count=2)))
    positions = [each.position for each in await kept.store.read(tenant, stream)]
    assert positions == sorted(positions)
