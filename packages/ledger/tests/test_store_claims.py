"""A claimed value is held by one stream of an authority, from an append until an append."""

from unittest.mock import ANY
from uuid import UUID, uuid4

import pytest

from ledger.batches import BadBatch
from ledger.commands import Appended, Claim, Conflict, Taken
from ledger.looking import holder
from ledger.samples import Kept, command, head_after, part

reference = Claim("reference", "WM-2025-0001")
other_reference = Claim("reference", "WM-2025-0002")


async def test_a_claim_is_held_by_the_stream_that_took_it(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    assert await holder(kept.store, tenant, reference) is None
    await kept.append(command(tenant, part(stream, take=[reference])))
    assert await holder(kept.store, tenant, reference) == stream


async def test_what_is_held_of_a_kind_is_of_the_authority_alone_and_no_more_than_asked_for(
    kept: Kept, tenant: UUID
) -> None:
    elsewhere, stream = uuid4(), uuid4()
    kinds = [reference, other_reference, Claim("child", "one")]
    one = part(stream, take=kinds)
    await kept.append(command(tenant, one))
    assert await kept.store.claimed(tenant, "reference", 10) == {
        reference.value,
        other_reference.value,
    }
    assert len(await kept.store.claimed(tenant, "reference", 1)) == 1
    assert await kept.store.claimed(elsewhere, "reference", 10) == frozenset()
    await kept.append(command(tenant, part(stream, head_after(one), release=[reference])))
    assert await kept.store.claimed(tenant, "reference", 10) == {other_reference.value}


async def test_what_another_stream_holds_is_taken(kept: Kept, tenant: UUID) -> None:
    owner, other = uuid4(), uuid4()
    await kept.append(command(tenant, part(owner, take=[reference])))
    sent = command(tenant, part(other, take=[other_reference, reference]))
    assert await kept.store.append([sent]) == [Taken(reference, owner)]
    assert await holder(kept.store, tenant, other_reference) is None
    assert await kept.store.read(tenant, other) == []


async def test_what_the_stream_holds_itself_may_be_taken_again(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    one = part(stream, take=[reference])
    await kept.append(command(tenant, one))
    two = part(stream, head_after(one), take=[reference])
    assert await kept.store.append([command(tenant, two)]) == [Appended({stream: 2}, ANY)]


async def test_a_released_claim_is_free(kept: Kept, tenant: UUID) -> None:
    stream, other = uuid4(), uuid4()
    one = part(stream, take=[reference])
    await kept.append(command(tenant, one))
    await kept.append(command(tenant, part(stream, head_after(one), release=[reference])))
    assert await holder(kept.store, tenant, reference) is None
    await kept.append(command(tenant, part(other, take=[reference])))
    assert await holder(kept.store, tenant, reference) == other


async def test_only_its_holder_releases_a_claim(kept: Kept, tenant: UUID) -> None:
    stream, other = uuid4(), uuid4()
    await kept.append(command(tenant, part(stream, take=[reference])))
    await kept.append(command(tenant, part(other, release=[reference])))
    assert await holder(kept.store, tenant, reference) == stream


async def test_a_command_that_falls_releases_and_takes_nothing(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    one = part(stream, take=[reference])
    await kept.append(command(tenant, one))
    stale = part(stream, take=[other_reference], release=[reference])
    assert await kept.store.append([command(tenant, stale)]) == [Conflict(stream, 1)]
    assert await holder(kept.store, tenant, reference) == stream
    assert await holder(kept.store, tenant, other_reference) is None


async def test_a_claim_passes_from_stream_to_stream_in_one_command(
    kept: Kept, tenant: UUID
) -> None:
    old, new = uuid4(), uuid4()
    one = part(old, take=[reference])
    await kept.append(command(tenant, one))
    passed = command(
        tenant,
        part(old, head_after(one), release=[reference]),
        part(new, take=[reference]),
    )
    assert await kept.store.append([passed]) == [Appended({old: 2, new: 1}, ANY)]
    assert await holder(kept.store, tenant, reference) == new


async def test_each_authority_has_its_own_claims(kept: Kept, tenant: UUID) -> None:
    other = uuid4()
    await kept.append(command(tenant, part(uuid4(), take=[reference])))
    stream = uuid4()
    assert await kept.store.append([command(other, part(stream, take=[reference]))]) == [
        Appended({stream: 1}, ANY)
    ]


async def test_two_commands_of_a_batch_never_take_the_same(kept: Kept, tenant: UUID) -> None:
    with pytest.raises(BadBatch, match="a claim stands twice"):
        await kept.store.append(
            [command(tenant, part(uuid4(), take=[reference])) for _ in range(2)]
        )
