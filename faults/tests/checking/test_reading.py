"""A campaign's folder is read as README.md says, from a real PostgreSQL and a real Kafka."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from faults.checking import check
from faults.checking.reading import attempts, campaign, dumps, faults, mails
from faults.checking.stores import dump, read_store, read_topics
from stack.testing import Kafka, Postgres
from stack.topics import Topic, provision

TENANT, STREAM, CASE = uuid4(), uuid4(), uuid4()
NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
PARTITIONS = 2

_EVENT = """
insert into es.events (position, tenant, stream_id, version, event_id, command_id, type,
    schema_version, occurred_at, occurred_precision, recorded_at, payload, sealed, metadata,
    blinding, leaf_hash)
values (nextval('es.position_seq'), $1, $2, $3, $4, $5, 'Counted', 1, $6, 'instant', $6, $7, '',
    $8, sha256('a'), sha256('b'))
"""
_HEAD = """
insert into es.streams (tenant, stream_id, category, version, recorded_at, leaf_hash)
values ($1, $2, 'Counter', $3, $4, sha256('b'))
"""
_COMMAND = "insert into es.commands values ($1, $2, 'fine', $3, $4)"


async def stored(url: str, *events: tuple[int, UUID, UUID]) -> None:
    """Store events (version, event id, command id) of the one stream."""
    connection = await asyncpg.connect(url)
    meta = json.dumps({"category": "Counter", "case_id": str(CASE)}).encode()
    for version, event_id, command in events:
        said = json.dumps({"n": version}).encode()
        await connection.execute(
            _EVENT, TENANT, STREAM, version, event_id, command, NOW, said, meta
        )
        await connection.execute(_COMMAND, TENANT, command, [STREAM], [version])
    await connection.execute(_HEAD, TENANT, STREAM, len(events), NOW)
    await connection.execute("create schema read")
    await connection.execute("create table read.counts (tenant uuid, n int)")
    await connection.execute("insert into read.counts values ($1, 2)", TENANT)
    await connection.close()


async def told(kafka: str, topic: str, *events: tuple[int, UUID]) -> None:
    """Tell events (version, event id) of the one stream."""
    await provision(kafka, [Topic(topic, PARTITIONS, {})])
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for version, event_id in events:
            headers = {
                "ce_id": str(event_id),
                "ce_type": "unpublished",
                "ce_subject": str(STREAM),
                "ce_sequence": f"{version:020d}",
                "ce_tenant": str(TENANT),
            }
            sent = [(name, value.encode()) for name, value in headers.items()]
            await producer.send_and_wait(topic, value=None, key=b"k", headers=sent)


def lines(file: Path, *rows: dict[str, Any]) -> None:
    """Write a file of JSON lines."""
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def written(folder: Path, url: str, kafka: str, topic: str, command: UUID) -> Path:
    """Write what a campaign leaves behind: one command, answered; one fault, proved."""
    (folder / "mail" / "new").mkdir(parents=True)
    (folder / "mail" / "new" / "1").write_bytes(b"Message-ID: <a@b>\nTo: x@y\n\nwords\n")
    described = {
        "format": 1,
        "stores": {"counters": url},
        "kafka": kafka,
        "topics": {"counters": topic},
        "partitions": PARTITIONS,
        "mail": str(folder / "mail"),
    }
    (folder / "campaign.json").write_text(json.dumps(described))
    one: dict[str, Any] = {"client": 1, "op": 1, "kind": "command", "service": "counters"}
    one |= {"rpc": "Count", "tenant": str(TENANT), "command_id": str(command)}
    answer = {"versions": {str(STREAM): 1}, "position": 1}
    lines(
        folder / "history.jsonl",
        one | {"at": 1.0, "outcome": "invoked"},
        one | {"at": 2.0, "outcome": "ok"} | answer,
        one | {"at": 3.0, "outcome": "invoked", "op": 2},
    )
    fault = {"class": "F01", "n": 1, "target": "counters", "proof": {}, "proved": True}
    lines(folder / "faults.jsonl", fault | {"recovered_s": 0.5, "settle": 1})
    for replay in ("1", "2"):
        (folder / "replays" / replay).mkdir(parents=True)
        (folder / "replays" / replay / "counters.read.counts").write_bytes(replay.encode())
    return folder


async def test_a_campaign_is_judged_from_its_folder_its_store_and_its_topic(
    tmp_path: Path, postgres: Postgres, kafka: Kafka
) -> None:
    url = (await postgres.create_database("checked")).superuser
    topic, first, second, command = "throughline.judged.v1", uuid4(), uuid4(), uuid4()
    await stored(url, (1, first, command), (2, second, uuid4()))
    # The second event was never sent; the first was sent twice.
    await told(kafka.bootstrap, topic, (1, first), (1, first))
    report = await check(written(tmp_path, url, kafka.bootstrap, topic, command))
    assert not report.green
    assert report.of("I1").green
    assert report.of("I2").green
    assert (report.of("I6").looked_at, report.of("I6").wrong) == (2, 1)
    assert report.of("I6").shown[0].ids["event"] == str(second)
    # One repeated record, the same; one read model made again, not the same.
    assert (report.of("I9").looked_at, report.of("I9").wrong) == (2, 1)
    # Both events should stand on the thread of their case.
    assert (report.of("I8").looked_at, report.of("I8").wrong) == (2, 2)
    assert report.of("I22").says == "looked at nothing"


async def test_a_store_is_read_with_its_read_models(postgres: Postgres) -> None:
    url = (await postgres.create_database("read_whole")).superuser
    await stored(url, (1, uuid4(), uuid4()))
    store = await read_store(url)
    [event] = store.events
    assert (event.said, event.case_id, event.category) == ({"n": 1}, CASE, "Counter")
    assert store.read["counts"] == ({"tenant": TENANT, "n": 2},)
    assert [each["version"] for each in store.rows("streams")] == [1]
    assert await dump(url, "read.counts") == f"({TENANT},2)\n".encode()


async def test_an_empty_topic_is_read_as_empty(kafka: Kafka) -> None:
    topic = "throughline.empty.v1"
    await provision(kafka.bootstrap, [Topic(topic, PARTITIONS, {})])
    assert await read_topics(kafka.bootstrap, {"empty": topic}, PARTITIONS) == []


def test_both_lines_of_an_attempt_are_one_and_without_a_second_it_is_in_doubt(
    tmp_path: Path,
) -> None:
    folder = written(tmp_path, "", "", "", uuid4())
    first, second = attempts(folder)
    assert (first.outcome, first.invoked, first.ended, first.position) == ("ok", 1.0, 2.0, 1)
    assert first.versions == {STREAM: 1}
    assert (second.outcome, second.ended) == ("in_doubt", None)


def test_of_mails_the_headers_are_read(tmp_path: Path) -> None:
    folder = written(tmp_path, "", "", "", uuid4())
    [mail] = mails(folder / "mail")
    assert (mail.message_id, mail.to) == ("<a@b>", "x@y")
    assert mails(None) == []


def test_replays_and_faults_are_read(tmp_path: Path) -> None:
    folder = written(tmp_path, "", "", "", uuid4())
    assert dumps(folder) == {"counters.read.counts": [b"1", b"2"]}
    [fault] = faults(folder)
    assert (fault.kind, fault.proved, fault.recovered_s) == ("F01", True, 0.5)


def test_a_folder_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "campaign.json").write_text('{"format": 2}')
    with pytest.raises(ValueError, match="format 2"):
        campaign(tmp_path)
