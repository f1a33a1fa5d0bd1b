"""Nobody waits without a bound: for a connection, for a part that closes, for lags."""

import ast
import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.inward.hearing import Hearing
from chassis.running import assembly
from chassis.running.assembly import runtime
from chassis.running.gauges import CONSUMER_LAG, FEED_LAG, PARKED_STREAMS, RELAY_LAG, Gauges
from chassis.running.lags import ConsumerLags
from chassis.running.observing import measure
from chassis.running.settings import Settings
from chassis.runtime import Runtime
from packages.chassis.tests.conftest import Parts, until
from packages.chassis.tests.counters import COUNTERS, Count, Open
from packages.chassis.tests.in_memory import act
from packages.chassis.tests.sources import TOPIC, Sources

ROOT = Path(__file__).parents[3]


def calls_of(name: str, *folders: str) -> Iterator[tuple[Path, ast.Call]]:
    """Return the calls of a method in our own code."""
    for folder in folders:
        for path in sorted(ROOT.glob(folder)):
            for each in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(each, ast.Call)
                    and isinstance(each.func, ast.Attribute)
                    and each.func.attr == name
                ):
                    yield path, each


def test_no_connection_is_waited_for_without_a_bound() -> None:
    found = list(calls_of("acquire", "packages/*/src/**/*.py", "services/*/src/**/*.py"))
    unbounded = [
        f"{path.name}:{call.lineno}"
        for path, call in found
        if not any(each.arg == "timeout" for each in call.keywords)
    ]
    assert len(found) > 20
    assert unbounded == []


async def test_appends_in_flight_end_before_a_process_closes(
    parts: Parts, settings: Settings
) -> None:
    tenant, counters = uuid4(), [uuid4() for _ in range(30)]
    async with runtime(COUNTERS, settings) as own:
        calling = [
            asyncio.create_task(
                own.shell.execute(act(tenant, Open(each, uuid4(), "Alice", f"label {each}")))
            )
            for each in counters
        ]
        await until(lambda: _waits(own), "an append waits")
        for each in calling:
            each.cancel()
    counted = "select count(*)::int from es.events where tenant = $1"
    found = await parts.one(counted, tenant)
    assert found > 0
    assert own.handler_pool.is_closing()


async def _waits(parts: Runtime) -> bool:
    return bool(parts.shell.writer._lanes)


async def test_what_does_not_close_is_left_behind_in_the_end(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "CLOSING_S", 0.1)
    async with asyncio.timeout(5):
        async with runtime(COUNTERS, settings) as own:
            await own.worker_pool.acquire(timeout=5)
    assert own.worker_pool.is_closing()


async def test_the_gauges_are_set(parts: Parts) -> None:
    await parts.opened(counted=1)
    await Hearing(parts.runtime).batch(
        await (sources := Sources(parts)).records(await sources.about(uuid4(), 1))
    )
    gauges = Gauges()
    await measure(parts.runtime, gauges)
    assert {name for _, name, _ in gauges.values(FEED_LAG)} >= {"threads", "totals", "notarise"}
    assert [name for _, name, _ in gauges.values(RELAY_LAG)] == ["relay"]
    assert {(name, shard) for _, name, shard in gauges.values(CONSUMER_LAG)} == {
        (TOPIC, number) for number in range(3)
    }
    [(parked, _, _)] = gauges.values(PARKED_STREAMS)
    assert parked >= 1
    [(before, _, _)] = gauges.values(RELAY_LAG)
    await parts.do(Open(counter := uuid4(), uuid4(), "Alice", f"label {counter}"))
    await parts.do(Count(counter, 1))
    await measure(parts.runtime, gauges)
    [(after, _, _)] = gauges.values(RELAY_LAG)
    assert after == before + 2


async def test_a_broker_that_is_away_keeps_no_other_lag_from_being_measured(
    parts: Parts,
) -> None:
    gauges = Gauges()
    away = ConsumerLags("127.0.0.1:1", "nobody", [TOPIC])
    await measure(replace(parts.runtime, consumer_lags=away), gauges)
    assert list(gauges.values(FEED_LAG))
    assert not list(gauges.values(CONSUMER_LAG))
