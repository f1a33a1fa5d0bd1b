"""Every stored event becomes one record, which tells nothing sealed; what comes is read warily."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chassis.acting import Heard
from chassis.inward.reading import Spoiled, Unreadable, read_record, to_heard
from chassis.outward.records import (
    UNPUBLISHED,
    Headers,
    TopicRecord,
    event_name,
    to_record,
    to_unpublished,
)
from ledger.commands import StoredEvent
from ledger.envelope import Occurred
from packages.chassis.tests.counters import COUNTERS, Close, Count, Open
from packages.chassis.tests.in_memory import InMemory

NOW = datetime(2025, 6, 2, 10, 30, tzinfo=UTC)
GOOD: dict[str, bytes] = {
    "ce_specversion": b"1.0",
    "ce_id": str(uuid4()).encode(),
    "ce_source": b"/throughline/counters",
    "ce_type": b"throughline.counters.Moved.v1",
    "ce_subject": str(uuid4()).encode(),
    "ce_time": b"2025-06-01T23:00:00.000000Z",
    "ce_timeprecision": b"day",
    "ce_recordedtime": b"2025-06-02T10:30:00.000000Z",
    "ce_sequence": b"%020d" % 7,
    "ce_tenant": str(uuid4()).encode(),
    "ce_category": b"Counter",
    "ce_correlationid": str(uuid4()).encode(),
    "ce_caseid": str(uuid4()).encode(),
}


def pairs(**changed: Any) -> Headers:
    """Make the headers of a good record, some of them changed; Kafka knows some without value."""
    return tuple((GOOD | changed).items())


async def stored_events(case: UUID | None = None) -> tuple[InMemory, list[StoredEvent]]:
    """Store one event of each type."""
    one = InMemory(now=lambda: NOW)
    counter = uuid4()
    occurred = Occurred(NOW - timedelta(days=1, hours=11, minutes=30), "day")
    await one.do(Open(counter, uuid4(), "Alice Canary", "label", case))
    await one.do(Count(counter, 5), occurred=occurred)
    await one.do(Close(counter))
    return one, await one.stream(counter)


@pytest.mark.parametrize("case", [None, uuid4()])
async def test_what_is_told_comes_back_as_it_was(case: UUID | None) -> None:
    one, [_, counted, _] = await stored_events(case)
    record = to_record(one.service, counted)
    heard = to_heard(record.key, record.value, record.headers)
    assert heard == Heard(
        event_id=counted.event_id,
        service="counters",
        tenant=one.tenant,
        category="Counter",
        stream_id=counted.stream_id,
        version=2,
        type="Moved",
        schema_version=1,
        occurred=Occurred(counted.occurred_at, "day"),
        recorded_at=NOW,
        correlation_id=counted.command_id,
        case_id=case,
        data={"by": 5},
    )
    assert record.key.decode() == f"{one.tenant}:{case or counted.stream_id}"


async def test_an_event_without_public_words_goes_with_its_headers_only() -> None:
    one, [opened, counted, closed] = await stored_events()
    for each in (opened, closed):
        record = to_record(one.service, each)
        assert record.value is None
        assert record == to_unpublished(one.service, each)
        heard = to_heard(record.key, record.value, record.headers)
        assert (heard.type, heard.data, heard.version) == (UNPUBLISHED, {}, each.version)
    assert event_name(to_unpublished(one.service, counted)) == UNPUBLISHED


async def test_nothing_of_the_chassis_own_is_told_and_nothing_sealed() -> None:
    one, events = await stored_events()
    for each in events:
        assert b"Canary" not in written(to_record(one.service, each))
        assert b"label" not in written(to_record(one.service, each))


def written(record: TopicRecord) -> bytes:
    """Return all bytes of a record."""
    return b"".join((record.key, record.value or b"", *(value for _, value in record.headers)))


async def test_the_headers_are_those_of_cloudevents() -> None:
    one, [_, counted, _] = await stored_events()
    record = to_record(one.service, counted)
    headers = {name: value.decode() for name, value in record.headers}
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_id"] == str(counted.event_id)
    assert headers["ce_type"] == "throughline.counters.Moved.v1"
    assert headers["ce_sequence"] == "00000000000000000002"
    assert headers["ce_partitionkey"] == record.key.decode()
    assert headers["ce_time"] == "2025-05-31T23:00:00.000000Z"
    assert headers["content-type"] == "application/json"
    assert json.loads(record.value or b"") == {"by": 5}


def test_a_good_record_is_read() -> None:
    heard = to_heard(b"key", b'{"by": 1, "later": [1.5]}', pairs(ce_new=b"\xff"))
    assert (heard.version, heard.data) == (7, {"by": 1, "later": [1.5]})


@pytest.mark.parametrize("name", [each for each in GOOD if each != "ce_specversion"])
@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"\xff\xfe",
        b"nonsense\0",
        b"9" * 5000,
        b"-1",
        b"2025-06-02T10:30:00",
        b"0001-01-01T00:00:00+14:00",
        b"throughline.counters..v1",
        b"throughline.counters.a b.v1",
        b"throughline.counters.Moved.v" + b"9" * 5000,
    ],
)
def test_a_header_that_is_wrong_is_named(name: str, value: bytes | None) -> None:
    any_text = {"ce_source", "ce_category"}
    if (name in any_text and value is not None and b"\xff" not in value) or (
        (name, value) == ("ce_caseid", None)
    ):
        to_heard(b"key", b"{}", pairs(**{name: value}))
        return
    with pytest.raises(Unreadable) as unreadable:
        to_heard(b"key", b"{}", pairs(**{name: value}))
    assert unreadable.value.at == name
    assert "nonsense" not in str(unreadable.value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"[]",
        b"NaN",
        b'{"by": NaN}',
        b'{"by": Infinity}',
        b'{"by": 1e999}',
        b'{"by": 1, "by": 2}',
        b'{"by": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b"\xff",
        b"Alice",
    ],
)
def test_data_that_is_no_object_of_json_is_unreadable(value: bytes | None) -> None:
    with pytest.raises(Unreadable) as unreadable:
        to_heard(b"key", value, pairs())
    assert unreadable.value.at == "data"
    assert "Alice" not in str(unreadable.value)


def test_a_record_without_a_key_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        to_heard(None, b"{}", pairs())


def test_a_record_whose_stream_can_be_read_is_known_by_it() -> None:
    spoiled = read_record(b"key", b"no json", pairs())
    assert isinstance(spoiled, Spoiled)
    assert (spoiled.at, spoiled.version, spoiled.type) == ("data", 7, "Moved")
    assert spoiled.stream_id == UUID(GOOD["ce_subject"].decode())


NAMES = st.sampled_from(sorted(GOOD)) | st.text(max_size=20)
VALUES = st.sampled_from(sorted(GOOD.values())) | st.binary(max_size=60) | st.none()


@given(
    key=st.none() | st.binary(max_size=40),
    value=st.none() | st.binary(max_size=80) | st.just(b"{}"),
    changed=st.dictionaries(NAMES, VALUES, max_size=6),
)
@example(key=b"k", value=b"{}", changed={"ce_sequence": "²".encode()})
@example(key=b"k", value=b"{}", changed={"ce_time": b"9999-12-31T23:59:59-14:00"})
def test_whatever_comes_it_is_heard_or_spoiled_or_unreadable(
    key: bytes | None,
    value: bytes | None,
    changed: dict[str, bytes | None],
) -> None:
    try:
        found = read_record(key, value, pairs(**changed))
    except Unreadable:
        return
    assert 0 < found.version < 2**31
    assert found.type in {"", UNPUBLISHED} or found.type.isalnum()
    if isinstance(found, Heard):
        assert found.occurred.at.tzinfo is not None
        assert found.occurred.precision in {"instant", "day"}


def test_the_name_of_a_service_is_the_end_of_its_source() -> None:
    assert to_heard(b"k", b"{}", pairs()).service == COUNTERS.name
