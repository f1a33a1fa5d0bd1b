"""Every stored event, in every version it ever had, is read for ever: one sample each."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from groups.events import REGISTRY
from ledger.commands import NO_LEAF, StoredEvent
from ledger.envelope import Actor
from ledger.registry import encode_metadata

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = sorted(GOLDEN.glob("*.json"))
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def stored(sample: dict[str, Any]) -> StoredEvent:
    some = UUID(int=1)
    return StoredEvent(
        position=1,
        tenant=some,
        stream_id=some,
        version=1,
        event_id=some,
        command_id=some,
        type=sample["type"],
        schema_version=sample["schema_version"],
        occurred_at=AT,
        occurred_precision="instant",
        recorded_at=AT,
        payload=json.dumps(sample["payload"]).encode(),
        sealed=b"",
        metadata=encode_metadata("any", Actor("somebody", "service"), some),
        blinding=bytes(32),
        leaf_hash=NO_LEAF,
    )


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_and_says_the_same_when_written_anew(path: Path) -> None:
    sample = json.loads(path.read_bytes())
    event = REGISTRY.decode(stored(sample)).event
    payload, sealed = REGISTRY.encode(event)
    assert sealed == []
    if sample["schema_version"] == REGISTRY.schema_version(event):
        assert json.loads(payload) == sample["payload"]


def test_there_is_a_sample_of_every_version_of_every_event() -> None:
    expected = {
        f"{cls.__name__}.v{version}"
        for _, cls, newest in REGISTRY.types()
        for version in range(1, newest + 1)
    }
    assert {path.stem for path in SAMPLES} == expected
