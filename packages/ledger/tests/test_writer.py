"""The writer sends together what may go together, and nobody's command is lost or held up."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import pytest

from ledger.commands import Answer, AppendCommand, Appended, Claim, Conflict, Duplicate, Passes
from ledger.memory import MemoryStore
from ledger.samples import command, head_after, part
from ledger.store import StoreUnavailable
from ledger.writer import COMPANY, QueueFull, Writer

tenant = uuid4()
reference = Claim("reference", "WM-1")


class Slow(MemoryStore):
    """A memory store that commits when it is let, and remembers its batches."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()
        self.open.set()
        self.batches: list[int] = []
        self.fault: Exception | None = None
        self.poison: object = None

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append when the store is open."""
        self.batches.append(len(batch))
        await self.open.wait()
        if self.fault is not None:
            raise self.fault
        if any(each.command_id == self.poison for each in batch):
            raise ValueError("one of them is poisoned")
        return await super().append(batch)


async def settled(*waiting: "asyncio.Task[Answer]") -> None:
    """Let the tasks run as far as they come."""
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(each.done() for each in waiting)


async def begin(
    writer: Writer, store: Slow, *commands: AppendCommand
) -> "list[asyncio.Task[Answer]]":
    """Hold the store in mid-commit of a first command, then send others."""
    store.open.clear()
    first = asyncio.create_task(writer.append(command(tenant, part(uuid4()))))
    await settled(first)
    others = [asyncio.create_task(writer.append(each)) for each in commands]
    await settled(*others)
    return [first, *others]


async def test_what_turns_custody_goes_alone_and_in_its_turn() -> None:
    store = Slow()
    writer, case = Writer(store), uuid4()
    before, after = command(tenant, part(uuid4())), command(tenant, part(uuid4()))
    passing = command(tenant, part(uuid4(), case_id=case), turn=Passes(case))
    sent = await begin(writer, store, before, passing, after)
    store.open.set()
    assert all(isinstance(each, Appended) for each in await asyncio.gather(*sent))
    assert store.batches in ([1, 2, 1], [1, 1, 1, 1])


async def test_a_lone_command_goes_at_once() -> None:
    store = Slow()
    stream = uuid4()
    answer = await Writer(store).append(command(tenant, part(stream)))
    assert isinstance(answer, Appended)
    assert store.batches == [1]


async def test_what_comes_during_a_commit_goes_together_in_the_next() -> None:
    store = Slow()
    commands = [command(tenant, part(uuid4())) for _ in range(10)]
    tasks = await begin(Writer(store), store, *commands)
    store.open.set()
    answers = await asyncio.gather(*tasks)
    assert all(isinstance(each, Appended) for each in answers)
    assert store.batches == [1, 10]


async def test_a_batch_has_a_limit() -> None:
    store = Slow()
    commands = [command(tenant, part(uuid4())) for _ in range(10)]
    tasks = await begin(Writer(store, batch=4), store, *commands)
    store.open.set()
    await asyncio.gather(*tasks)
    assert store.batches == [1, 4, 4, 2]


async def test_many_go_in_two_batches_side_by_side() -> None:
    store = Slow()
    commands = [command(tenant, part(uuid4())) for _ in range(2 * COMPANY)]
    tasks = await begin(Writer(store), store, *commands)
    assert store.batches == [1, COMPANY], "half of them do not wait for the first commit"
    store.open.set()
    assert all(isinstance(each, Appended) for each in await asyncio.gather(*tasks))
    assert store.batches == [1, COMPANY, COMPANY]


async def test_what_shares_something_is_never_in_flight_side_by_side() -> None:
    store = Slow()
    stream = uuid4()
    one = part(stream)
    crowd = [command(tenant, part(uuid4())) for _ in range(2 * COMPANY)]
    writer = Writer(store)
    store.open.clear()
    first = asyncio.create_task(writer.append(command(tenant, one)))
    await settled(first)
    second = asyncio.create_task(writer.append(command(tenant, part(stream, head_after(one)))))
    others = [asyncio.create_task(writer.append(each)) for each in crowd]
    await settled(second, *others)
    assert store.batches == [1, COMPANY + 1], "one waits, half of the others go"
    store.open.set()
    answers = await asyncio.gather(first, second, *others)
    assert all(isinstance(each, Appended) for each in answers)


async def test_a_command_that_comes_as_the_last_batch_ends_is_not_left_waiting() -> None:
    writer = Writer(Slow())

    async def one_after_another() -> None:
        for _ in range(20):
            await writer.append(command(tenant, part(uuid4())))
            await asyncio.sleep(0)

    async with asyncio.timeout(5):
        await asyncio.gather(*(one_after_another() for _ in range(3)))


async def test_commands_that_share_something_go_one_after_the_other_in_their_order() -> None:
    store = Slow()
    stream = uuid4()
    one = part(stream)
    two = part(stream, head_after(one))
    sent = command(tenant, part(uuid4(), take=[reference]))
    commands = [
        command(tenant, one),
        command(tenant, two),
        sent,
        sent,
        command(tenant, part(uuid4(), take=[reference])),
        command(tenant, part(stream, head_after(two)), part(uuid4())),
    ]
    tasks = await begin(Writer(store), store, *commands)
    store.open.set()
    _, *answers = await asyncio.gather(*tasks)
    kinds = [type(each).__name__ for each in answers]
    assert kinds == ["Appended", "Appended", "Appended", "Duplicate", "Taken", "Appended"]
    assert store.batches == [1, 3, 2, 1]


async def test_what_was_decided_one_on_the_other_goes_together_as_a_chain() -> None:
    store = Slow()
    stream = uuid4()
    one = part(stream)
    two = part(stream, head_after(one))
    three = part(stream, head_after(two))
    tasks = await begin(
        Writer(store), store, *(command(tenant, each) for each in (one, two, three))
    )
    store.open.set()
    _, *answers = await asyncio.gather(*tasks)
    assert answers == [
        Appended({stream: version}, position) for version, position in ((1, 2), (2, 3), (3, 4))
    ]
    assert store.batches == [1, 3]


async def test_a_link_on_another_version_breaks_nobody_elses_chain() -> None:
    store = Slow()
    stream = uuid4()
    one = part(stream)
    rival = part(stream)
    two = part(stream, head_after(one))
    tasks = await begin(
        Writer(store), store, *(command(tenant, each) for each in (one, rival, two))
    )
    store.open.set()
    _, first, second, third = await asyncio.gather(*tasks)
    assert isinstance(first, Appended)
    assert second == Conflict(stream, 1)
    assert isinstance(third, Appended)


async def test_a_full_queue_refuses_and_forgets_nobody() -> None:
    store = Slow()
    commands = [command(tenant, part(uuid4())) for _ in range(3)]
    writer = Writer(store, queue=3)
    tasks = await begin(writer, store, *commands)
    with pytest.raises(QueueFull):
        await writer.append(command(tenant, part(uuid4())))
    store.open.set()
    assert all(isinstance(each, Appended) for each in await asyncio.gather(*tasks))


async def test_a_poisoned_command_fails_alone() -> None:
    store = Slow()
    commands = [command(tenant, part(uuid4())) for _ in range(3)]
    store.poison = commands[1].command_id
    tasks = await begin(Writer(store), store, *commands)
    store.open.set()
    _, *answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each).__name__ for each in answers] == ["Appended", "ValueError", "Appended"]


async def test_everybody_is_told_when_the_store_is_away_and_the_next_one_may_try() -> None:
    store = Slow()
    writer = Writer(store)
    tasks = await begin(writer, store, command(tenant, part(uuid4())))
    store.fault = StoreUnavailable("away")
    store.open.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each).__name__ for each in answers] == ["StoreUnavailable"] * 2
    assert store.batches == [1, 1], "in doubt is never sent again by itself"
    store.fault = None
    assert isinstance(await writer.append(command(tenant, part(uuid4()))), Appended)


@pytest.mark.parametrize("in_flight", [True, False])
async def test_a_cancelled_caller_does_not_lose_its_append(in_flight: bool) -> None:  # noqa: FBT001 # the two cases of one sentence
    store = Slow()
    writer = Writer(store)
    stream = uuid4()
    sent = command(tenant, part(stream))
    store.open.clear()
    before = [] if in_flight else await begin(writer, store)
    caller = asyncio.create_task(writer.append(sent))
    await settled(caller)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    store.open.set()
    await asyncio.gather(*before)
    await writer.close()
    assert len(await store.read(tenant, stream)) == 1
    assert isinstance((await store.append([sent]))[0], Duplicate)


async def test_closing_waits_for_what_is_in_flight_and_refuses_what_comes() -> None:
    store = Slow()
    writer = Writer(store)
    tasks = await begin(writer, store, command(tenant, part(uuid4())))
    closing = asyncio.create_task(writer.close())
    await asyncio.sleep(0)
    with pytest.raises(QueueFull):
        await writer.append(command(tenant, part(uuid4())))
    store.open.set()
    await closing
    assert all(each.done() for each in tasks)


async def test_a_conflict_is_the_answer_of_its_own_command_only() -> None:
    store = Slow()
    stream = uuid4()
    await store.append([command(tenant, part(stream))])
    commands = [command(tenant, part(stream)), command(tenant, part(uuid4()))]
    tasks = await begin(Writer(store), store, *commands)
    store.open.set()
    _, stale, fine = await asyncio.gather(*tasks)
    assert stale == Conflict(stream, 1)
    assert isinstance(fine, Appended)
