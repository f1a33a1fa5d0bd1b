"""Whoever gives a command gets one outcome: its facts once, sealed and chained, or nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from chassis.acting import Done
from chassis.commands.shell import ATTEMPTS, CustodyPassed
from chassis.edge.malformed import Malformed
from chassis.failures import Conflicted, NotFound, Unavailable
from evidence.leaf import LeafInput, make_leaf
from ledger.commands import NO_LEAF, Answer, AppendCommand, StoredEvent
from ledger.decider import Refusal
from ledger.envelope import Occurred
from ledger.memory import MemoryStore
from ledger.registry import decode_envelope
from ledger.store import StoreUnavailable
from packages.chassis.tests.counters import (
    COUNTER,
    Close,
    Count,
    CountEach,
    CounterOpened,
    CountWhileOpen,
    Open,
    Overdrawn,
    Running,
)
from packages.chassis.tests.in_memory import InMemory, act

NOW = datetime(2025, 6, 2, 10, tzinfo=UTC)


class Meddled(MemoryStore):
    """A store in which others are quicker: the next of them acts before each append."""

    def __init__(self) -> None:
        super().__init__()
        self.quicker: list[Callable[[], Awaitable[object]]] = []
        self.appends = 0

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Let the next of the others go first."""
        self.appends += 1
        if self.quicker:
            first, *others = self.quicker
            self.quicker = []
            await first()
            self.quicker = others
        return await super().append(batch)


def besides(one: InMemory, command: object) -> Callable[[], Awaitable[object]]:
    """Give a command that another process carries out on the same store."""
    other = InMemory(tenant=one.tenant, store=one.memory)
    return lambda: other.do(command)


async def total(one: InMemory, counter: UUID) -> int:
    """Return what a counter stands at."""
    state = await one.shell.state(one.tenant, COUNTER, counter)
    assert isinstance(state, Running)
    return state.total


async def test_the_same_command_again_is_answered_as_the_first_time() -> None:
    one = InMemory()
    counter, command_id = await one.opened(), uuid4()
    first = await one.do(Count(counter, 2), command_id=command_id)
    again = await one.do(Count(counter, 2), command_id=command_id)
    assert again == Done({counter: 2}, first.position, "1", duplicate=True)
    assert first.versions == {counter: 2}
    assert first.events[0][0] == counter
    assert await total(one, counter) == 2


async def test_a_command_that_decided_nothing_is_answered_the_same_too() -> None:
    one = InMemory()
    counter, command_id = await one.opened(counted=3), uuid4()
    first = await one.do(Count(counter, 0), command_id=command_id)
    await one.do(Count(counter, 5))
    again = await one.do(Count(counter, 0), command_id=command_id)
    assert (first.versions, first.position, first.outcome) == ({counter: 2}, 2, "0")
    assert (again.versions, again.position, again.outcome) == ({counter: 2}, 2, "0")
    assert one.shell.receipt(again).version == one.shell.receipt(first).version == 2
    assert again.duplicate


async def test_of_a_command_sent_twice_at_once_one_is_a_repeat() -> None:
    one = InMemory()
    counter, command_id = await one.opened(), uuid4()
    both = await asyncio.gather(
        *(one.do(Count(counter, 1), command_id=command_id, expected_version=1) for _ in range(2))
    )
    assert sorted(each.duplicate for each in both) == [False, True]
    assert await total(one, counter) == 1


async def test_a_lost_race_is_decided_anew_on_what_the_winner_left() -> None:
    one = InMemory(store=(store := Meddled()))
    counter = await one.opened(counted=2)
    store.quicker = [besides(one, Count(counter, 1)), besides(one, Count(counter, -1))]
    done = await one.do(Count(counter, -2))
    assert done.versions == {counter: 5}
    await one.do(Count(counter, 4))
    store.quicker = [besides(one, Count(counter, -3))]
    with pytest.raises(Overdrawn):
        await one.do(Count(counter, -2))
    assert await total(one, counter) == 1


async def test_a_command_that_lost_a_race_keeps_its_id() -> None:
    one = InMemory(store=(store := Meddled()))
    counter, command_id = await one.opened(), uuid4()
    store.quicker = [besides(one, Count(counter, 1))]
    first = await one.do(Count(counter, 2), command_id=command_id)
    again = await one.do(Count(counter, 2), command_id=command_id)
    assert (again.versions, again.duplicate) == (first.versions, True)
    assert await total(one, counter) == 3


