"""What happened in the service of a statutory notice."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn
from notifications.rules import Method


class Document(StrEnum):
    """Which notice of a proposal."""

    PROPOSAL = "proposal"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be served on whom. `about_event`: the news that said so."""

    service_id: UUID
    notice_id: UUID
    document: Document
    text_version: int
    addressee: UUID
    about_event: UUID


@dataclass(frozen=True, slots=True)
class ServiceAwaited:
    """A statutory notice is to be served by a worker, in exactly that version of its text."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class ServicePrepared:
    """A worker is about to serve it: where, as it was safe to go on that day. The proof of it."""

    service_id: UUID
    addressee: UUID
    attempt: int
    method: Method
    on: date
    address: Annotated[Personal[str | None], SealedIn(Block.CONTACT, of="addressee")]


@dataclass(frozen=True, slots=True)
class NoticeServed:
    """It was handed over or posted on that day, and counts as served on the other, by the rule."""

    notice: Notice
    attempt: int
    method: Method
    sent_on: date
    deemed_on: date
    rule: str


@dataclass(frozen=True, slots=True)
class NoticeServiceFailed:
    """The attempt did not reach its addressee, or could not be made: it was not served."""

    notice: Notice
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True)
class ServiceDropped:
    """The notice is not to be served any more: its authority does not go on with it."""

    notice: Notice
