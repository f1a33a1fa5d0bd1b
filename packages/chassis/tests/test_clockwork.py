"""What falls due is done once, as of the instant it was due; what cannot be holds up no other."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis import crash
from chassis.acting import Do
from chassis.followers import clockwork
from chassis.followers.clockwork import fire_deadlines
from ledger import deadlines
from ledger.commands import StoredEvent
from ledger.envelope import Occurred
from packages.chassis.tests.conftest import Parts
from packages.chassis.tests.counters import Count

LATE = Occurred(datetime.now(UTC) - timedelta(hours=3))
DUE = LATE.at + timedelta(hours=1)
DEADLINE = "select * from es.deadlines where tenant = $1 and stream_id = $2"
FIRED = "select count(fired_at)::int from es.deadlines where tenant = $1 and stream_id = $2"
SET = "select count(*)::int from es.deadlines where tenant = $1 and stream_id = $2 and due_at = $3"


async def overdue(parts: Parts, occurred: Occurred = LATE) -> UUID:
    """Open a counter so long ago that it is to be closed, and wait until that is noted."""
    counter = await parts.opened(occurred=occurred)
    async with parts.in_role("project") as running:
        due_at = occurred.at + timedelta(hours=1)
        await running.until(1, SET, parts.tenant, counter, due_at)
    return counter


def falling_due(parts: Parts, fall_due: Callable[[str, UUID, datetime], Do]) -> Parts:
    """Let something else be done when a deadline falls due."""
    service = replace(parts.runtime.service, fall_due=fall_due)
    return replace(parts, runtime=replace(parts.runtime, service=service))


class Died(BaseException):
    """The process is killed."""


async def die_before_it_is_noted(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fire a deadline, and die before it is noted that it has fired."""

    def die(name: str) -> None:
        if name == "clock.before-fired":
            raise Died

    async with parts.in_role("project"):
        monkeypatch.setattr(crash, "point", die)
        with pytest.raises(Died):
            await fire_deadlines(parts.runtime)
    monkeypatch.undo()


async def stored(parts: Parts, counter: UUID) -> list[StoredEvent]:
    """Return what is recorded of a counter."""
    return await parts.runtime.shell.store.read(parts.tenant, counter)


async def test_what_falls_due_is_done_as_of_the_instant_it_was_due(parts: Parts) -> None:
    counter = await overdue(parts)
    async with parts.in_role("project", "clock") as running:
        await running.until(1, FIRED, parts.tenant, counter)
    opened, closed = await stored(parts, counter)
    found = parts.runtime.service.registry.decode(closed)
    assert (closed.type, found.envelope.occurred) == ("CounterClosed", Occurred(DUE))
    assert found.envelope.causation_id == opened.event_id
    assert found.envelope.actor.id == "service:counters"


