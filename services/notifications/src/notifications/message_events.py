"""What is recorded of a message. Times to try again are by the real clock, not the store's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn
from notifications.letter import Letter, Reason


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """Somebody is to be told. Nothing was sent yet, and no address was asked for."""

    letter: Letter


@dataclass(frozen=True, slots=True)
class MessageLeftToWorker:
    """It goes by letter or by telephone, as the person prefers: it waits on a worker's list."""

    letter: Letter


@dataclass(frozen=True, slots=True)
class AttemptBegun:
    """These words are about to go to this address, under this `Message-ID` header.

    Of a letter the address is the lines on its envelope, of a call the number; the header then
    goes nowhere.
    """

    message_id: UUID
    attempt: int
    recipient: UUID
    template_version: int
    header: str
    address: Annotated[Personal[str], SealedIn(Block.CONTACT, of="recipient")]
    subject_line: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="recipient")]
    text: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="recipient")]


@dataclass(frozen=True, slots=True)
class AttemptFailed:
    """The attempt's message was certainly not taken over; it is tried again."""

    message_id: UUID
    attempt: int
    reason: Reason
    retry_at: datetime


@dataclass(frozen=True, slots=True)
class AttemptInDoubt:
    """The attempt's message may have been taken over; it is sent again under the same header."""

    message_id: UUID
    attempt: int
    reason: Reason
    retry_at: datetime


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A mail server has taken the message over, or a worker says that he posted or told it."""

    letter: Letter
    template_version: int
    attempt: int


@dataclass(frozen=True, slots=True)
class NotePlaced:
    """The note stands in its recipient's inbox."""

    letter: Letter
    recipient: UUID
    template_version: int
    subject_line: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="recipient")]
    text: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="recipient")]


@dataclass(frozen=True, slots=True)
class MessageGivenUp:
    """No attempt follows; the reason is the last one's."""

    letter: Letter
    template_version: int
    attempt: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class MessageBlocked:
    """There was no safe way to the recipient, so nothing was sent and nothing will be."""

    letter: Letter
    template_version: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class MessageAcknowledged:
    """The recipient of a note says that it was read."""

    message_id: UUID
    recipient: UUID


MessageEvent: TypeAlias = (
    MessageQueued
    | MessageLeftToWorker
    | AttemptBegun
    | AttemptFailed
    | AttemptInDoubt
    | MessageSent
    | NotePlaced
    | MessageGivenUp
    | MessageBlocked
    | MessageAcknowledged
)
