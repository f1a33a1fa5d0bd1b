"""What others tell is done once, in order; what cannot be done waits, and holds up nothing else."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis import crash
from chassis.inward.hearing import GAP, Hearing
from chassis.outward.records import Arrived
from chassis.testing import logging_to
from ledger.heard import Overtaken
from packages.chassis.tests.conftest import Parts
from packages.chassis.tests.counters import COUNTER, Running
from packages.chassis.tests.sources import BAD, NOTE, TOPIC, Sources

HEARD = "select version from es.heard where tenant = $1 and stream_id = $2"
TIMES = "select times from read.notes where tenant = $1 and stream_id = $2"
PARKED = """
select version from es.parked_records where tenant = $1 and stream_id = $2 order by version
"""
REASON = "select reason from es.parked where tenant = $1 and stream_id = $2"
DEAD = 'select reason from es.dead_letters where topic = $1 and partition = $2 and "offset" = $3'


class Died(BaseException):
    """The process is killed."""


@pytest.fixture
def sources(parts: Parts) -> Sources:
    """Give the service that is heard."""
    return Sources(parts)


async def hear(parts: Parts, *records: Arrived) -> None:
    """Hear records as one batch."""
    await Hearing(parts.runtime).batch(records)


async def total(parts: Parts, counter: UUID) -> int:
    """Return what a counter stands at."""
    state = await parts.runtime.shell.state(parts.tenant, COUNTER, counter)
    assert isinstance(state, Running)
    return state.total


async def waiting(parts: Parts, stream: UUID) -> list[int]:
    """Return the versions of a stream that are parked."""
    return [row["version"] for row in await parts.fetch(PARKED, parts.tenant, stream)]


async def test_what_is_heard_becomes_commands_and_is_remembered(
    parts: Parts, sources: Sources
) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, 2, 3)
    await hear(parts, *await sources.records(stream))
    assert await total(parts, counter) == 5
    assert await parts.one(HEARD, parts.tenant, stream) == 3
    [_, first, _] = await sources.one.stream(stream)
    [_, stored, _] = await parts.runtime.shell.store.read(parts.tenant, counter)
    envelope = parts.runtime.service.registry.decode(stored).envelope
    assert (envelope.causation_id, envelope.correlation_id) == (first.event_id, first.command_id)
    assert envelope.occurred.at == first.occurred_at
    assert envelope.actor.id == "service:counters"


async def test_what_comes_again_does_nothing(parts: Parts, sources: Sources) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, 2, NOTE + 1)
    records = await sources.records(stream)
    await hear(parts, *records)
    await hear(parts, *records)
    await hear(parts, *records, *records)
    assert await total(parts, counter) == 2
    assert await parts.one(TIMES, parts.tenant, counter) == 1


@pytest.mark.parametrize("at", ["react.after-commands", "react.after-heard"])
async def test_a_crash_in_the_middle_repeats_and_changes_nothing(
    parts: Parts, sources: Sources, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, 2, NOTE + 1, 3)
    records = await sources.records(stream)

    def die(name: str) -> None:
        if name == at:
            raise Died

    monkeypatch.setattr(crash, "point", die)
    with pytest.raises(Died):
        await hear(parts, *records)
    monkeypatch.undo()
    assert await total(parts, counter) == 5
    await hear(parts, *records)
    assert await total(parts, counter) == 5
    assert await parts.one(TIMES, parts.tenant, counter) == 1
    assert await parts.one(HEARD, parts.tenant, stream) == 4


async def test_of_two_who_hear_the_same_at_once_one_alone_writes(
    parts: Parts, sources: Sources
) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, NOTE + 1, NOTE + 1)
    records = await sources.records(stream)
    found = await asyncio.gather(*(hear(parts, *records) for _ in range(4)), return_exceptions=True)
    assert {type(each) for each in found} <= {type(None), Overtaken}
    assert None in found
    assert await parts.one(TIMES, parts.tenant, counter) == 2


async def test_the_records_of_one_key_are_applied_in_their_order(
    parts: Parts, sources: Sources
) -> None:
    counter = await parts.opened()
    up, down = await sources.about(counter), await sources.about(counter, *[500] * 10)
    # Each movement down is possible only after the movement up before it.
    turns = []
    for turn in range(10):
        await sources.move(up, 1)
        turns.append((await sources.records(up, turn + 2))[0])
        [record] = await sources.records(down, turn + 2)
        turns.append(replace(record, value=(record.value or b"").replace(b"500", b"-1")))
    openings = [*await sources.records(up, 1), *await sources.records(down, 1)]
    ordered = [replace(each, offset=at) for at, each in enumerate([*openings, *turns])]
    await hear(parts, *ordered)
    assert await total(parts, counter) == 0
    assert await parts.fetch("select 1 from es.refused where tenant = $1", parts.tenant) == []


async def test_a_refusal_is_written_and_the_stream_goes_on(parts: Parts, sources: Sources) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, 5, 1, 2)
    opening, first, second, third = await sources.records(stream)
    too_much = replace(second, value=f'{{"counter": "{counter}", "by": -9}}'.encode())
    await hear(parts, opening, first, too_much, third)
    assert await total(parts, counter) == 7
    [row] = await parts.fetch("select * from es.refused where tenant = $1", parts.tenant)
    assert (row["consumer"], row["refusal"]) == ("counters", "Overdrawn")
    assert row["event_id"] == (await sources.one.stream(stream))[2].event_id
    await hear(parts, opening, first, too_much, third)
    assert len(await parts.fetch("select 1 from es.refused where tenant = $1", parts.tenant)) == 1


async def test_a_gap_is_filled_from_the_owner(parts: Parts, sources: Sources) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, 1, 2, 4, 8)
    async with sources.answering() as asking:
        await hear(asking, *await sources.records(stream, 4))
        assert await total(parts, counter) == 7
        await hear(asking, *await sources.records(stream, 5))
    assert await total(parts, counter) == 15
    assert await parts.one(HEARD, parts.tenant, stream) == 5


async def test_a_wide_gap_is_filled_page_by_page(
    parts: Parts, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.running.operations.MOST_RECORDS", 3)
    counter = await parts.opened()
    stream = await sources.about(counter, *[1] * 10)
    async with sources.answering() as asking:
        await hear(asking, *await sources.records(stream, 11))
    assert await total(parts, counter) == 10


async def test_an_answer_is_no_larger_than_it_may_be(
    parts: Parts, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.running.operations.ENOUGH_BYTES", 2_000)
    counter = await parts.opened()
    stream = await sources.about(counter, *[1] * 10)
    async with sources.answering() as asking:
        await hear(asking, *await sources.records(stream, 11))
    assert await total(parts, counter) == 10


@pytest.mark.parametrize("peer", ["away", "unknown"])
async def test_a_gap_that_its_owner_does_not_fill_holds_up_that_stream_only(
    parts: Parts, sources: Sources, peer: str
) -> None:
    counter, other = await parts.opened(), await parts.opened()
    stream, flowing = await sources.about(counter, 1, 2, 4), await sources.about(other, 8)
    sources.away = True
    async with sources.answering() as asking:
        hearer = asking if peer == "away" else parts
        gap, behind = await sources.records(stream, 3, 4)
        await hear(hearer, gap, *await sources.records(flowing))
        await hear(hearer, behind)
    assert await total(parts, other) == 8
    assert await total(parts, counter) == 0
    assert await waiting(parts, stream) == [3, 4]
    assert await parts.one(REASON, parts.tenant, stream) == GAP
    assert await parts.one(HEARD, parts.tenant, stream) is None


async def test_a_version_that_its_owner_never_told_is_a_dead_letter(
    parts: Parts, sources: Sources
) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, 1)
    [record] = await sources.records(stream, 2)
    forged = with_header(record, ce_sequence=b"%020d" % 9)
    async with sources.answering() as asking:
        await hear(asking, forged)
    assert await parts.one(DEAD, TOPIC, 0, record.offset) == "ce_sequence"
    assert await parts.one(HEARD, parts.tenant, stream) is None


def with_header(record: Arrived, **changed: Any) -> Arrived:
    """Change headers of a record."""
    return replace(record, headers=tuple((dict(record.headers) | changed).items()))


async def test_what_comes_before_its_time_waits_and_the_later_ones_behind_it(
    parts: Parts, sources: Sources
) -> None:
    early, counter = uuid4(), await parts.opened()
    stream, flowing = await sources.about(early, 1, 2), await sources.about(counter, 4)
    await hear(parts, *await sources.records(stream), *await sources.records(flowing))
    await sources.move(stream, 8)
    await hear(parts, *await sources.records(stream, 4))
    assert await total(parts, counter) == 4
    assert await waiting(parts, stream) == [2, 3, 4]
    assert await parts.one(REASON, parts.tenant, stream) == "NotOpenYet"
    assert await parts.one(HEARD, parts.tenant, stream) == 4


async def test_what_cannot_be_done_waits_and_its_words_are_told_nowhere(
    parts: Parts, sources: Sources, tmp_path: Path
) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, 1, BAD, 2)
    with logging_to(tmp_path / "log"):
        await hear(parts, *await sources.records(stream))
    assert await total(parts, counter) == 1
    assert await waiting(parts, stream) == [3, 4]
    assert await parts.one(REASON, parts.tenant, stream) == "KeyError"
    assert "name that nobody" not in (tmp_path / "log").read_text()


async def test_a_write_that_the_database_refuses_waits_and_the_others_are_kept(
    parts: Parts, sources: Sources
) -> None:
    one, other = uuid4(), uuid4()
    too_often, flowing = (
        await sources.about(one, NOTE + 99, NOTE + 1, NOTE + 1),
        await sources.about(other, NOTE + 5),
    )
    await hear(parts, *await sources.records(too_often), *await sources.records(flowing))
    assert await parts.one(TIMES, parts.tenant, one) == 99
    assert await parts.one(TIMES, parts.tenant, other) == 5
    assert await waiting(parts, too_often) == [3, 4]
    assert await parts.one(REASON, parts.tenant, too_often) == "CheckViolationError"


async def test_a_fact_that_cannot_be_read_parks_its_stream(parts: Parts, sources: Sources) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, 1, 2)
    opening, first, second = await sources.records(stream)
    await hear(parts, opening, replace(first, value=b"{"), second)
    assert await waiting(parts, stream) == [2, 3]
    assert await parts.one(REASON, parts.tenant, stream) == "unreadable data"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ce_tenant": b"nobody's"}, "ce_tenant"),
        ({"ce_sequence": None}, "ce_sequence"),
        ({"ce_source": b"/throughline/counters"}, "ce_source"),
        ({"bad\0name": b"x", "ce_subject": b"\xff"}, "ce_subject"),
    ],
)
async def test_a_record_of_no_stream_is_a_dead_letter_and_the_others_go_on(
    parts: Parts, sources: Sources, changed: dict[str, Any], reason: str
) -> None:
    counter = await parts.opened()
    stream = await sources.about(counter, 1)
    opening, first = await sources.records(stream)
    dead = replace(with_header(first, **changed), partition=int(uuid4().int % 2**31))
    await hear(parts, opening, dead)
    await hear(parts, dead, first)
    assert await total(parts, counter) == 1
    assert await parts.one(DEAD, TOPIC, dead.partition, dead.offset) == reason


async def test_of_what_its_owner_does_not_tell_the_version_is_heard(
    parts: Parts, sources: Sources
) -> None:
    stream = await sources.about(uuid4())
    await hear(parts, *await sources.records(stream))
    assert await parts.one(HEARD, parts.tenant, stream) == 1
