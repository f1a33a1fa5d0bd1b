"""News that waits for no other is in the topic first; none overtakes another of its key."""

import asyncio
from uuid import UUID, uuid4

import pytest

from chassis.outward import sending
from chassis.outward.broker import partition_of
from packages.chassis.tests.conftest import Parts
from packages.chassis.tests.counters import Close, Count
from packages.chassis.tests.test_relay import Reader, about, sent
from stack.testing import Kafka

PAGE = 10


@pytest.fixture
def topic(kafka: Kafka, parts: Parts) -> Reader:
    """Give a reader of the topic."""
    return Reader(kafka, parts.tenant)


async def backlog(parts: Parts, case_id: UUID | None) -> tuple[UUID, UUID, list[UUID]]:
    """Let much wait; at its end a counter closes. Return it, its neighbour, and the others."""
    others = [await parts.opened(counted=1) for _ in range(20)]
    closing = await parts.opened(counted=1, case_id=case_id)
    beside = await parts.opened(counted=1, case_id=case_id)
    for _ in range(2):
        await asyncio.gather(*(parts.do(Count(each, 1)) for each in (*others, beside, closing)))
    await parts.do(Close(closing))
    await parts.do(Count(beside, 3))
    return closing, beside, others


@pytest.mark.parametrize("case_id", [None, uuid4()])
async def test_what_goes_first_overtakes_all_but_what_its_key_had_before(
    parts: Parts, topic: Reader, monkeypatch: pytest.MonkeyPatch, case_id: UUID | None
) -> None:
    monkeypatch.setattr(sending, "PAGE", PAGE)
    async with parts.in_role("relay") as running:
        await sent(running)
    closing, beside, others = await backlog(parts, case_id)
    async with parts.in_role("project") as running:
        last = await running.runtime.feed.last_position()
        await running.runtime.rows.seen(("threads",), last)
    async with parts.in_role("relay") as running:
        await sent(running)
    records = await topic.read()
    came: dict[UUID, list[int]] = {}
    for record in records:
        stream, version = about(record.headers)
        came.setdefault(stream, []).append(version)
    for each in (closing, beside, *others):
        first = list(dict.fromkeys(came[each]))
        assert first == list(range(1, len(first) + 1))
    # Twice: ahead, and in its turn.
    assert came[closing] == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]
    assert came[beside] == ([1, 2, 3, 4, 1, 2, 3, 4, 5] if case_id else [1, 2, 3, 4, 5])
    key = next(each.key for each in records if about(each.headers)[0] == closing)
    of_key = [about(each.headers) for each in records if each.key == key]
    stored = [
        (event.position, (stream, event.version))
        for stream in ((closing, beside) if case_id else (closing,))
        for event in await parts.runtime.shell.store.read(parts.tenant, stream)
    ]
    assert list(dict.fromkeys(of_key)) == [each for _, each in sorted(stored)]
    # Of all that waited it is the first in its partition.
    partition = partition_of(key, range(3))
    beside_it = [each for each in records if partition_of(each.key, range(3)) == partition]
    assert {each.key for each in beside_it[: 9 if case_id else 5]} == {key}
    assert len(beside_it) > len(of_key)
