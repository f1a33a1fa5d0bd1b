"""What events make of a read model, as the checker sees it without the code that keeps it."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from faults.checking.evidence import Event
from faults.checking.folds import notifications, referrals
from faults.checking.folds.model import Model
from faults.checking.telling import Telling

NOTHING_TOLD = Telling((), ())
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LETTER = {
    "message_id": str(UUID(int=1)),
    "template": "referral-accepted",
    "recipient": str(UUID(int=2)),
    "about_event": str(UUID(int=3)),
    "channel": "email",
}
REFERRAL = {"referral": str(UUID(int=4))}
RECEIVED = REFERRAL | {
    "reference": "2345-6789",
    "submission": str(UUID(int=5)),
    "case": str(UUID(int=6)),
    "child": str(UUID(int=7)),
    "immediate_danger": False,
    "placement_at_risk": False,
}


def happened(kind: str, said: dict[str, Any]) -> Event:
    payload = json.dumps(said).encode()
    return Event(
        position=1,
        tenant=UUID(int=8),
        stream_id=UUID(int=9),
        event_id=uuid4(),
        command_id=uuid4(),
        version=1,
        type=kind,
        occurred_at=NOW,
        recorded_at=NOW,
        payload=payload,
    )


def of(table: str, models: Any) -> Model:
    found: Model = next(each for each in models if each.table == table)
    return found


def test_what_is_left_to_a_worker_is_no_longer_the_senders() -> None:
    queued = happened("MessageQueued", {"letter": LETTER})
    left = happened("MessageLeftToWorker", {"letter": LETTER | {"channel": "letter"}})
    assert of("pending", notifications.fold([queued], NOTHING_TOLD)).rows
    folded = notifications.fold([queued, left], NOTHING_TOLD)
    assert not of("pending", folded).rows
    assert [each["state"] for each in of("messages", folded).rows.values()] == ["queued"]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("ReferralWithdrawn", "withdrawn"),
        ("ReferralRedirected", "redirected"),
        ("ReferralCameBack", "screened"),
        ("ReferralTakenBack", "taken-back"),
    ],
)
def test_a_referral_stands_where_its_last_move_left_it(kind: str, state: str) -> None:
    events = [happened("ReferralReceived", RECEIVED), happened(kind, REFERRAL)]
    [row] = of("worklist", referrals.fold(events, NOTHING_TOLD)).rows.values()
    assert row["state"] == state
