"""The event types of this service, by stored name."""

from ledger.registry import Registry
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
from notifications.notice_events import (
    NoticeServed,
    NoticeServiceFailed,
    ServiceAwaited,
    ServiceDropped,
    ServicePrepared,
)
from notifications.parties import PartiesNoted
from notifications.template import TemplatePublished

REGISTRY = (
    Registry()
    .register("Template", TemplatePublished)
    .register("Parties", PartiesNoted)
    .register(
        "NoticeService",
        ServiceAwaited,
        ServicePrepared,
        NoticeServed,
        NoticeServiceFailed,
        ServiceDropped,
    )
    .register(
        "Message",
        MessageQueued,
        MessageLeftToWorker,
        AttemptBegun,
        AttemptFailed,
        AttemptInDoubt,
        MessageSent,
        NotePlaced,
        MessageGivenUp,
        MessageBlocked,
        MessageAcknowledged,
    )
)
