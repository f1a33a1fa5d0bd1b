"""The service of one statutory notice: awaited, tried by hand or by post, done or not.

A statutory notice is no notification: it needs exact text, version, addressee, method, day and
proof (DOMAIN §9b). What did not arrive was not served, also where it counted as served before.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import NAMESPACE_URL, UUID, uuid5

from ledger.decider import Decider, Refusal
from ledger.personal import Plain
from notifications.notice_events import (
    Document,
    Notice,
    NoticeServed,
    NoticeServiceFailed,
    ServiceAwaited,
    ServiceDropped,
    ServicePrepared,
)
from notifications.rules import Method

_SERVICES = uuid5(NAMESPACE_URL, "throughline/notifications/notice-service")


class NotServed(StrEnum):
    """Why an attempt did not reach the addressee, as a worker says."""

    RETURNED = "returned"
    REFUSED = "refused"
    NOBODY_THERE = "nobody-there"
    # Another text, or to another person.
    SENT_IN_ERROR = "sent-in-error"


def service_id(tenant: UUID, notice_id: UUID, document: Document, text_version: int) -> UUID:
    """Return the id of the one service of that version of a notice."""
    return uuid5(_SERVICES, f"{tenant}/{notice_id}/{document.value}/{text_version}")


@dataclass(frozen=True, slots=True)
class AwaitService:
    """A notice was issued: it is to be served. `case_id`: in whose file it is."""

    notice: Notice
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class PrepareService:
    """A worker is about to hand over or post it; the address was asked for on that day."""

    service_id: UUID
    attempt: int
    method: Method
    on: date
    address: Plain[str | None]


@dataclass(frozen=True, slots=True)
class BlockService:
    """There is no safe way to the addressee now."""

    service_id: UUID
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True)
class RecordServed:
    """It was handed over or posted on a day, and counts as served on another, by a rule."""

    service_id: UUID
    attempt: int
    sent_on: date
    deemed_on: date
    rule: str


@dataclass(frozen=True, slots=True)
class RecordNotServed:
    """The attempt did not reach the addressee."""

    service_id: UUID
    attempt: int
    reason: NotServed


@dataclass(frozen=True, slots=True)
class DropService:
    """The notice is not to be served any more."""

    service_id: UUID


@dataclass(frozen=True, slots=True)
class NotAwaited:
    """There is no such service."""


@dataclass(frozen=True, slots=True)
class Awaiting:
    """It is to be served; so many attempts failed."""

    notice: Notice
    attempt: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """An attempt is under way, its address checked on that day."""

    notice: Notice
    attempt: int
    method: Method
    on: date


@dataclass(frozen=True, slots=True)
class Served:
    """It counts as served."""

    notice: Notice
    attempt: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """It is not to be served any more."""

    notice: Notice
    attempt: int


class NoSuchService(Refusal):
    """The authority has no such service of a notice."""


class ServiceNotPrepared(Refusal):
    """Where it may go is asked for before it goes."""


class PostedBeforeChecked(Refusal):
    """It was posted before it was known whether the address was safe."""


class AlreadyServed(Refusal):
    """It is served: first it is recorded that it did not arrive."""


class NotToBeServed(Refusal):
    """The notice was withdrawn: it is not to be served any more."""


ServiceCommand: TypeAlias = (
    AwaitService | PrepareService | BlockService | RecordServed | RecordNotServed | DropService
)
ServiceEvent: TypeAlias = (
    ServiceAwaited | ServicePrepared | NoticeServed | NoticeServiceFailed | ServiceDropped
)
Service: TypeAlias = NotAwaited | Awaiting | Prepared | Served | Dropped


def decide(  # a table: one row a transition
    command: ServiceCommand, service: Service
) -> list[ServiceEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, service:
        case AwaitService(notice), NotAwaited():
            return [ServiceAwaited(notice)]
        # Heard of again.
        case AwaitService(), _:
            return []
        case _, NotAwaited():
            raise NoSuchService
        case DropService(), Served() | Dropped():
            return []
        case DropService(), _:
            return [ServiceDropped(service.notice)]
        case _, Dropped():
            raise NotToBeServed
        case _:
            return _tried(command, service)


def _tried(
    command: PrepareService | BlockService | RecordServed | RecordNotServed,
    service: Awaiting | Prepared | Served,
) -> list[ServiceEvent]:
    match command, service:
        # The same attempt again is the same answer, so that callers may retry.
        case (
            (PrepareService(attempt=asked), Prepared(attempt=held))
            | (BlockService(attempt=asked), Awaiting(attempt=held))
            | (RecordServed(attempt=asked), Served(attempt=held))
            | (RecordNotServed(attempt=asked), Awaiting(attempt=held))
        ) if asked == held > 0:
            return []
        case PrepareService() | BlockService(), Served():
            raise AlreadyServed
        case PrepareService(which, attempt, method, on, address), _:
            to = service.notice.addressee
            return [ServicePrepared(which, to, attempt, method, on, address)]
        case BlockService(attempt=attempt, reason=reason), _:
            return [NoticeServiceFailed(service.notice, attempt, reason)]
        case RecordServed(attempt=asked), Prepared(attempt=held) if asked == held:
            return _served(command, service)
        case (
            RecordNotServed(attempt=asked, reason=reason),
            Prepared(notice, held) | Served(notice, held),
        ) if asked == held:
            return [NoticeServiceFailed(notice, asked, reason.value)]
        case _:
            raise ServiceNotPrepared


def _served(command: RecordServed, service: Prepared) -> list[ServiceEvent]:
    if service.method is not Method.BY_HAND and command.sent_on < service.on:
        raise PostedBeforeChecked
    return [
        NoticeServed(
            service.notice,
            service.attempt,
            service.method,
            command.sent_on,
            command.deemed_on,
            command.rule,
        )
    ]


def evolve(service: Service, event: ServiceEvent) -> Service:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, service:
        case ServiceAwaited(notice), _:
            return Awaiting(notice, 0)
        case _, NotAwaited():
            return service
        case ServicePrepared(attempt=attempt, method=method, on=on), _:
            return Prepared(service.notice, attempt, method, on)
        case NoticeServed(notice, attempt), _:
            return Served(notice, attempt)
        case NoticeServiceFailed(notice, attempt), _:
            return Awaiting(notice, attempt)
        case ServiceDropped(notice), _:
            return Dropped(notice, service.attempt)
        case _:
            assert_never(event)


DECIDER: Decider[ServiceCommand, Service, ServiceEvent] = Decider(
    "NoticeService", NotAwaited(), decide, evolve
)