async def test_a_race_that_is_always_lost_is_given_up_after_a_bounded_number_of_tries() -> None:
    one = InMemory(store=(store := Meddled()))
    counter = await one.opened()
    store.appends, store.quicker = 0, [besides(one, Count(counter, 1)) for _ in range(100)]
    with pytest.raises(Conflicted):
        await one.do(Count(counter, 1))
    assert store.appends == 2 * ATTEMPTS
    assert await total(one, counter) == ATTEMPTS


async def test_another_version_than_the_expected_one_aborts_at_once() -> None:
    one = InMemory(store=(store := Meddled()))
    counter = await one.opened(counted=1)
    with pytest.raises(Conflicted, match="version 2"):
        await one.do(Count(counter, 1), expected_version=1)
    store.appends, store.quicker = 0, [besides(one, Count(counter, 1))]
    with pytest.raises(Conflicted, match="version 3"):
        await one.do(Count(counter, 1), expected_version=2)
    assert store.appends == 2
    await one.do(Count(counter, 1), expected_version=3)


async def test_an_authority_out_of_scope_is_not_found() -> None:
    one = InMemory()
    command = Open(uuid4(), uuid4(), "Alice Hartley", "a")
    with pytest.raises(NotFound):
        await one.do(command, scope=frozenset([uuid4()]))
    assert await one.events() == ()


async def test_what_occurs_later_than_in_five_minutes_is_malformed() -> None:
    one = InMemory(now=lambda: NOW)
    counter = await one.opened()
    soon, later = timedelta(minutes=5), timedelta(minutes=5, microseconds=1)
    await one.do(Count(counter, 1), occurred=Occurred(NOW + soon))
    with pytest.raises(Malformed) as refused:
        await one.do(Count(counter, 1), occurred=Occurred(NOW + later))
    [violation] = refused.value.violations
    assert (violation.field, violation.code) == ("context.occurred", "in-the-future")
    assert await total(one, counter) == 1


async def test_nothing_is_recorded_before_what_was_recorded_last() -> None:
    clock = [NOW + timedelta(seconds=3)]
    one = InMemory(now=lambda: clock[0])
    counter = await one.opened()
    clock[0] = NOW
    await one.do(Count(counter, 1))
    first, second = await one.stream(counter)
    assert second.recorded_at == first.recorded_at == NOW + timedelta(seconds=3)
    assert second.occurred_at == NOW


async def test_the_steps_of_a_command_are_stored_all_or_none() -> None:
    one = InMemory()
    source, target = await one.opened(counted=2), await one.opened()
    done = await one.do(CountEach((Count(source, -2), Count(target, 2))))
    assert done.versions == {source: 3, target: 2}
    before = await one.events()
    with pytest.raises(Overdrawn):
        await one.do(CountEach((Count(target, 2), Count(source, -1))))
    assert await one.events() == before


async def test_steps_on_one_stream_are_decided_each_on_the_outcome_of_the_one_before() -> None:
    one = InMemory()
    counter = await one.opened()
    done = await one.do(CountEach((Count(counter, 3), Count(counter, -2), Count(counter, -1))))
    assert done.versions == {counter: 4}
    assert await total(one, counter) == 0
    with pytest.raises(Overdrawn):
        await one.do(CountEach((Count(counter, -1), Count(counter, 1))))


async def test_a_refusal_stores_nothing_and_the_command_may_come_again() -> None:
    one = InMemory()
    counter, command_id = await one.opened(), uuid4()
    before = await one.events()
    with pytest.raises(Overdrawn):
        await one.do(Count(counter, -1), command_id=command_id)
    assert await one.events() == before
    await one.do(Count(counter, 1))
    done = await one.do(Count(counter, -1), command_id=command_id)
    assert not done.duplicate


async def test_a_claim_taken_meanwhile_is_looked_up_again() -> None:
    one = InMemory(store=(store := Meddled()))
    mine, theirs = uuid4(), uuid4()
    store.quicker = [besides(one, Open(theirs, uuid4(), "Bea Hartley", "the label"))]
    done = await one.do(Open(mine, uuid4(), "Alice Hartley", "the label"))
    assert done.versions == {theirs: 2}
    assert await one.stream(mine) == []
    assert await total(one, theirs) == 1


