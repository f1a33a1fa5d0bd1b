"""Custody passes with an event: from then on nothing of the case is written, and nothing begun."""

import asyncio
import random
from uuid import UUID, uuid4

import pytest

from ledger.batches import BadBatch
from ledger.commands import (
    Appended,
    Claim,
    Conflict,
    Duplicate,
    Head,
    OutOfScope,
    Passes,
    ReadOnly,
    Returns,
)
from ledger.connect import Pool, handler_pool
from ledger.postgres import PostgresStore
from ledger.samples import Kept, command, head_after, part
from stack.databases import DatabaseUrls

CASE, OTHER = uuid4(), uuid4()


async def heads(kept: Kept, tenant: UUID, *streams: UUID) -> list[bool]:
    return [(await kept.head(tenant, each)).read_only for each in streams]


async def test_every_stream_of_the_case_is_read_only_with_the_event_that_passes_it(
    kept: Kept, tenant: UUID
) -> None:
    mine = [part(uuid4(), case_id=CASE) for _ in range(3)]
    apart = [part(uuid4(), case_id=OTHER), part(uuid4())]
    await kept.append(*(command(tenant, each) for each in [*mine, *apart]))
    telling = uuid4()
    passing = command(tenant, part(telling, case_id=CASE), turn=Passes(CASE))
    await kept.append(passing)
    streams = [each.stream_id for each in mine]
    assert await heads(kept, tenant, *streams, telling) == [True] * 4
    assert await heads(kept, tenant, *(each.stream_id for each in apart)) == [False] * 2
    more = [command(tenant, part(each.stream_id, head_after(each))) for each in mine]
    assert await kept.store.append(more) == [ReadOnly(each) for each in streams]
    assert await kept.store.of_case(tenant, CASE) == dict.fromkeys(
        sorted([*streams, telling]), "Thing"
    )
    # Said again it is the same; and a stream of another case goes on.
    [again] = await kept.store.append([passing])
    assert isinstance(again, Duplicate)
    await kept.append(*(command(tenant, part(each.stream_id, head_after(each))) for each in apart))


async def test_no_stream_of_the_case_begins_after_it(kept: Kept, tenant: UUID) -> None:
    telling = part(uuid4(), case_id=CASE)
    await kept.append(command(tenant, telling, turn=Passes(CASE)))
    late, free, beside = uuid4(), uuid4(), uuid4()
    alone = command(tenant, part(late, case_id=CASE))
    assert await kept.store.append([alone]) == [ReadOnly(late)]
    several = [
        command(tenant, part(late, case_id=CASE, count=2), part(beside)),
        command(tenant, part(free, case_id=OTHER, take=[Claim("kind", "free")])),
    ]
    refused, stood = await kept.store.append(several)
    assert refused == ReadOnly(late)
    assert isinstance(stood, Appended)
    assert await kept.store.read(tenant, late) == []
    assert await kept.store.read(tenant, beside) == []


async def test_who_reads_what_passed_on_is_still_recorded(kept: Kept, tenant: UUID) -> None:
    read = part(uuid4(), case_id=CASE, category="access")
    await kept.append(command(tenant, read))
    await kept.append(command(tenant, part(uuid4(), case_id=CASE), turn=Passes(CASE)))
    await kept.append(command(tenant, part(read.stream_id, head_after(read))))
    await kept.append(command(tenant, part(uuid4(), case_id=CASE, category="access")))


async def test_the_same_case_of_another_authority_is_its_own(kept: Kept, tenant: UUID) -> None:
    theirs, stream = uuid4(), uuid4()
    await kept.append(command(theirs, part(stream, case_id=CASE)))
    await kept.append(command(tenant, part(stream, case_id=CASE), turn=Passes(CASE)))
    assert await heads(kept, tenant, stream) == [True]
    assert await heads(kept, theirs, stream) == [False]
    await kept.append(command(theirs, part(uuid4(), case_id=CASE)))


