"""Read models follow the log; one that cannot go on stands still, says so, and holds up none."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chassis.commands.access import RecordRead
from chassis.commands.own_events import SealedDataRead
from chassis.followers import project as role
from chassis.followers.project import follower_names
from chassis.queries.positions import PositionToken
from chassis.testing import logging_to
from ledger.envelope import Recorded
from ledger.sharding import By
from ledger.writes import Write
from packages.chassis.tests import counters
from packages.chassis.tests.conftest import Parts, until
from packages.chassis.tests.counters import COUNTERS, Count
from throughline.common.v1.common_pb2 import ReadContext

TOTAL = "select total from read.totals where tenant = $1 and stream_id = $2"
THREAD = "select count(*)::int from es.threads where tenant = $1 and thread = $2"
SEEN = "select count(*)::int from es.checkpoints where name = $1 and seen_to >= $2"
UNLUCKY = 99


async def test_read_models_follow_what_is_recorded(parts: Parts) -> None:
    counter = await parts.opened(counted=2)
    async with parts.in_role("project") as running:
        await running.until(2, TOTAL, parts.tenant, counter)
        await parts.do(Count(counter, 3))
        await running.until(5, TOTAL, parts.tenant, counter)
    await parts.do(Count(counter, 4))
    async with parts.in_role("project") as running:
        await running.until(9, TOTAL, parts.tenant, counter)


async def test_a_projection_that_cannot_go_on_stands_still_and_goes_on_once_it_can(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(role, "HALTED_S", 0.05)
    counter = await parts.opened(counted=1)
    with logging_to(tmp_path / "log"):
        async with parts.in_role("project") as running:
            await running.until(1, TOTAL, parts.tenant, counter)
            await parts.do(Count(counter, UNLUCKY))
            done = await parts.do(Count(counter, 2))
            await until(lambda: _says(tmp_path / "log"), "it says that it stands still")
            behind = "select seen_to < $1 from es.checkpoints where name = 'totals'"
            assert await parts.one(behind, done.position)
            seen = (
                "select count(*)::int from es.checkpoints where seen_to >= $1 and name = 'threads'"
            )
            await running.until(1, seen, done.position)
            assert await parts.one(TOTAL, parts.tenant, counter) == 1
            counters.MENDED.append("now")
            await running.until(UNLUCKY + 3, TOTAL, parts.tenant, counter)
    counters.MENDED.clear()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    [line] = [each for each in lines if each["event"] == "projection halted"]
    assert (line["projection"], line["event_type"], line["error"]) == (
        "totals",
        "Counted",
        "ValueError",
    )
    assert str(UNLUCKY) not in json.dumps({**line, "position": 0, "time": ""})


async def _says(log: Path) -> bool:
    return "projection halted" in _read(log)


def _read(log: Path) -> str:
    return log.read_text() if log.exists() else ""


async def test_what_the_chassis_records_itself_reaches_no_projection_of_a_service(
    parts: Parts,
) -> None:
    seen: list[str] = []

    def watch(recorded: Recorded[Any]) -> Sequence[Write]:
        seen.append(recorded.envelope.category)
        return []

    watching = replace(COUNTERS.projections[0], name="watching", project=watch, tables=())
    service = replace(parts.runtime.service, projections=(watching,))
    own = replace(parts, runtime=replace(parts.runtime, service=service))
    await parts.opened(counted=1)
    read = SealedDataRead(uuid4(), "somebody", "audit", ("identity",), ("name",), 1)
    done = await parts.do(RecordRead(read, None))
    async with own.in_role("project") as running:
        await running.until(1, SEEN, "watching", done.position)
        await running.until(1, SEEN, "threads", done.position)
    assert set(seen) == {"Counter"}
    assert await parts.one(THREAD, parts.tenant, read.subject) == 1


async def test_a_reading_with_a_token_sees_what_was_written_there(parts: Parts) -> None:
    counter = await parts.opened()
    done = await parts.do(Count(counter, 3))
    token = PositionToken(COUNTERS.name, done.position).encode()
    context = ReadContext(authority=str(parts.tenant), position_token=token)

    async def total() -> int | None:
        async with parts.runtime.rows.reading(context) as rows:
            found: int | None = await rows.fetchval(TOTAL, parts.tenant, counter)
            return found

    # Nobody follows the log yet, so it must wait.
    reading = asyncio.create_task(total())
    await asyncio.sleep(0.1)
    async with parts.in_role("project"):
        assert await reading == 3


async def test_read_models_are_followed_in_as_many_shards_as_the_settings_say(
    parts: Parts,
) -> None:
    counters_made = [await parts.opened(counted=number) for number in range(1, 7)]
    totals = [replace(each, by=By.STREAM) for each in parts.runtime.service.projections]
    service = replace(parts.runtime.service, projections=tuple(totals))
    for number, shards in enumerate((3, 1, 2), start=1):
        settings = parts.runtime.settings.model_copy(update={"project_shards": shards})
        own = replace(parts, runtime=replace(parts.runtime, service=service, settings=settings))
        for counter in counters_made:
            await parts.do(Count(counter, 100))
        async with own.in_role("project") as running:
            for first, counter in enumerate(counters_made, start=1):
                await running.until(first + 100 * number, TOTAL, parts.tenant, counter)
        cut = "select count(*)::int from es.checkpoints where name = $1 and shards = $2"
        assert await parts.one(cut, totals[0].name, shards) == shards


def test_a_reading_waits_for_all_that_the_role_fills() -> None:
    assert set(follower_names(COUNTERS)) >= {"threads", "totals"}
