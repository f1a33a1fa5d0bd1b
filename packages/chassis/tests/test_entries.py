"""A fact is told with all that its stored JSON says, value by value."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st

from chassis.queries.entries import Telling, parts_of, timestamp
from chassis.queries.past import Fact, Told
from evidence.history import entry_of
from evidence.leaf import LeafInput
from ledger.commands import StoredEvent
from ledger.encoding import encode_metadata
from ledger.envelope import Actor, Basis
from throughline.history.v1.history_pb2 import Entry

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
AT = datetime(2025, 5, 31, 23, 0, 0, 123456, tzinfo=UTC)


def fact(payload: dict[str, Any], precision: str = "instant") -> Fact:
    """Make a fact that says everything an envelope can."""
    metadata = encode_metadata(
        "Counter",
        Actor("worker-1", "support-worker", "worker-2"),
        uuid4(),
        causation_id=uuid4(),
        traceparent="00-1-2-01",
        basis=Basis.OPINION,
        corrects=uuid4(),
        subjects=(uuid4(), uuid4()),
        case_id=uuid4(),
    )
    return Fact.of(
        StoredEvent(
            position=7,
            tenant=uuid4(),
            stream_id=uuid4(),
            version=3,
            event_id=uuid4(),
            command_id=uuid4(),
            type="Counted",
            schema_version=2,
            occurred_at=AT,
            occurred_precision=precision,
            recorded_at=AT,
            payload=json.dumps(payload).encode(),
            sealed=b"",
            metadata=metadata,
            blinding=bytes(32),
            leaf_hash=bytes(32),
        )
    )


def told(of: Fact, data: dict[str, Any]) -> Entry:
    """Tell one fact."""
    [part] = parts_of("counters", [Telling(Told(of, None), data, ())], 0)
    return part.entry


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_what_is_told_is_what_the_json_says(data: dict[str, Any]) -> None:
    entry = told(fact({}), data)
    assert entry.HasField("data")
    assert MessageToDict(entry.data) == data


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_told_to_the_microsecond(at: datetime) -> None:
    assert timestamp(at).ToDatetime(tzinfo=UTC) == at


def test_it_is_told_as_a_verifier_of_a_bundle_makes_it_again() -> None:
    own = fact({"by": 3, "label": "a", "when": None})
    columns = {name: getattr(own.stored, name) for name in LeafInput.__dataclass_fields__}
    made_again = entry_of("counters", LeafInput(**columns))
    entry = MessageToDict(told(own, {"by": 3, "label": "a"}), preserving_proto_field_name=True)
    # The JSON of protobuf writes 64-bit numbers as text.
    entry["version"] = int(entry["version"])
    # A bundle writes instants in a form of its own, and positions not at all.
    in_own_words = {"occurred", "recorded_at"}
    assert entry.keys() - made_again.keys() == {"position"}
    for name in made_again.keys() - in_own_words:
        assert entry[name] == made_again[name], name


def test_a_day_is_that_in_london() -> None:
    assert told(fact({}, "day"), {}).occurred.day == "2025-06-01"


def test_the_newest_correction_is_named() -> None:
    by = UUID(int=5)
    [part] = parts_of("counters", [Telling(Told(fact({}), by), {}, ["name"])], 0)
    assert (part.entry.corrected_by, list(part.entry.sealed_fields)) == (str(by), ["name"])
