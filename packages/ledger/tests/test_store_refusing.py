"""What a store does not append, it says why, and nothing of it is written."""

from datetime import UTC, datetime, timedelta
from unittest.mock import ANY
from uuid import UUID, uuid4

import pytest

from ledger.batches import BadBatch
from ledger.commands import (
    Appended,
    Claim,
    ClockOff,
    Conflict,
    OutOfScope,
    ReadOnly,
)
from ledger.looking import Wanted
from ledger.samples import Kept, command, head_after, part
from ledger.store import NotInScope

reference = Claim("reference", "WM-2025-0001")


async def test_a_tenant_outside_the_callers_scope_is_out_of_scope(kept: Kept, tenant: UUID) -> None:
    other, stream = uuid4(), uuid4()
    good = command(tenant, part(stream), scope=[tenant, other])
    bad = command(other, part(stream), scope=[tenant])
    empty = command(tenant, part(stream), scope=[])
    assert await kept.store.append([bad, good]) == [
        OutOfScope(other),
        Appended({stream: 1}, ANY),
    ]
    assert await kept.store.append([empty]) == [OutOfScope(tenant)]
    assert await kept.store.read(other, stream) == []


async def test_out_of_scope_does_not_tell_a_duplicate(kept: Kept, tenant: UUID) -> None:
    sent = command(tenant, part(uuid4()))
    await kept.append(sent)
    again = command(tenant, scope=[uuid4()], command_id=sent.command_id)
    assert await kept.store.append([again]) == [OutOfScope(tenant)]


async def test_loading_outside_the_scope_is_refused(kept: Kept, tenant: UUID) -> None:
    with pytest.raises(NotInScope):
        await kept.store.look(tenant, frozenset([uuid4()]), Wanted({uuid4(): 0}))
    with pytest.raises(NotInScope):
        await kept.store.look(tenant, frozenset(), Wanted())


async def test_a_stream_whose_custody_has_passed_is_read_only(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    one = part(stream)
    await kept.append(command(tenant, one))
    await kept.pass_custody(tenant, stream)
    assert (await kept.head(tenant, stream)).read_only
    next_ = command(tenant, part(stream, head_after(one)))
    assert await kept.store.append([next_]) == [ReadOnly(stream)]


@pytest.mark.parametrize("seconds", [-30, 30])
async def test_an_instant_far_from_the_stores_clock_is_refused(
    kept: Kept, tenant: UUID, seconds: int
) -> None:
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    [answer] = await kept.store.append([command(tenant, part(uuid4(), at=at))])
    assert isinstance(answer, ClockOff)
    assert abs(answer.now - datetime.now(UTC)) < timedelta(seconds=5)


async def test_an_instant_before_the_heads_is_refused(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    now = datetime.now(UTC)
    one = part(stream, at=now + timedelta(seconds=2))
    await kept.append(command(tenant, one))
    earlier = part(stream, head_after(one), at=now)
    [answer] = await kept.store.append([command(tenant, earlier)])
    assert isinstance(answer, ClockOff)


async def test_a_chain_that_goes_back_in_time_is_refused(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    now = datetime.now(UTC)
    one = part(stream, at=now + timedelta(seconds=2))
    two = part(stream, head_after(one), at=now)
    first, second = await kept.store.append([command(tenant, one), command(tenant, two)])
    assert first == Conflict(stream, 0)
    assert isinstance(second, ClockOff)


async def test_a_batch_that_is_malformed_is_told(kept: Kept, tenant: UUID) -> None:
    sent = command(tenant, part(uuid4()))
    with pytest.raises(BadBatch, match="a command stands twice"):
        await kept.store.append([sent, sent])
    stream = uuid4()
    with pytest.raises(BadBatch, match="a stream stands twice"):
        await kept.store.append([command(tenant, part(stream), part(stream))])
    with pytest.raises(BadBatch, match="claims go with events"):
        await kept.store.append([command(tenant, part(stream, count=0, take=[reference]))])
