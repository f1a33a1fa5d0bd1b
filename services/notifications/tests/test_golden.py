"""Every version of every event that was ever stored is read for ever: one sample of each."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic_core import to_jsonable_python

from ledger.commands import StoredEvent
from ledger.personal import Handle
from ledger.registry import personal_fields
from notifications.events import REGISTRY

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = sorted(GOLDEN.glob("*.json"))


def stored(sample: dict[str, Any]) -> StoredEvent:
    return StoredEvent(
        position=1,
        tenant=UUID(sample["tenant"]),
        stream_id=UUID(sample["stream_id"]),
        version=sample["version"],
        event_id=UUID(sample["event_id"]),
        command_id=UUID(sample["command_id"]),
        type=sample["type"],
        schema_version=sample["schema_version"],
        occurred_at=datetime.fromisoformat(sample["occurred_at"]),
        occurred_precision="instant",
        recorded_at=datetime.fromisoformat(sample["occurred_at"]),
        payload=sample["payload"].encode(),
        sealed=sample["sealed"].encode(),
        metadata=sample["metadata"].encode(),
        blinding=bytes(32),
        leaf_hash=bytes(32),
    )


def test_every_version_of_every_event_has_a_sample() -> None:
    names = {
        f"{cls.__name__}.v{version}.json"
        for _, cls, newest in REGISTRY.types()
        for version in range(1, newest + 1)
    }
    assert {each.name for each in SAMPLES} == names


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: str(path.stem))
def test_a_sample_is_read_as_it_was_meant(path: Path) -> None:
    sample = json.loads(path.read_bytes())
    event = REGISTRY.decode(stored(sample)).event
    assert type(event).__name__ == sample["type"]
    sealed = personal_fields(type(event))
    assert sorted(sealed) == sample["meaning"]["sealed"]
    for name in sealed:
        value = getattr(event, name)
        assert isinstance(value, Handle)
        assert value.field == name
    clear = {
        name: to_jsonable_python(getattr(event, name))
        for name in event.__dataclass_fields__
        if name not in sealed
    }
    assert clear == sample["meaning"]["clear"]
