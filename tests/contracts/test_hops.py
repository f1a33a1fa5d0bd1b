"""What each record asks for is said a second time here, and is what the services themselves do."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework import subscriptions as of_casework
from chassis.acting import Do, Heard, Subscription
from faults.checking.evidence import Record, Told
from faults.checking.hops import HEARS, asked
from groups import subscriptions as of_groups
from ledger.envelope import Occurred
from ledger.ids import caused_id
from notifications import subscriptions as of_notifications
from referrals import subscriptions as of_referrals

SERVICES: dict[str, tuple[Subscription, ...]] = {
    "referrals": of_referrals.SUBSCRIPTIONS,
    "casework": of_casework.SUBSCRIPTIONS,
    "groups": of_groups.SUBSCRIPTIONS,
    "notifications": of_notifications.SUBSCRIPTIONS,
}
HERE, THERE, CASE, CHILD, THING = (UUID(int=n) for n in range(1, 6))
DAY = date(2026, 4, 1).isoformat()
NOTICE = {"notice_id": str(THING), "document": "proposal", "text_version": 2}
ATTEMPT = NOTICE | {"attempt": 1}
TO = {"to_authority": str(THERE)}
BACK = {"of_case": str(CASE), "sent_by_authority": str(THERE)}
OFFERED = {"ground": "consent", "reason": "family-moved", "parts": ["case", "safeguarding"]}
IDENTITY = {"person": str(CHILD), "same_as": str(CASE), "episode": str(THING)}
DUTY: dict[str, Any] = {"child": str(CHILD), "duty_holder": "saltby"}

TOLD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("notifications", "NoticeServed", ATTEMPT | {"method": "by-hand", "deemed_on": DAY}),
    ("notifications", "NoticeServiceFailed", ATTEMPT | {"reason": "returned"}),
    (
        "notifications",
        "NotificationFailed",
        {"message_id": str(THING), "channel": "email", "recipient": str(CHILD)},
    ),
    ("casework", "NoticeIssued", NOTICE | {"addressee": str(CHILD)}),
    ("casework", "NoticeWithdrawn", NOTICE),
    (
        "casework",
        "TransferOffered",
        {"transfer_id": str(THING), "child": str(CHILD)} | OFFERED | TO,
    ),
    ("casework", "TransferAskedBack", {"transfer_id": str(THING)} | TO),
    (
        "casework",
        "CaseTransferred",
        {"transfer_id": str(THING), "child": str(CHILD), "family_id": str(CHILD), "episode": 1}
        | {"contact": None, "from_authority": str(HERE), "parts": ["case"]}
        | TO,
    ),
    ("casework", "TransferAccepted", {"transfer_id": str(THING), "lead": str(CHILD)} | BACK),
    ("casework", "TransferRefused", {"transfer_id": str(THING), "reason": "no-capacity"} | BACK),
    ("casework", "TransferGivenBack", {"transfer_id": str(THING)} | BACK),
    (
        "casework",
        "DutyChangeBegan",
        {"change_id": str(THING), "child": str(CHILD), "from_day": DAY} | TO,
    ),
    ("casework", "DutyTakenOn", {"change_id": str(THING)} | BACK),
    ("casework", "DutyStays", {"change_id": str(THING), "child": str(CHILD)} | TO),
    (
        "referrals",
        "ResponsibilityChanged",
        DUTY | {"before": "westmarch", "from_day": DAY, "to_day": None},
    ),
    (
        "referrals",
        "ResponsibilityDetermined",
        {"child": str(CHILD), "effect_from": DAY}
        | {"periods": [{"duty_holder": "saltby", "from_day": DAY, "to_day": None}]},
    ),
    ("referrals", "FamilyUntold", {"transfer_id": str(THING), "child": str(CHILD)}),
    ("referrals", "DuplicateLinked", IDENTITY),
    ("referrals", "DuplicateUnlinked", IDENTITY),
    ("referrals", "RedirectAskedBack", {"redirect_id": str(THING)} | TO),
    ("referrals", "RedirectAcknowledged", {"redirect_id": str(THING)} | BACK),
    ("referrals", "RedirectRefused", {"redirect_id": str(THING), "reason": "not-eligible"} | BACK),
    ("referrals", "RedirectGivenBack", {"redirect_id": str(THING)} | BACK),
)


def test_the_checker_knows_whose_topics_each_service_reads() -> None:
    reads = {name: {each.service for each in found} for name, found in SERVICES.items()}
    assert reads == {name: set(found) for name, found in HEARS.items()}


@pytest.mark.parametrize(("service", "kind", "data"), TOLD, ids=[each[1] for each in TOLD])
def test_what_a_record_asks_for_is_what_the_services_do(
    service: str, kind: str, data: dict[str, Any]
) -> None:
    event, at = uuid4(), datetime(2026, 4, 1, tzinfo=UTC)
    record = Record(service, 0, 0, b"", json.dumps(data).encode(), ())
    told = Told(service, event, HERE, THING, 1, kind, CASE, record)
    heard = Heard(
        event_id=event,
        service=service,
        tenant=HERE,
        category="Any",
        stream_id=THING,
        version=1,
        type=kind,
        schema_version=1,
        occurred=Occurred(at),
        recorded_at=at,
        correlation_id=event,
        case_id=CASE,
        data=data,
    )
    done = {
        (name, do.tenant or HERE, caused_id(name, event, type(do.command).__name__, do.target))
        for name, subscriptions in SERVICES.items()
        for each in subscriptions
        if each.service == service
        for do in each.hear(heard)
        if isinstance(do, Do)
    }
    assert done
    assert {(each.consumer, each.tenant, each.command_id) for each in asked(told)} == done
