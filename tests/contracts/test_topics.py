"""What others may rely on: every record of every topic is as the published schemas say it is.

The reader here knows plain aiokafka, the JSON Schemas and the CloudEvents binding for Kafka; of
ours it asks only which events there are to be told of.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import pytest_asyncio
from aiokafka import AIOKafkaConsumer, TopicPartition
from jsonschema import Draft202012Validator, FormatChecker

from stack.places import checkout
from tests.system.installation import PARTITIONS, Installation
from tests.system.office import Office
from tests.system.story import tell
from tests.system.worlds import join_group
from throughline_cli.people import Staff

SCHEMAS = checkout() / "docs" / "schemas"
SERVICES = ("referrals", "casework", "groups", "notifications")
FORMATS = FormatChecker(formats=["date", "uuid"])
IDS = ("ce_id", "ce_subject", "ce_tenant", "ce_correlationid")
TIMES = ("ce_time", "ce_recordedtime")
OPTIONAL = {
    "ce_caseid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "ce_traceparent": re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"),
    "content-type": re.compile(r"application/json"),
}
KNOWN = {
    *IDS,
    *TIMES,
    *OPTIONAL,
    "ce_specversion",
    "ce_source",
    "ce_type",
    "ce_timeprecision",
    "ce_sequence",
    "ce_partitionkey",
    "ce_category",
}
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
PATIENCE_MS = 500


@FORMATS.checks("date-time", raises=ValueError)
def is_a_time(text: object) -> bool:
    """Whether a text is an instant as RFC 3339 writes it."""
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


class Record:
    """One record as a stranger reads it."""

    def __init__(self, record: Any) -> None:
        self.topic: str = record.topic
        self.key: bytes | None = record.key
        self.value: bytes | None = record.value
        self.pairs: list[tuple[str, bytes]] = list(record.headers)
        self.headers = {name: value.decode(errors="replace") for name, value in self.pairs}

    @property
    def service(self) -> str:
        """Whose topic it is on."""
        return self.topic.split(".")[1]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def records(platform: Installation, staff: Staff) -> list[Record]:
    """Give all that is told once there were referrals, sessions, a correction, a group, letters.

    What was put on the topics by somebody else than the services is left out.
    """
    office = await Office.of(staff)
    told = await tell(office)
    await join_group(office, told.case)
    await office.operator.settle()
    ours = await event_ids(platform)
    found = [Record(each) for each in await read_all(platform.platform.kafka)]
    return [each for each in found if each.headers.get("ce_id") in ours[each.service]]


async def event_ids(platform: Installation) -> dict[str, set[str]]:
    """Return the ids of the events of each store."""
    found = {}
    for name in SERVICES:
        async with platform.superuser(name) as connection:
            rows = await connection.fetch("select event_id from es.events")
            found[name] = {str(row["event_id"]) for row in rows}
    return found


async def read_all(kafka: str) -> list[Any]:
    """Read all topics from their beginnings to where they end now."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    async with consumer:
        partitions = [
            TopicPartition(f"throughline.{name}.v1", number)
            for name in SERVICES
            for number in PARTITIONS
        ]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[Any] = []
        while left := [each for each in partitions if await consumer.position(each) < ends[each]]:
            for batch in (await consumer.getmany(*left, timeout_ms=PATIENCE_MS)).values():
                found += batch
        return found


@cache
def validator(service: str, event: str) -> Draft202012Validator:
    """Return what checks an event's data; fails where there is no schema of it."""
    schema = json.loads((SCHEMAS / service / f"{event}.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FORMATS)


def first_seen(records: Iterable[Record]) -> list[Record]:
    """Leave out what came again; its id tells."""
    return list({(each.topic, each.headers["ce_id"]): each for each in records}.values())


async def test_every_service_tells_something_and_every_event_has_its_record(
    platform: Installation, records: list[Record]
) -> None:
    told: dict[str, set[str]] = defaultdict(set)
    for each in records:
        told[each.service].add(each.headers["ce_id"])
    assert told == await event_ids(platform)
    assert {each.service for each in records if each.value is not None} == set(SERVICES)


async def test_every_record_has_the_headers_of_a_cloud_event(records: list[Record]) -> None:
    for each in records:
        headers = each.headers
        assert len(headers) == len(each.pairs)
        assert set(headers) <= KNOWN
        assert set(headers) >= KNOWN - OPTIONAL.keys()
        assert headers["ce_specversion"] == "1.0"
        assert headers["ce_source"] == f"/throughline/{each.service}"
        assert all(str(UUID(headers[name])) == headers[name] for name in IDS)
        for name in TIMES:
            assert UTC_TIME.fullmatch(headers[name])
            datetime.fromisoformat(headers[name])
        assert headers["ce_timeprecision"] in {"instant", "day"}
        assert re.fullmatch(r"\d{20}", headers["ce_sequence"])
        assert re.fullmatch(r"[A-Za-z][A-Za-z-]*", headers["ce_category"])
        for name, form in OPTIONAL.items():
            assert name not in headers or form.fullmatch(headers[name])


async def test_every_type_has_a_schema_and_all_data_is_as_it_says(records: list[Record]) -> None:
    for each in records:
        prefix, service, name, version = each.headers["ce_type"].split(".")
        assert (prefix, service) == ("throughline", each.service)
        assert re.fullmatch(r"v[1-9]\d*", version)
        if name == "unpublished":
            assert each.value is None
            assert "content-type" not in each.headers
            continue
        assert each.value is not None
        assert each.headers["content-type"] == "application/json"
        validator(service, f"{name}.{version}").validate(json.loads(each.value))


async def test_the_key_is_the_partition_key_of_the_authority_and_the_case(
    records: list[Record],
) -> None:
    for each in records:
        headers = each.headers
        about = headers.get("ce_caseid", headers["ce_subject"])
        assert headers["ce_partitionkey"] == f"{headers['ce_tenant']}:{about}"
        assert each.key == headers["ce_partitionkey"].encode()


async def test_the_versions_of_each_stream_are_1_to_n_in_order(records: list[Record]) -> None:
    versions: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for each in first_seen(records):
        stream = (each.topic, each.headers["ce_tenant"], each.headers["ce_subject"])
        versions[stream].append(int(each.headers["ce_sequence"]))
    assert versions
    for found in versions.values():
        assert found == list(range(1, len(found) + 1))


def test_every_format_that_a_schema_names_is_one_that_is_checked() -> None:
    named = {
        found
        for file in SCHEMAS.rglob("*.json")
        for found in re.findall(r'"format": "([^"]+)"', file.read_text(encoding="utf-8"))
    }
    assert named <= FORMATS.checkers.keys()
