"""Appending writes at the end of streams, once for each command id."""

from unittest.mock import ANY
from uuid import UUID, uuid4

from ledger.commands import Appended, Conflict, Duplicate, Head
from ledger.looking import Wanted
from ledger.samples import Kept, command, head_after, part


async def test_a_first_event_makes_the_stream(kept: Kept, tenant: UUID) -> None:
    stream, case = uuid4(), uuid4()
    made = part(stream, case_id=case)
    [answer] = await kept.store.append([command(tenant, made)])
    assert isinstance(answer, Appended)
    assert answer.versions == {stream: 1}
    assert answer.position > 0
    assert await kept.head(tenant, stream) == head_after(made)


async def test_events_continue_from_the_head(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    first = part(stream, count=2)
    second = part(stream, head_after(first), count=3)
    await kept.append(command(tenant, first))
    [answer] = await kept.append(command(tenant, second))
    assert answer.versions == {stream: 5}
    assert await kept.head(tenant, stream) == head_after(second)
    assert [each.version for each in await kept.store.read(tenant, stream)] == [1, 2, 3, 4, 5]


async def test_what_is_read_is_what_was_written(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    made = part(stream)
    sent = command(tenant, made)
    [answer] = await kept.append(sent)
    [stored] = await kept.store.read(tenant, stream)
    [written] = made.events
    assert (stored.position, stored.tenant, stored.stream_id, stored.version) == (
        answer.position,
        tenant,
        stream,
        1,
    )
    assert stored.command_id == sent.command_id
    for name in (each for each in dir(written) if not each.startswith("_")):
        assert getattr(stored, name) == getattr(written, name), name


async def test_a_stale_version_is_a_conflict_that_names_the_actual_one(
    kept: Kept, tenant: UUID
) -> None:
    stream = uuid4()
    await kept.append(command(tenant, part(stream, count=2)))
    assert await kept.store.append([command(tenant, part(stream))]) == [Conflict(stream, 2)]


async def test_a_version_ahead_of_the_head_is_a_conflict(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    ahead = part(stream, Head(3, None, bytes(32)))
    assert await kept.store.append([command(tenant, ahead)]) == [Conflict(stream, 0)]


async def test_a_leaf_that_does_not_follow_the_head_is_refused(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    first = part(stream)
    await kept.append(command(tenant, first))
    astray = part(stream, Head(1, None, b"\1" * 32))
    assert await kept.store.append([command(tenant, astray)]) == [Conflict(stream, 1)]


async def test_a_new_stream_begins_with_no_leaf_before_it(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    astray = part(stream, Head(0, None, b"\1" * 32))
    assert await kept.store.append([command(tenant, astray)]) == [Conflict(stream, 0)]


async def test_the_same_stream_id_under_two_authorities_is_two_streams(
    kept: Kept, tenant: UUID
) -> None:
    stream, other = uuid4(), uuid4()
    answers = await kept.append(
        *[command(tenant, part(stream, count=2)), command(other, part(stream))]
    )
    assert [each.versions[stream] for each in answers] == [2, 1]


async def test_an_empty_batch_has_no_answers(kept: Kept) -> None:
    assert await kept.store.append([]) == []


async def test_a_version_may_be_checked_without_writing(kept: Kept, tenant: UUID) -> None:
    seen, written = uuid4(), uuid4()
    first = part(seen)
    await kept.append(command(tenant, first))
    at_first = part(seen, head_after(first), count=0)
    [answer] = await kept.append(command(tenant, at_first, part(written)))
    assert answer.versions == {written: 1}
    await kept.append(command(tenant, part(seen, head_after(first))))
    stale = command(tenant, part(uuid4()), at_first)
    assert await kept.store.append([stale]) == [Conflict(seen, 2)]


async def test_a_command_sent_again_is_a_duplicate_with_the_first_outcome(
    kept: Kept, tenant: UUID
) -> None:
    one, two = uuid4(), uuid4()
    sent = command(tenant, part(one, count=2), part(two), outcome="accepted")
    [first] = await kept.append(sent)
    [again] = await kept.store.append([sent])
    assert again == Duplicate("accepted", {one: 2, two: 1}, first.position)


async def test_a_retry_made_on_another_version_is_still_a_duplicate(
    kept: Kept, tenant: UUID
) -> None:
    stream = uuid4()
    made = part(stream)
    sent = command(tenant, made)
    [first] = await kept.append(sent)
    retry = command(tenant, part(stream, head_after(made)), command_id=sent.command_id)
    [again] = await kept.store.append([retry])
    assert again == Duplicate("", {stream: 1}, first.position)
    assert (await kept.head(tenant, stream)).version == 1


async def test_a_command_that_decided_nothing_is_remembered(kept: Kept, tenant: UUID) -> None:
    sent = command(tenant, outcome="nothing to do")
    assert await kept.store.append([sent]) == [Appended({}, 0)]
    assert await kept.store.append([sent]) == [Duplicate("nothing to do", {}, 0)]


async def test_a_refused_command_is_not_remembered(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    made = part(stream)
    await kept.append(command(tenant, made))
    stale = command(tenant, part(stream))
    await kept.store.append([stale])
    again = command(tenant, part(stream, head_after(made)), command_id=stale.command_id)
    assert await kept.store.append([again]) == [Appended({stream: 2}, ANY)]


async def test_the_same_command_id_under_another_authority_is_another_command(
    kept: Kept, tenant: UUID
) -> None:
    sent = command(tenant, part(uuid4()))
    await kept.append(sent)
    stream = uuid4()
    other = command(uuid4(), part(stream), command_id=sent.command_id)
    assert await kept.store.append([other]) == [Appended({stream: 1}, ANY)]


async def test_a_duplicate_is_known_before_anything_is_decided(kept: Kept, tenant: UUID) -> None:
    stream = uuid4()
    sent = command(tenant, part(stream), outcome="done")
    [first] = await kept.append(sent)
    expected = Duplicate("done", {stream: 1}, first.position)
    scope = frozenset([tenant])
    wanted = Wanted({stream: 0}, commands=[sent.command_id, uuid4()])
    found = await kept.store.look(tenant, scope, wanted)
    assert found.accepted == {sent.command_id: expected}