async def test_it_is_done_once_even_if_the_process_dies_before_it_is_noted(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = await overdue(parts)
    await die_before_it_is_noted(parts, monkeypatch)
    assert await parts.one(FIRED, parts.tenant, counter) == 0
    opened = "select count(*)::int from es.deadlines where stream_id = $1 and fired_at is null"
    async with parts.in_role("project", "clock") as running:
        await running.until(0, f"{opened} and met_at is null", counter)
    types = [each.type for each in await stored(parts, counter)]
    assert types == ["CounterOpened", "CounterClosed"]


async def test_after_a_crash_it_is_the_same_command_though_no_fact_has_met_the_deadline(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, other = await overdue(parts), await parts.opened()

    def count_in_another(_kind: str, stream_id: UUID, _due_at: datetime) -> Do:
        return Do(Count(other, int(stream_id == counter)), other)

    counting = falling_due(parts, count_in_another)
    await die_before_it_is_noted(counting, monkeypatch)
    assert [each.type for each in await stored(parts, other)] == ["CounterOpened", "Counted"]
    async with counting.in_role("project", "clock") as running:
        await running.until(1, FIRED, parts.tenant, counter)
    assert [each.type for each in await stored(parts, other)] == ["CounterOpened", "Counted"]


async def test_a_deadline_that_is_met_by_what_is_committed_already_does_not_fire(
    parts: Parts,
) -> None:
    counter = await overdue(parts)
    await parts.do(Count(counter, 1))
    behind = asyncio.create_task(fire_deadlines(parts.runtime))
    await asyncio.sleep(0.2)
    async with parts.in_role("project") as running:
        moved = "select count(*)::int from es.deadlines where stream_id = $1 and due_at > now()"
        await running.until(1, moved, counter)
    parts.runtime.stopping.set()
    parts.runtime.pulse.wake()
    await behind
    assert [each.type for each in await stored(parts, counter)] == ["CounterOpened", "Counted"]


async def test_a_deadline_that_has_moved_fires_when_it_is_due_then(parts: Parts) -> None:
    counter = await overdue(parts)
    soon = datetime.now(UTC) - timedelta(hours=1) + timedelta(seconds=1)
    await parts.do(Count(counter, 1), occurred=Occurred(soon))
    async with parts.in_role("project", "clock") as running:
        await running.until(1, SET, parts.tenant, counter, soon + timedelta(hours=1))
        await running.until(1, FIRED, parts.tenant, counter)
    *_, closed = await stored(parts, counter)
    assert closed.type == "CounterClosed"
    assert closed.recorded_at >= soon + timedelta(hours=1)
    assert closed.occurred_at == soon + timedelta(hours=1)


async def test_a_deadline_that_was_met_does_not_fire(parts: Parts) -> None:
    counter, other = await overdue(parts), await overdue(parts)
    await parts.fetch(
        "update es.deadlines set met_at = now() where stream_id = $1 returning 1", counter
    )
    async with parts.in_role("project", "clock") as running:
        await running.until(1, FIRED, parts.tenant, other)
    assert await parts.one(FIRED, parts.tenant, counter) == 0


async def test_one_that_is_set_again_by_another_fact_fires_again(parts: Parts) -> None:
    counter, counting = await overdue(parts), await parts.opened()

    def fall_due(_kind: str, stream: UUID, _due: datetime) -> Do:
        return Do(Count(counting, 1 if stream == counter else 0), counting)

    each_time = falling_due(parts, fall_due)
    again = "update es.deadlines set set_by = $2, fired_at = null where stream_id = $1 returning 1"
    async with each_time.in_role("project", "clock") as running:
        for expected in (2, 3):
            await running.until(1, FIRED, parts.tenant, counter)
            assert len(await stored(parts, counting)) == expected
            await parts.fetch(again, counter, uuid4())
        await running.until(1, FIRED, parts.tenant, counter)


async def test_what_the_domain_refuses_when_it_is_due_is_noted_as_fired(parts: Parts) -> None:
    counter = await overdue(parts)
    refused = falling_due(parts, lambda _kind, stream, _due: Do(Count(stream, -1), stream))
    async with refused.in_role("project", "clock") as running:
        await running.until(1, FIRED, parts.tenant, counter)
    assert len(await stored(parts, counter)) == 1


@pytest.mark.parametrize("fault", ["of the service", "not yet"])
async def test_one_that_cannot_fire_is_tried_again_and_holds_up_no_other(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(clockwork, "FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(clockwork, "AT_ONCE", 1)
    stuck = await overdue(parts, Occurred(LATE.at - timedelta(hours=1)))
    others = [await overdue(parts) for _ in range(2)]
    tries: list[UUID] = []

    def fall_due(_kind: str, stream: UUID, _due: datetime) -> Do:
        if stream == stuck and len(tries) < 4:
            tries.append(stream)
            if fault == "of the service":
                raise KeyError("Alice Hartley")
            return Do(Count(uuid4(), 1), stream)
        return parts.runtime.service.fall_due("close", stream, DUE)

    async with falling_due(parts, fall_due).in_role("project", "clock") as running:
        for each in others:
            await running.until(1, FIRED, parts.tenant, each)
        await running.until(1, FIRED, parts.tenant, stuck)
    assert len(tries) == 4


async def test_nothing_is_asked_of_the_store_while_nothing_is_due(parts: Parts) -> None:
    asked: list[Any] = []
    usual = deadlines.due

    async def due(*arguments: Any) -> Any:
        asked.append(arguments)
        return await usual(*arguments)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(deadlines, "due", due)
        async with parts.in_role("project", "clock"):
            await asyncio.sleep(0.6)
    assert len(asked) <= 3