async def test_a_stream_that_was_only_read_is_checked_at_the_append() -> None:
    one = InMemory(store=(store := Meddled()))
    counter, witness = await one.opened(), await one.opened()
    store.quicker = [besides(one, Close(witness))]
    with pytest.raises(Refusal):
        await one.do(CountWhileOpen(Count(counter, 1), witness))
    assert await total(one, counter) == 0
    other = await one.opened()
    await one.do(CountWhileOpen(Count(counter, 1), other))
    assert await total(one, counter) == 1


async def test_a_stream_that_has_passed_to_another_authority_is_read_only() -> None:
    one = InMemory()
    counter = await one.opened()
    one.memory.pass_custody(one.tenant, counter)
    with pytest.raises(CustodyPassed):
        await one.do(Count(counter, 1))


async def test_a_caller_who_goes_away_does_not_take_back_what_the_writer_has() -> None:
    handed, go_on = asyncio.Event(), asyncio.Event()

    class Slow(MemoryStore):
        async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
            handed.set()
            await go_on.wait()
            return await super().append(batch)

    one = InMemory(store=(store := Slow()))
    calling = asyncio.create_task(one.do(Open(uuid4(), uuid4(), "Alice Hartley", "a")))
    await handed.wait()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    go_on.set()
    await one.shell.writer.close()
    assert await store.last_position() == 1


@pytest.mark.parametrize("when", ["look", "append"])
async def test_a_store_that_is_away_leaves_the_outcome_in_doubt(when: str) -> None:
    one = InMemory()

    async def away(*_arguments: object, **_more: object) -> None:
        raise StoreUnavailable("TimeoutError")

    setattr(one.memory, when, away)
    with pytest.raises(Unavailable):
        await one.do(Open(uuid4(), uuid4(), "Alice Hartley", "a"))


async def test_personal_values_never_stand_in_the_store_in_plain() -> None:
    one = InMemory()
    await one.do(Open(uuid4(), uuid4(), "Alice Canary Hartley", "label"))
    [stored] = await one.events()
    columns = (stored.payload, stored.sealed, stored.metadata, stored.blinding)
    assert b"Canary" not in b"".join(columns)
    assert stored.sealed != b""
    event = one.shell.registry.decode(stored).event
    assert isinstance(event, CounterOpened)
    assert "Canary" not in repr(event)


async def test_leaves_follow_from_each_other_and_from_all_that_is_stored() -> None:
    one = InMemory()
    counter = await one.opened(counted=1)
    await one.do(CountEach((Count(counter, 1), Count(counter, 2))))
    previous = NO_LEAF
    for stored in await one.stream(counter):
        previous = make_leaf(leaf_of(stored), previous)
        assert stored.leaf_hash == previous
    assert len({each.blinding for each in await one.events()}) == 4


def leaf_of(stored: StoredEvent) -> LeafInput:
    """Return what the leaf of a stored event is made of."""
    return LeafInput(**{name: getattr(stored, name) for name in LeafInput.__dataclass_fields__})


async def test_the_envelope_says_who_when_why_and_about_whom() -> None:
    one = InMemory(now=lambda: NOW)
    counter, person, case, cause, about = (uuid4() for _ in range(5))
    occurred = Occurred(NOW - timedelta(days=3), "day")
    given = act(
        one.tenant,
        Open(counter, person, "Alice Hartley", "label", case),
        occurred=occurred,
        correlation_id=about,
        causation_id=cause,
    )
    await one.shell.execute(given)
    await one.do(Count(counter, 1))
    opened, counted = (decode_envelope(each) for each in await one.stream(counter))
    assert (opened.occurred, opened.recorded_at, opened.actor) == (occurred, NOW, given.actor)
    assert (opened.correlation_id, opened.causation_id, opened.case_id) == (about, cause, case)
    assert (opened.subjects, opened.command_id) == ((person,), given.command_id)
    assert counted.case_id == case
    assert counted.correlation_id == counted.command_id
    assert (counted.category, counted.version) == ("Counter", 2)
