"""Commands on one stream stand or fall as one; a command over several has all effects or none."""

from unittest.mock import ANY
from uuid import UUID, uuid4

import pytest

from ledger.batches import BadBatch
from ledger.commands import Appended, Claim, Conflict, Duplicate, Head, Taken
from ledger.samples import Kept, command, head_after, part

reference = Claim("reference", "WM-2025-0001")


async def test_each_command_continues_the_one_before(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    one = part(stream, count=2)
    two = part(stream, head_after(one))
    three = part(stream, head_after(two))
    answers = await kept.append(*[command(tenant, each) for each in (one, two, three)])
    assert [each.versions[stream] for each in answers] == [2, 3, 4]
    assert sorted(each.position for each in answers) == [each.position for each in answers]
    assert await kept.head(tenant, stream) == head_after(three)


async def test_a_chain_continues_a_stream_that_is_there(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    one = part(stream)
    two = part(stream, head_after(one))
    three = part(stream, head_after(two))
    await kept.append(command(tenant, one))
    answers = await kept.append(command(tenant, two), command(tenant, three))
    assert [each.versions[stream] for each in answers] == [2, 3]


@pytest.mark.parametrize("faulty", [0, 1, 2])
async def test_a_chain_falls_as_one(kept: Kept, tenant: UUID, faulty: int) -> None:
    stream = uuid4()
    one = part(stream)
    two = part(stream, head_after(one))
    parts = [one, two, part(stream, head_after(two))]
    parts[faulty] = part(stream, Head(7), at=one.events[0].recorded_at)
    answers = await kept.store.append([command(tenant, each) for each in parts])
    assert answers == [Conflict(stream, 0)] * 3
    assert await kept.head(tenant, stream) == Head()


async def test_a_chain_with_a_gap_in_its_leaves_falls(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    astray = part(stream, Head(1, None, b"\1" * 32))
    answers = await kept.store.append([command(tenant, part(stream)), command(tenant, astray)])
    assert answers == [Conflict(stream, 0)] * 2


async def test_a_chain_falls_with_a_duplicate_in_it(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    one = part(stream)
    sent = command(tenant, one)
    await kept.append(sent)
    two = part(stream, head_after(one))
    again = command(tenant, part(stream, head_after(two)), command_id=sent.command_id)
    answers = await kept.store.append([command(tenant, two), again])
    assert answers == [Conflict(stream, 1), Duplicate("", {stream: 1}, ANY)]


async def test_a_chain_falls_with_a_claim_that_is_taken(kept: Kept, tenant: UUID) -> None:
    stream, owner = uuid4(), uuid4()
    await kept.append(command(tenant, part(owner, take=[reference])))
    one = part(stream)
    two = part(stream, head_after(one), take=[reference])
    answers = await kept.store.append([command(tenant, one), command(tenant, two)])
    assert answers == [Conflict(stream, 0), Taken(reference, owner)]


async def test_other_streams_of_the_batch_stand(kept: Kept, tenant: UUID) -> None:
    good, bad = uuid4(), uuid4()
    answers = await kept.store.append(
        [
            command(tenant, part(bad, Head(1))),
            command(tenant, part(good)),
            command(tenant, outcome="nothing"),
        ]
    )
    assert answers == [Conflict(bad, 0), Appended({good: 1}, ANY), Appended({}, 0)]


async def test_all_are_written(kept: Kept, tenant: UUID) -> None:
    one, two = uuid4(), uuid4()
    [answer] = await kept.append(command(tenant, part(one, count=2), part(two)))
    assert answer.versions == {one: 2, two: 1}
    events = [*await kept.store.read(tenant, one), *await kept.store.read(tenant, two)]
    assert answer.position == max(each.position for each in events)


async def test_or_none(kept: Kept, tenant: UUID) -> None:
    one, two = uuid4(), uuid4()
    await kept.append(command(tenant, part(two)))
    [answer] = await kept.store.append([command(tenant, part(one), part(two))])
    assert answer == Conflict(two, 1)
    assert await kept.store.read(tenant, one) == []


async def test_none_is_shared_with_another_command_of_the_batch(kept: Kept, tenant: UUID) -> None:
    one, two = uuid4(), uuid4()
    first = part(one)
    batch = [command(tenant, first), command(tenant, part(one, head_after(first)), part(two))]
    with pytest.raises(BadBatch, match="shares one of its several streams"):
        await kept.store.append(batch)
    assert await kept.store.read(tenant, one) == []
