"""What can be asked of a message. Times to try again are by the real clock, not the store's."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from ledger.personal import Personal
from notifications.letter import Channel, Letter, Reason


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """Tell somebody of something; if that is queued already, nothing more is to be done.

    `case_id`: the case in whose file the message is to be found, if it is of one.
    """

    letter: Letter
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LeaveToWorker:
    """The person would rather have it by letter or by telephone: a worker sees to that."""

    message_id: UUID
    channel: Channel


@dataclass(frozen=True, slots=True)
class BeginAttempt:
    """Say, before it is done, that these words now go to this address."""

    message_id: UUID
    attempt: int
    template_version: int
    header: str
    address: Personal[str]
    subject_line: Personal[str]
    text: Personal[str]


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """Put a note in its recipient's inbox."""

    message_id: UUID
    template_version: int
    subject_line: Personal[str]
    text: Personal[str]


@dataclass(frozen=True, slots=True)
class ConfirmSent:
    """The mail server has taken the message over."""

    message_id: UUID
    attempt: int


@dataclass(frozen=True, slots=True)
class RecordFailure:
    """The attempt failed for certain; the one numbered `limit` is the last."""

    message_id: UUID
    attempt: int
    reason: Reason
    retry_at: datetime
    limit: int


@dataclass(frozen=True, slots=True)
class RecordDoubt:
    """Nobody knows whether the message was taken over; the attempt numbered `limit` is the last."""

    message_id: UUID
    attempt: int
    reason: Reason
    retry_at: datetime
    limit: int


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The mail server will never take the message."""

    message_id: UUID
    attempt: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class BlockMessage:
    """There is no safe way to this person."""

    message_id: UUID
    template_version: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class AcknowledgeMessage:
    """The worker has read the note."""

    message_id: UUID
    by: UUID


MessageCommand: TypeAlias = (
    QueueMessage
    | LeaveToWorker
    | BeginAttempt
    | PlaceNote
    | ConfirmSent
    | RecordFailure
    | RecordDoubt
    | GiveUp
    | BlockMessage
    | AcknowledgeMessage
)
