"""A session that is booked: kept, or cancelled with its reason. While it cannot be held it stays.

Whether it is held back is not a fact of its own: it follows, each time that it is asked, from the
worker's registration on its day and from what pauses the work of the case.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from casework.cases.case import Case, open_case
from casework.sessions.intervention import Intervention, causes_of
from casework.sessions.session import SessionKind
from casework.workers.work import MAY_DO, Needs, OtherProfession, Work
from casework.workers.worker import Registered
from ledger.clock import london_day
from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]

CLINICAL = frozenset(
    each for each in SessionKind if MAY_DO[Work(each.value)].needs is Needs.REGISTER
)
"""Work that needs a registration which covers its day."""

DIRECT = CLINICAL | {SessionKind.DIRECT_WORK, SessionKind.LIFE_STORY_WORK}
"""Work with the child, which a pause holds; talking to parents and professionals goes on."""


class CancelReason(StrEnum):
    """Why a booked session is not held."""

    FAMILY_CANCELLED = "family-cancelled"
    FAMILY_ILL = "family-ill"
    WORKER_ILL = "worker-ill"
    WORKER_AWAY = "worker-away"
    MOVED = "moved"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    REGISTRATION_LAPSED = "registration-lapsed"
    SAFETY = "safety"
    CASE_CLOSING = "case-closing"
    BOOKED_IN_ERROR = "booked-in-error"


class HeldBecause(StrEnum):
    """Why a booked session cannot be held as things are."""

    REGISTRATION = "registration-lapsed"
    PAUSED = "intervention-paused"


@dataclass(frozen=True, slots=True)
class Slot:
    """What is booked, of whom, and for when."""

    worker: UUID
    kind: SessionKind
    starts_at: datetime
    minutes: int

    @property
    def on(self) -> date:
        """The day in London."""
        return london_day(self.starts_at)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Book a session in an open case; the case and the worker were looked up."""

    booking_id: UUID
    case: Case
    worker: Registered
    slot: Slot
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class Cancel:
    """The session will not be held as booked."""

    reason: CancelReason
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class Keep:
    """The session was recorded."""

    session_id: UUID


@dataclass(frozen=True, slots=True)
class SessionScheduled:
    """A session is booked with that worker, for that time."""

    booking_id: UUID
    case_id: UUID
    child: UUID
    slot: Slot
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class SessionCancelled:
    """The booked session is not held, for that reason."""

    booking_id: UUID
    case_id: UUID
    child: UUID
    reason: CancelReason
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class BookingKept:
    """The booked session was held and is recorded."""

    booking_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class NotBooked:
    """There is no such booking."""


@dataclass(frozen=True, slots=True)
class Booked:
    """The session is to come."""

    booking_id: UUID
    case_id: UUID
    child: UUID
    slot: Slot


@dataclass(frozen=True, slots=True)
class Kept:
    """The session was held."""

    booked: Booked
    session_id: UUID


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The session is not held."""

    booked: Booked
    reason: CancelReason


class NoSuchBooking(Refusal):
    """The authority has no booking of that id."""


class BookedOtherwise(Refusal):
    """A booking of that id is for another session."""


class BookingIsOver(Refusal):
    """The booked session was held, or cancelled for another reason."""


BookingCommand: TypeAlias = Schedule | Cancel | Keep
BookingEvent: TypeAlias = SessionScheduled | SessionCancelled | BookingKept
Booking: TypeAlias = NotBooked | Booked | Kept | Cancelled


def decide(  # noqa: PLR0911 # a table: one row a transition
    command: BookingCommand, booking: Booking
) -> list[BookingEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, booking:
        case Schedule(), NotBooked():
            return [_scheduled(command)]
        # The same again is the same answer, so that callers may retry.
        case Schedule(slot=asked), Booked() | Kept() | Cancelled():
            if asked != booked_slot(booking).slot:
                raise BookedOtherwise
            return []
        case _, NotBooked():
            raise NoSuchBooking
        case Cancel(reason, words), Booked(booking_id, case_id, child):
            return [SessionCancelled(booking_id, case_id, child, reason, words)]
        case Keep(session_id), Booked(booking_id):
            return [BookingKept(booking_id, session_id)]
        case Cancel(reason=asked_reason), Cancelled(reason=held) if asked_reason is held:
            return []
        case Keep(session_id=asked_id), Kept(session_id=held_id) if asked_id == held_id:
            return []
        # It was held after all: that is recorded, whatever was said before.
        case Keep(session_id), Cancelled(booked):
            return [BookingKept(booked.booking_id, session_id)]
        case _:
            raise BookingIsOver


def _scheduled(command: Schedule) -> SessionScheduled:
    case, slot = open_case(command.case), command.slot
    if command.worker.kind not in MAY_DO[Work(slot.kind.value)].kinds:
        raise OtherProfession
    return SessionScheduled(command.booking_id, case.case_id, case.child, slot, command.words)


def booked_slot(booking: Booked | Kept | Cancelled) -> Booked:
    """Return what was booked."""
    return booking if isinstance(booking, Booked) else booking.booked


def evolve(booking: Booking, event: BookingEvent) -> Booking:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case SessionScheduled(booking_id, case_id, child, slot):
            return Booked(booking_id, case_id, child, slot)
        case _ if isinstance(booking, NotBooked):
            return booking
        case SessionCancelled(reason=reason):
            return Cancelled(booked_slot(booking), reason)
        case BookingKept(session_id=session_id):
            return Kept(booked_slot(booking), session_id)
        case _:
            assert_never(event)


def held_because(
    slot: Slot, worker: Registered, intervention: Intervention
) -> tuple[HeldBecause, ...]:
    """Say why a booked session cannot be held as things are; nothing where it can."""
    lapsed = slot.kind in CLINICAL and not worker.registered_on(slot.on)
    paused = slot.kind in DIRECT and bool(causes_of(intervention))
    return (
        *((HeldBecause.REGISTRATION,) if lapsed else ()),
        *((HeldBecause.PAUSED,) if paused else ()),
    )


DECIDER: Decider[BookingCommand, Booking, BookingEvent] = Decider(
    "Booking", NotBooked(), decide, evolve
)
