"""Acting on the own log: repeated where it was cut short, waited where something is away."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.failures import Unavailable
from chassis.followers import heeding
from chassis.followers.heeding import Heed, Heeded
from chassis.roles import Role
from chassis.runtime import Runtime
from ledger.checkpoints import HistoryChanged
from ledger.commands import StoredEvent
from ledger.envelope import Actor, Recorded
from packages.chassis.tests.conftest import Parts, until
from packages.chassis.tests.counters import Close, Count, Counted, CounterClosed

AT = "select position from es.checkpoints where name = $1"
ELSEWHERE = "update es.checkpoints set position = 1, event_id = $2 where name = $1"


class Interrupted(Exception):  # noqa: N818 # named for what happens
    """Something goes wrong in the middle."""


def heeded() -> Heeded:
    return Heeded(f"heeds {uuid4()}", frozenset({Counted.__name__}), page=2)


async def follow(runtime: Runtime, of: Heeded, act: Heed) -> None:
    async with asyncio.timeout(20), runtime.leadership(of.name) as lease:
        await of.follow(runtime, lease, act)


async def test_a_page_that_was_cut_short_is_acted_on_again_before_its_checkpoint_moves(
    parts: Parts,
) -> None:
    of, seen = heeded(), list[UUID]()
    counter = await parts.opened(counted=1)

    async def act(events: Sequence[StoredEvent]) -> None:
        own = [each.event_id for each in events if each.stream_id == counter]
        assert {each.type for each in events} <= of.types
        seen.extend(own)
        if own and len(seen) == 1:
            raise Interrupted
        if own:
            parts.runtime.stopping.set()

    with pytest.raises(Interrupted):
        await follow(parts.runtime, of, act)
    [first] = seen
    position = await parts.one("select position from es.events where event_id = $1", first)
    assert (await parts.one(AT, of.name) or 0) < position
    await follow(parts.runtime, of, act)
    assert seen == [first, first]
    assert await parts.one(AT, of.name) >= position


async def test_what_passes_is_waited_for_and_nothing_is_passed_over(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heeding, "REST_S", 0.01)
    of, tries, seen = heeded(), 0, list[UUID]()
    counter = await parts.opened(counted=1)

    async def act(events: Sequence[StoredEvent]) -> None:
        nonlocal tries
        own = [each.event_id for each in events if each.stream_id == counter]
        if own and (tries := tries + 1) < 3:
            raise Unavailable("for the moment")
        seen.extend(own)
        if own:
            parts.runtime.stopping.set()

    await follow(parts.runtime, of, act)
    assert (tries, len(seen)) == (3, 1)


async def test_however_much_is_appended_a_page_is_taken_at_a_time_unless_it_was_full(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heeding, "AT_LEAST_S", 2.0)
    name, counters, pages = f"heeds {uuid4()}", set[UUID](), list[int]()
    of = Heeded(name, frozenset({Counted.__name__}), page=1_000)

    async def act(events: Sequence[StoredEvent]) -> None:
        own = {each.stream_id for each in events} & counters
        pages.extend([len(own)] if own else [])
        if sum(pages) == 5:
            parts.runtime.stopping.set()

    following = asyncio.create_task(follow(parts.runtime, of, act))
    for _ in range(5):
        counters.add(await parts.opened(counted=1))
    await following
    assert len(pages) <= 2, pages

    monkeypatch.setattr(heeding, "AT_LEAST_S", 60.0)
    parts.runtime.stopping.clear()
    pages.clear()
    await follow(parts.runtime, Heeded(f"heeds {uuid4()}", of.types, page=1), act)
    assert pages == [1] * 5


async def test_a_consequence_comes_once_as_the_service_and_what_refuses_it_is_the_later_word(
    parts: Parts,
) -> None:
    of, counter = heeded(), await parts.opened(counted=1)
    runtime = parts.runtime

    async def history() -> list[Recorded[Any]]:
        stored = await runtime.shell.store.read(parts.tenant, counter)
        return [runtime.service.registry.decode(each) for each in stored]

    *_, fact = await history()
    for _ in range(2):
        await of.carry_out(runtime, fact.envelope, Count(counter, 7), counter)
    *before, cause, done = await history()
    assert (len(before), cause, done.event) == (1, fact, Counted(7))
    told = done.envelope
    assert (told.causation_id, told.correlation_id) == (
        cause.envelope.event_id,
        cause.envelope.correlation_id,
    )
    assert told.actor == Actor(f"service:{runtime.service.name}", Role.SERVICE.value)
    await parts.do(Close(counter))
    await of.carry_out(runtime, told, Count(counter, 8), counter)
    assert (await history())[-1].event == CounterClosed()


async def test_whoever_has_not_acted_yet_is_behind(parts: Parts) -> None:
    of = heeded()

    async def behind() -> int:
        async with parts.runtime.worker_pool.acquire() as connection:
            return await of.behind(connection)

    async def caught_up() -> bool:
        return await behind() == 0

    async def act(_events: Sequence[StoredEvent]) -> None:
        return

    await parts.opened(counted=1)
    before = await behind()
    assert before > 0
    await parts.opened(counted=1)
    assert await behind() == before + 1
    following = asyncio.create_task(follow(parts.runtime, of, act))
    await until(caught_up, "all is acted on")
    parts.runtime.stopping.set()
    await following


async def test_a_history_that_changed_is_noticed_by_whoever_begins(
    parts: Parts,
) -> None:
    of = heeded()
    await parts.opened(counted=1)

    async def act(_events: Sequence[StoredEvent]) -> None:
        parts.runtime.stopping.set()

    await follow(parts.runtime, of, act)
    await parts.fetch(ELSEWHERE, of.name, uuid4())
    with pytest.raises(HistoryChanged):
        await follow(parts.runtime, of, act)
