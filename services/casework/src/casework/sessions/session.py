"""A session held with a child or family: recorded once, set right as often as need be.

A correction names what it corrects and states the session anew; what was written before stays.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from casework.workers.work import Work, may_do
from casework.workers.worker import Registered
from ledger.clock import london_day
from ledger.decider import Decider, Refusal
from ledger.envelope import Occurred
from ledger.personal import Block, Personal, Plain, SealedIn


class SessionKind(StrEnum):
    """What was done."""

    THERAPY = "therapy"
    THERAPEUTIC_ASSESSMENT = "therapeutic-assessment"
    DIRECT_WORK = "direct-work"
    LIFE_STORY_WORK = "life-story-work"
    PARENT_SUPPORT = "parent-support"
    HOME_VISIT = "home-visit"
    CONSULTATION = "consultation"
    MEETING = "meeting"
    TELEPHONE_CALL = "telephone-call"


class Attendee(StrEnum):
    """Who took part, by how they stand to the child."""

    CHILD = "child"
    ADOPTIVE_PARENT = "adoptive-parent"
    SIBLING = "sibling"
    OTHER_FAMILY = "other-family"
    SCHOOL = "school"
    HEALTH = "health"
    SOCIAL_CARE = "social-care"
    OTHER_PROFESSIONAL = "other-professional"


class CorrectionReason(StrEnum):
    """Why a record was set right."""

    WRONG_DATE = "wrong-date"
    WRONG_PERSON = "wrong-person"
    WRONG_WORDING = "wrong-wording"
    FACTUAL_ERROR = "factual-error"
    OMISSION = "omission"
    SUBJECT_ASKED = "subject-asked"


@dataclass(frozen=True, slots=True)
class Account:
    """The clear part of what is said of a session. Nobody attended: it was offered in vain.

    `held` is the time that the envelope gives too: a correction may move it, so it is decided on.
    """

    kind: SessionKind
    held: Occurred
    minutes: int
    attended: tuple[Attendee, ...]

    @property
    def on(self) -> date:
        """The day in London."""
        return london_day(self.held.at)


@dataclass(frozen=True, slots=True)
class RecordSession:
    """A session was held. Who did it, and when his case was closed if it is, are looked up."""

    session_id: UUID
    case_id: UUID
    child: UUID
    by: Registered
    account: Account
    closed_on: date | None
    notes: Plain[str]


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction says anew; None leaves a value as it was."""

    kind: SessionKind | None = None
    held: Occurred | None = None
    minutes: int | None = None
    attended: tuple[Attendee, ...] | None = None

    def of(self, before: Account) -> Account:
        """Return the account as corrected."""
        return Account(
            self.kind or before.kind,
            self.held or before.held,
            before.minutes if self.minutes is None else self.minutes,
            before.attended if self.attended is None else self.attended,
        )


@dataclass(frozen=True, slots=True)
class CorrectSession:
    """Set right the entry at `version` of the session's stream; `by` did the session.

    `notes` holds None where the words stay as they are.
    """

    version: int
    change: Change
    by: Registered
    reason: CorrectionReason
    notes: Plain[str | None] = field(default=Plain(None))


@dataclass(frozen=True, slots=True)
class SessionRecorded:
    """The worker held a session in the case, and wrote down what happened in it."""

    session_id: UUID
    case_id: UUID
    child: UUID
    worker: UUID
    account: Account
    notes: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class SessionCorrected:
    """The session was set right: from now on this account holds. The envelope names the entry.

    `changed` names what differs from that entry; notes that are not among it stay as they were.
    """

    session_id: UUID
    case_id: UUID
    child: UUID
    worker: UUID
    account: Account
    changed: tuple[str, ...]
    reason: CorrectionReason
    notes: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class NotHeld:
    """No such session is recorded."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is said of the session now. `entries` counts the record and its corrections."""

    session_id: UUID
    case_id: UUID
    child: UUID
    worker: UUID
    account: Account
    entries: int
    before: tuple[Account, ...]


class NoSuchSession(Refusal):
    """The authority has no session of that id."""


class SessionKnownOtherwise(Refusal):
    """A session of that id is recorded already, with other particulars."""


class CaseWasClosed(Refusal):
    """The session's day is after the closing of the case."""


class NotTheLatestEntry(Refusal):
    """The entry to be corrected has been corrected already: correct the correction."""


class NothingChanged(Refusal):
    """The correction says what is recorded already."""


SessionCommand: TypeAlias = RecordSession | CorrectSession
SessionEvent: TypeAlias = SessionRecorded | SessionCorrected
Session: TypeAlias = NotHeld | Held


def decide(command: SessionCommand, session: Session) -> list[SessionEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, session:
        case RecordSession(account=account, closed_on=closed), NotHeld() if closed and (
            account.on > closed
        ):
            raise CaseWasClosed
        case RecordSession(by=by, account=account), NotHeld():
            _may_hold(by, account)
            return [
                SessionRecorded(
                    command.session_id,
                    command.case_id,
                    command.child,
                    by.worker,
                    account,
                    command.notes,
                )
            ]
        # The same session again is the same answer, so that callers may retry.
        case RecordSession(by=by, account=account), Held(worker=worker, account=now, before=before):
            if (by.worker, account) == (worker, (*before, now)[0]):
                return []
            raise SessionKnownOtherwise
        case CorrectSession(), NotHeld():
            raise NoSuchSession
        case CorrectSession(), Held():
            return _correct(command, session)
        case _:
            raise Refusal(type(command), type(session))


def _correct(command: CorrectSession, session: Held) -> list[SessionEvent]:
    # The same correction again; only its clear part can be compared, the words are sealed.
    if command.version == session.entries - 1 and session.before:
        if command.change.of(session.before[-1]) == session.account:
            return []
        raise NotTheLatestEntry
    if command.version != session.entries:
        raise NotTheLatestEntry
    account = command.change.of(session.account)
    changed = _changed(session.account, account, command.notes)
    if not changed:
        raise NothingChanged
    if (account.kind, account.on) != (session.account.kind, session.account.on):
        _may_hold(command.by, account)
    return [
        SessionCorrected(
            session.session_id,
            session.case_id,
            session.child,
            session.worker,
            account,
            changed,
            command.reason,
            command.notes,
        )
    ]


def _changed(before: Account, after: Account, notes: Plain[str | None]) -> tuple[str, ...]:
    fields = ("kind", "held", "minutes", "attended")
    clear = tuple(name for name in fields if getattr(before, name) != getattr(after, name))
    return clear if notes.value is None else (*clear, "notes")


def _may_hold(worker: Registered, account: Account) -> None:
    """Refuse work to whom it is not: OtherProfession, RegistrationLapsed."""
    may_do(worker, Work(account.kind.value), account.on)


def evolve(session: Session, event: SessionEvent) -> Session:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case SessionRecorded(session_id, case_id, child, worker, account):
            return Held(session_id, case_id, child, worker, account, 1, ())
        case SessionCorrected(session_id, case_id, child, worker, account):
            entries, before = (
                (session.entries, (*session.before, session.account))
                if isinstance(session, Held)
                else (0, ())
            )
            return Held(session_id, case_id, child, worker, account, entries + 1, before)
        case _:
            assert_never(event)


DECIDER: Decider[SessionCommand, Session, SessionEvent] = Decider(
    "Session", NotHeld(), decide, evolve
)
