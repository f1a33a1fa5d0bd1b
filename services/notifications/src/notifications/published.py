"""What notifications tells others: whether a message left, by which words and way. No words."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.envelope import Recorded
from notifications.letter import Letter
from notifications.message_events import MessageBlocked, MessageGivenUp, MessageSent, NotePlaced


@dataclass(frozen=True, slots=True)
class NotificationSent:
    """A message was taken over by a mail server, or stands in a worker's inbox.

    `about_event` is the event it tells of, or the submission where several events tell of one.
    `template_version` 0 is the wording that ships with the product.
    """

    message_id: UUID
    template: str
    template_version: int
    channel: str
    recipient: UUID
    about_event: UUID


@dataclass(frozen=True, slots=True)
class NotificationFailed:
    """A message will not reach its recipient: it was refused, blocked or tried too often.

    With `timed-out` or `interrupted` it may have arrived all the same: nobody can tell.
    """

    message_id: UUID
    template: str
    template_version: int
    channel: str
    recipient: UUID
    about_event: UUID
    reason: str


EVENTS: tuple[type, ...] = (NotificationSent, NotificationFailed)


def publish(recorded: Recorded[Any]) -> NotificationSent | NotificationFailed | None:
    """Return what others are told of a stored event, if anything."""
    match recorded.event:
        case MessageSent(letter=letter, template_version=version):
            return _sent(letter, version)
        case NotePlaced(letter=letter, template_version=version):
            return _sent(letter, version)
        case MessageGivenUp(letter=letter, template_version=version, reason=reason):
            return _failed(letter, version, reason)
        case MessageBlocked(letter=letter, template_version=version, reason=reason):
            return _failed(letter, version, reason)
        case _:
            return None


def _sent(letter: Letter, version: int) -> NotificationSent:
    return NotificationSent(
        message_id=letter.message_id,
        template=letter.template.value,
        template_version=version,
        channel=letter.channel.value,
        recipient=letter.recipient,
        about_event=letter.about_event,
    )


def _failed(letter: Letter, version: int, reason: str) -> NotificationFailed:
    return NotificationFailed(
        message_id=letter.message_id,
        template=letter.template.value,
        template_version=version,
        channel=letter.channel.value,
        recipient=letter.recipient,
        about_event=letter.about_event,
        reason=str(reason),
    )
