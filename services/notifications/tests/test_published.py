"""What others are told of messages: who, by which words and way, and how it ended; no words."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain
from notifications.events import REGISTRY
from notifications.letter import Channel, Letter, Reason, TemplateCode
from notifications.message_events import (
    AttemptBegun,
    AttemptFailed,
    AttemptInDoubt,
    MessageAcknowledged,
    MessageBlocked,
    MessageGivenUp,
    MessageLeftToWorker,
    MessageQueued,
    MessageSent,
    NotePlaced,
)
from notifications.parties import PartiesNoted
from notifications.published import (
    EVENTS,
    NoticeServed,
    NoticeServiceFailed,
    NotificationFailed,
    NotificationSent,
    publish,
)
from notifications.template import TemplatePublished
from services.notifications.tests import test_notice_service as samples

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
ID, PERSON, CAUSE = (UUID(int=number) for number in (1, 2, 3))
LETTER = Letter(ID, TemplateCode.PLACE_OFFERED, Channel.EMAIL, PERSON, CAUSE)
WORDS = Plain("secret words")
SENT = NotificationSent(ID, "place-offered", 2, "email", PERSON, CAUSE)


def recorded(event: object) -> Recorded[Any]:
    name = type(event).__name__
    return Recorded(
        event,
        Envelope(
            event_id=uuid4(),
            tenant=uuid4(),
            category="Message",
            stream_id=uuid4(),
            version=1,
            position=1,
            type=name,
            schema_version=1,
            occurred=Occurred(NOW),
            recorded_at=NOW,
            actor=Actor("service:notifications", "service"),
            command_id=uuid4(),
            correlation_id=uuid4(),
        ),
    )


def failed(reason: str) -> NotificationFailed:
    return NotificationFailed(ID, "place-offered", 2, "email", PERSON, CAUSE, reason)


TOLD: list[tuple[object, object]] = [
    (MessageQueued(LETTER), None),
    (MessageLeftToWorker(LETTER), None),
    (AttemptBegun(ID, 1, PERSON, 2, "<x@y>", WORDS, WORDS, WORDS), None),
    (AttemptFailed(ID, 1, Reason.TRY_LATER, NOW), None),
    (AttemptInDoubt(ID, 1, Reason.TIMED_OUT, NOW), None),
    (MessageSent(LETTER, 2, 1), SENT),
    (NotePlaced(LETTER, PERSON, 2, WORDS, WORDS), SENT),
    (MessageGivenUp(LETTER, 2, 1, Reason.RECIPIENT_REFUSED), failed("recipient-refused")),
    (MessageBlocked(LETTER, 2, Reason.DO_NOT_CONTACT), failed("do-not-contact")),
    (MessageAcknowledged(ID, PERSON), None),
    (PartiesNoted(CAUSE, "K7P2-M4Q", PERSON, "school", None), None),
    (samples.awaited, None),
    (samples.prepared, None),
    (samples.dropped, None),
    (
        samples.posted,
        NoticeServed(
            samples.NOTICE,
            "proposal",
            1,
            1,
            "first-class-post",
            samples.MON_3_NOV,
            samples.WED_5_NOV,
            samples.RULE,
        ),
    ),
    (samples.returned, NoticeServiceFailed(samples.NOTICE, "proposal", 1, 1, "returned")),
    (TemplatePublished(TemplateCode.PLACE_OFFERED, 1, Channel.EMAIL, "a", "b"), None),
]


@pytest.mark.parametrize(("event", "told"), TOLD, ids=lambda each: type(each).__name__)
def test_only_how_a_message_ended_is_told(event: object, told: object) -> None:
    assert publish(recorded(event)) == told


def test_every_stored_event_is_decided_on() -> None:
    assert {type(event) for event, _ in TOLD} == {cls for _, cls, _ in REGISTRY.types()}
    assert {type(told) for _, told in TOLD if told is not None} == set(EVENTS)
