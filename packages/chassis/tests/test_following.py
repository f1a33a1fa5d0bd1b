"""One leads; who loses the lock stops; a part that fails is begun again, unless history changed."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from chassis.followers.following import LeadershipLost, NotLed, follow, leading, pause
from chassis.running import keeping
from chassis.running.keeping import all_kept_up, kept_up
from chassis.runtime import Runtime
from chassis.testing import logging_to
from ledger.checkpoints import HistoryChanged, Superseded, take_over
from ledger.commands import StoredEvent
from ledger.connect import Connection
from ledger.leadership import _lock_of
from packages.chassis.tests.conftest import Parts, until

HOLDER = """
select pid from pg_locks
 where locktype = 'advisory' and granted and objsubid = 1
   and (classid::bigint << 32) | objid::bigint = $1
"""
BEGUN = "select epoch from es.checkpoints where name = $1"


class Interrupted(Exception):  # noqa: N818 # named for what happens
    """Something goes wrong in the middle."""


async def holder(parts: Parts, name: str) -> int | None:
    """Return the server process that holds the lock of a leadership."""
    pid: int | None = await parts.one(HOLDER, _lock_of(name, 0))
    return pid


async def test_only_one_leads_and_the_next_one_takes_over(parts: Parts) -> None:
    name, ends = str(uuid4()), [asyncio.Event(), asyncio.Event()]
    led: list[int] = []

    async def lead(number: int) -> None:
        async with parts.runtime.leadership(name):
            led.append(number)
            await ends[number].wait()

    first = asyncio.create_task(lead(0))
    await until(lambda: _so(led == [0]), "the first one leads")
    second = asyncio.create_task(lead(1))
    waiting = "select count(*) from pg_stat_activity where query like '%pg_try_advisory_lock%'"
    await until(lambda: _some(parts, waiting), "the second one tries")
    assert led == [0]
    ends[0].set()
    ends[1].set()
    async with asyncio.timeout(10):
        await asyncio.gather(first, second)
    assert led == [0, 1]


async def _so(true: bool) -> bool:  # noqa: FBT001 # the condition itself
    return true


async def _some(parts: Parts, statement: str) -> bool:
    return bool(await parts.one(statement))


async def test_whoever_waits_to_lead_ends_as_soon_as_the_process_does(parts: Parts) -> None:
    name = str(uuid4())
    async with parts.runtime.leadership(name):
        other = replace(parts.runtime, stopping=asyncio.Event())

        async def wait_for_it() -> None:
            async with other.leadership(name):
                pytest.fail("it leads beside another")

        waiting = asyncio.create_task(wait_for_it())
        await asyncio.sleep(0.05)
        other.stopping.set()
        with pytest.raises(NotLed):
            async with asyncio.timeout(1):
                await waiting


async def test_a_leader_whose_connection_is_lost_is_stopped_at_once(parts: Parts) -> None:
    name = str(uuid4())

    async def lead() -> None:
        async with parts.runtime.leadership(name):
            await asyncio.sleep(60)

    leading_task = asyncio.create_task(lead())
    await until(lambda: _holds(parts, name), "it leads")
    await parts.fetch("select pg_terminate_backend($1)", await holder(parts, name))
    with pytest.raises(LeadershipLost):
        async with asyncio.timeout(2):
            await leading_task


async def _holds(parts: Parts, name: str) -> bool:
    return await holder(parts, name) is not None


async def test_a_leader_that_is_cancelled_is_cancelled_even_if_it_loses_the_lock_too(
    parts: Parts,
) -> None:
    name = str(uuid4())

    async def lead() -> None:
        async with parts.runtime.leadership(name):
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                # The lock is lost; just now the process is cut off, too.
                task.cancel()
                raise

    task = asyncio.create_task(lead())
    await until(lambda: _holds(parts, name), "it leads")
    await parts.fetch("select pg_terminate_backend($1)", await holder(parts, name))
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_time_out_of_the_body_is_its_own(parts: Parts) -> None:
    with pytest.raises(TimeoutError, match="mine"):
        async with parts.runtime.leadership(str(uuid4())):
            raise TimeoutError("mine")


async def test_a_leadership_ends_with_its_body(parts: Parts) -> None:
    name = str(uuid4())
    dsn = parts.runtime.settings.database_worker
    for _ in range(2):
        async with leading(dsn, name, asyncio.Event()):
            assert await holder(parts, name)
    assert await parts.one(BEGUN, name) == 2


async def test_a_pause_ends_with_the_process() -> None:
    stopping = asyncio.Event()
    assert await pause(stopping, 0.001)
    stopping.set()
    async with asyncio.timeout(1):
        assert not await pause(stopping, 60)


def failing(times: list[float], error: Exception) -> Callable[[Runtime], Awaitable[None]]:
    """Make a part that fails each time it is begun."""

    async def part(_runtime: Runtime) -> None:
        times.append(asyncio.get_running_loop().time())
        raise error

    return part


async def test_a_part_that_fails_is_begun_again_after_pauses_that_grow(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(keeping, "LONGEST_PAUSE_S", 0.08)
    times: list[float] = []
    with logging_to(tmp_path / "log"):
        part = failing(times, ValueError("Alice Hartley"))
        task = asyncio.create_task(kept_up(parts.runtime, "react", part))  # type: ignore[arg-type] # a coroutine
        await until(lambda: _so(len(times) == 6), "it is begun six times")
        parts.runtime.stopping.set()
        async with asyncio.timeout(1):
            await task
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert all(each >= least for each, least in zip(pauses, (0.01, 0.02, 0.04, 0.08), strict=False))
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert {(each["event"], each["role"], each["error"]) for each in lines} == {
        ("part failed", "react", "ValueError")
    }
    assert "Alice" not in str(lines)


async def test_a_part_whose_history_changed_stands_still_and_says_so(
    parts: Parts, tmp_path: Path
) -> None:
    times: list[float] = []
    part = failing(times, HistoryChanged("relay"))
    with logging_to(tmp_path / "log"):
        task = asyncio.create_task(kept_up(parts.runtime, "relay", part))  # type: ignore[arg-type] # a coroutine
        await asyncio.sleep(0.3)
        assert len(times) == 1
        parts.runtime.stopping.set()
        async with asyncio.timeout(1):
            await task
    [line] = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert (line["level"], line["event"]) == ("critical", "history changed, a person decides")


async def test_a_part_that_fails_does_not_end_those_beside_it(parts: Parts) -> None:
    times: list[float] = []
    going = asyncio.Event()

    async def steady(runtime: Runtime) -> None:
        going.set()
        await runtime.stopping.wait()

    both = [failing(times, ValueError()), steady]
    task = asyncio.create_task(all_kept_up(parts.runtime, "react", both))  # type: ignore[arg-type] # coroutines
    await until(lambda: _so(len(times) > 1), "the one fails again")
    assert going.is_set()
    parts.runtime.stopping.set()
    async with asyncio.timeout(1):
        await task


async def test_what_is_applied_is_committed_with_the_checkpoint_or_not_at_all(
    parts: Parts,
) -> None:
    name, seen = f"follower {uuid4()}", list[int]()
    counter = await parts.opened(counted=1)
    remember = "insert into read.notes (tenant, stream_id, times) values ($1, $2, 1)"

    async def apply(connection: Connection, events: Sequence[StoredEvent]) -> None:
        own = [each for each in events if each.stream_id == counter]
        if not own:
            return
        await connection.execute(remember, parts.tenant, counter)
        seen.append(own[-1].position)
        if len(seen) == 1:
            raise Interrupted
        parts.runtime.stopping.set()

    async with asyncio.timeout(20):
        with pytest.raises(Interrupted):
            await follow(parts.runtime, parts.runtime.follower_pool, name, apply)
        before = await parts.one("select position from es.checkpoints where name = $1", name)
        assert before < seen[0]
        assert await parts.one("select count(*) from read.notes where stream_id = $1", counter) == 0
        await follow(parts.runtime, parts.runtime.follower_pool, name, apply)
    assert seen[1] == seen[0]
    assert await parts.one("select times from read.notes where stream_id = $1", counter) == 1
    reached = await parts.one("select position from es.checkpoints where name = $1", name)
    assert reached >= seen[0]


async def test_a_leader_that_was_superseded_writes_nothing_more(parts: Parts) -> None:
    name, applied = f"follower {uuid4()}", list[UUID]()

    async def apply(_connection: Connection, events: Sequence[StoredEvent]) -> None:
        applied.extend(each.tenant for each in events)

    stale = asyncio.create_task(follow(parts.runtime, parts.runtime.worker_pool, name, apply))
    await until(lambda: _began(parts, name), "it follows")
    async with parts.runtime.worker_pool.acquire(timeout=5) as other:
        await take_over(other, name, 0, "another")
    await parts.opened()
    with pytest.raises(Superseded):
        async with asyncio.timeout(20):
            await stale
    assert parts.tenant not in applied


async def _began(parts: Parts, name: str) -> bool:
    seen = await parts.one("select seen_to from es.checkpoints where name = $1", name)
    return seen is not None and seen >= await parts.runtime.feed.last_position()


async def test_a_follower_whose_event_is_another_one_now_does_not_go_on(parts: Parts) -> None:
    name = f"follower {uuid4()}"
    await parts.opened()
    await parts.fetch(
        "insert into es.checkpoints (name, position, event_id, seen_to) values ($1, 1, $2, 1)"
        " returning 1",
        name,
        uuid4(),
    )

    async def apply(_connection: Connection, _events: Sequence[StoredEvent]) -> None:
        pytest.fail("it went on")

    with pytest.raises(HistoryChanged):
        await follow(parts.runtime, parts.runtime.worker_pool, name, apply)