async def test_nothing_passes_where_the_event_is_not_appended(kept: Kept, tenant: UUID) -> None:
    held = part(uuid4(), case_id=CASE)
    await kept.append(command(tenant, held))
    stale = part(held.stream_id, case_id=CASE)
    outside = command(tenant, part(uuid4(), case_id=CASE), scope=[uuid4()], turn=Passes(CASE))
    for refused in (command(tenant, stale, turn=Passes(CASE)), outside):
        [answer] = await kept.store.append([refused])
        assert answer in (Conflict(held.stream_id, 1), OutOfScope(tenant))
    await kept.append(command(tenant, part(held.stream_id, head_after(held))))


async def test_a_case_that_returns_goes_on_where_it_stood(kept: Kept, tenant: UUID) -> None:
    held = part(uuid4(), case_id=CASE)
    await kept.append(command(tenant, held))
    await kept.append(command(tenant, part(uuid4(), case_id=CASE), turn=Passes(CASE)))
    stale = command(tenant, part(held.stream_id), turn=Returns(CASE))
    assert await kept.store.append([stale]) == [Conflict(held.stream_id, 1)]
    assert await heads(kept, tenant, held.stream_id) == [True]
    more = part(held.stream_id, head_after(held), case_id=CASE)
    begun = part(uuid4(), case_id=CASE)
    await kept.append(command(tenant, more, begun, turn=Returns(CASE)))
    await kept.append(command(tenant, part(held.stream_id, head_after(more))))
    await kept.append(command(tenant, part(uuid4(), case_id=CASE)))


async def test_what_turns_custody_is_alone_and_says_something(kept: Kept, tenant: UUID) -> None:
    passing = command(tenant, part(uuid4(), case_id=CASE), turn=Passes(CASE))
    with pytest.raises(BadBatch, match="turns custody"):
        await kept.store.append([passing, command(tenant, part(uuid4()))])
    with pytest.raises(BadBatch, match="turns custody"):
        await kept.store.append([command(tenant, turn=Passes(CASE))])


async def test_a_race_between_writers_and_the_passing_leaves_nothing_after_it(
    database: DatabaseUrls, workers: Pool, tenant: UUID
) -> None:
    """Of each case one writer passes custody while others write to its streams and begin new ones.

    Nothing of a case has a position behind its passing, and every stream of it is read-only.
    """
    cases = [uuid4() for _ in range(12)]
    async with await handler_pool(database.handler, 6) as pool:
        store = PostgresStore(pool)
        known: dict[UUID, list[tuple[UUID, Head]]] = {each: [] for each in cases}

        async def write(chance: random.Random) -> None:
            for _ in range(60):
                case = chance.choice(cases)
                parts = [part(uuid4(), case_id=case)]
                if known[case] and chance.random() < 0.6:  # most go on with a stream
                    stream, head = chance.choice(known[case])
                    parts.append(part(stream, head, case_id=case))
                [answer] = await store.append([command(tenant, *parts)])
                if isinstance(answer, Appended):
                    known[case] += [(each.stream_id, head_after(each)) for each in parts]

        async def pass_on(chance: random.Random) -> None:
            for case in cases:
                await asyncio.sleep(chance.random() / 40)
                telling = command(tenant, part(uuid4(), case_id=case), turn=Passes(case))
                [answer] = await store.append([telling])
                assert isinstance(answer, Appended)
                passed[case] = answer.position

        passed: dict[UUID, int] = {}
        async with asyncio.TaskGroup() as tasks:
            for number in range(5):
                tasks.create_task(write(random.Random(number)))  # noqa: S311 # no secret
            tasks.create_task(pass_on(random.Random(9)))  # noqa: S311 # no secret
        for case in cases:
            late = command(tenant, part(uuid4(), case_id=case))
            assert isinstance((await store.append([late]))[0], ReadOnly)
    rows = await workers.fetch(
        "select s.case_id, s.read_only, max(e.position) as last from es.streams s"
        "  join es.events e using (tenant, stream_id) where s.tenant = $1 group by 1, 2",
        tenant,
    )
    assert {row["case_id"]: row["last"] for row in rows} == passed
    assert all(row["read_only"] for row in rows)
