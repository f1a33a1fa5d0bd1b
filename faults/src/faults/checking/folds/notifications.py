"""What notifications' events make of its messages, of what is pending, and of the inboxes."""

from collections.abc import Sequence

from faults.checking.evidence import Event
from faults.checking.folds.model import Model
from faults.checking.telling import Telling

_ENDS = {
    "MessageSent": "sent",
    "NotePlaced": "sent",
    "MessageGivenUp": "given-up",
    "MessageBlocked": "blocked",
}


def fold(events: Sequence[Event], _topics: Telling) -> Sequence[Model]:
    """Return messages, those that are pending, and the notes of each worker."""
    messages = Model("messages", ("tenant", "message_id"))
    pending = Model("pending", ("tenant", "message_id"))
    inbox = Model("inbox", ("tenant", "worker", "message_id"))
    for event in events:
        _message(event, messages, pending)
        if event.type == "NotePlaced":
            said = event.said
            letter = said["letter"]["message_id"]
            inbox.row(event, said["recipient"], letter).update(version=event.version)
    return (messages, pending, inbox)


def _message(event: Event, messages: Model, pending: Model) -> None:
    said = event.said
    match event.type:
        case "MessageQueued":
            letter = said["letter"]
            messages.row(event, letter["message_id"]).update(
                state="queued",
                attempts=0,
                template=letter["template"],
                recipient=letter["recipient"],
                about_event=letter["about_event"],
                reason="",
            )
            pending.row(event, letter["message_id"]).update(channel=letter["channel"])
        case "MessageLeftToWorker":
            pending.drop(event, said["letter"]["message_id"])
        case "AttemptBegun":
            messages.known(event, said["message_id"]).update(
                state="attempting", attempts=said["attempt"], reason=""
            )
        case "AttemptFailed" | "AttemptInDoubt":
            state = "failed" if event.type == "AttemptFailed" else "in-doubt"
            messages.known(event, said["message_id"]).update(state=state, reason=said["reason"])
        case "MessageAcknowledged":
            messages.known(event, said["message_id"]).update(state="acknowledged", reason="")
        case end if end in _ENDS:
            letter = said["letter"]
            reason = said.get("reason", "")
            messages.known(event, letter["message_id"]).update(state=_ENDS[end], reason=reason)
            pending.drop(event, letter["message_id"])
        case _:
            return
