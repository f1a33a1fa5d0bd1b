"""What notifications tells others: whether a message left, when a notice was served. No words."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from ledger.envelope import Recorded
from notifications import notice_events
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


@dataclass(frozen=True, slots=True)
class NoticeServed:
    """A statutory notice counts as served on that day, by the rule of that version.

    `document`: proposal or decision. `method`: by-hand, first-class-post, second-class-post.
    """

    notice_id: UUID
    document: str
    text_version: int
    attempt: int
    method: str
    sent_on: date
    deemed_on: date
    rule: str


@dataclass(frozen=True, slots=True)
class NoticeServiceFailed:
    """A statutory notice did not reach its addressee: it was not served, whatever was told before.

    `reason`: returned, refused, nobody-there, sent-in-error, or why there is no safe way.
    """

    notice_id: UUID
    document: str
    text_version: int
    attempt: int
    reason: str


EVENTS: tuple[type, ...] = (
    NotificationSent,
    NotificationFailed,
    NoticeServed,
    NoticeServiceFailed,
)

Public: TypeAlias = NotificationSent | NotificationFailed | NoticeServed | NoticeServiceFailed


def publish(  # noqa: PLR0911 # a row an event
    recorded: Recorded[Any],
) -> Public | None:
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
        case notice_events.NoticeServed() as served:
            return _served(served)
        case notice_events.NoticeServiceFailed(notice, attempt, reason):
            document, version = notice.document.value, notice.text_version
            return NoticeServiceFailed(notice.notice_id, document, version, attempt, reason)
        case _:
            return None


def _served(event: notice_events.NoticeServed) -> NoticeServed:
    return NoticeServed(
        event.notice.notice_id,
        event.notice.document.value,
        event.notice.text_version,
        event.attempt,
        event.method.value,
        event.sent_on,
        event.deemed_on,
        event.rule,
    )


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
