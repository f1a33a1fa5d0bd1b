"""The direct work with a child and family: it runs, or is paused for one cause or several.

Each cause is paused and resumed by itself; the work runs again when none is left. What rests on a
consent pauses and resumes with it, never by hand. Bookings stay and are held meanwhile.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from casework.cases.case import Case, open_case
from casework.consents.consent_states import Consent, Disputed, NeverAsked, holds
from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


class PauseCause(StrEnum):
    """Why the work is paused."""

    CONSENT = "consent"
    REGISTRATION = "registration-lapsed"
    NO_WORKER = "no-worker"
    FAMILY_ASKED = "family-asked"
    CLINICAL = "clinical-reason"


BY_HAND = frozenset(PauseCause) - {PauseCause.CONSENT}
"""Causes for which a person decides to pause and to resume."""

_NO_WORDS: Plain[str | None] = Plain(None)


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause the work by decision; the case was looked up."""

    case: Case
    cause: PauseCause
    on: date
    reasons: Plain[str | None]


@dataclass(frozen=True, slots=True)
class Resume:
    """The cause is over."""

    case: Case
    cause: PauseCause
    on: date
    reasons: Plain[str | None]


@dataclass(frozen=True, slots=True)
class FollowConsent:
    """The consent to therapy stood so and stands so now: pause or resume with it."""

    before: Consent
    after: Consent
    on: date


@dataclass(frozen=True, slots=True)
class InterventionPaused:
    """The direct work is paused for that cause from that day on; bookings are held."""

    case_id: UUID
    child: UUID
    cause: PauseCause
    on: date
    reasons: MaybeWords


@dataclass(frozen=True, slots=True)
class InterventionResumed:
    """That cause of the pause is over on that day."""

    case_id: UUID
    child: UUID
    cause: PauseCause
    on: date
    reasons: MaybeWords


@dataclass(frozen=True, slots=True)
class Running:
    """Nothing pauses the work."""


@dataclass(frozen=True, slots=True)
class Paused:
    """The work is paused: by cause, since when."""

    since: tuple[tuple[PauseCause, date], ...]

    @property
    def causes(self) -> frozenset[PauseCause]:
        """Why it is paused."""
        return frozenset(cause for cause, _ in self.since)


class FollowsConsent(Refusal):
    """A pause for want of consent ends with the consent, or with the decision over it."""


InterventionCommand: TypeAlias = Pause | Resume | FollowConsent
InterventionEvent: TypeAlias = InterventionPaused | InterventionResumed
Intervention: TypeAlias = Running | Paused


def decide(command: InterventionCommand, intervention: Intervention) -> list[InterventionEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    causes = causes_of(intervention)
    match command:
        case Pause(cause=PauseCause.CONSENT) | Resume(cause=PauseCause.CONSENT):
            raise FollowsConsent
        case Pause(case, cause, on, reasons):
            known = open_case(case)
            if cause in causes:
                return []
            return [InterventionPaused(known.case_id, known.child, cause, on, reasons)]
        case Resume(case, cause, on, reasons):
            known = open_case(case)
            if cause not in causes:
                return []
            return [InterventionResumed(known.case_id, known.child, cause, on, reasons)]
        case FollowConsent():
            return _follow(command, causes)
        case _:
            assert_never(command)


def _follow(command: FollowConsent, causes: frozenset[PauseCause]) -> list[InterventionEvent]:
    before, after = command.before, command.after
    if isinstance(after, NeverAsked):
        return []
    case_id, child = after.known.case_id, after.known.child
    paused = PauseCause.CONSENT in causes
    if holds(after) and paused:
        return [InterventionResumed(case_id, child, PauseCause.CONSENT, command.on, _NO_WORDS)]
    lost = not holds(after) and (holds(before) or isinstance(after, Disputed))
    if lost and not paused:
        return [InterventionPaused(case_id, child, PauseCause.CONSENT, command.on, _NO_WORDS)]
    return []


def evolve(intervention: Intervention, event: InterventionEvent) -> Intervention:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    since = intervention.since if isinstance(intervention, Paused) else ()
    left = tuple(each for each in since if each[0] is not event.cause)
    match event:
        case InterventionPaused(cause=cause, on=on):
            return Paused((*left, (cause, on)))
        case InterventionResumed():
            return Paused(left) if left else Running()
        case _:
            assert_never(event)


def causes_of(intervention: Intervention) -> frozenset[PauseCause]:
    """Return why the work is paused; nothing where it runs."""
    return intervention.causes if isinstance(intervention, Paused) else frozenset()


DECIDER: Decider[InterventionCommand, Intervention, InterventionEvent] = Decider(
    "Intervention", Running(), decide, evolve
)
