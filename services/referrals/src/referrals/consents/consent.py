"""One consent: that a child's affairs may be told to one recipient, given, refused or withdrawn.

It may be withdrawn at any time, with effect at once, and be given anew. What was told under it is
noted here, so that a withdrawal finds whatever can still be called back.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn

CATEGORY = "Consent"

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


class Capacity(StrEnum):
    """By what right somebody speaks for the child."""

    PARENTAL_RESPONSIBILITY = "parental-responsibility"
    # A child who was found competent to decide this, or is 16 or 17.
    COMPETENT_CHILD = "competent-child"
    # A referrer says that the family agreed; the family's own word overrides it for good.
    REPORTED = "reported-by-referrer"


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """Somebody agreed that the recipient may be told, from a day, perhaps up to one, within limits.

    `how` says how it was given, `competent_on` the day on which a child was found competent.
    `submission`: the submission that reports it, None where it was given to a worker.
    """

    child: UUID
    recipient: str
    by: UUID
    capacity: Capacity
    competent_on: date | None
    from_day: date
    until: date | None
    submission: UUID | None
    how: MaybeWords
    limits: MaybeWords

    def holds_on(self, day: date) -> bool:
        """Whether the consent is in effect on a day, unless it was withdrawn."""
        return self.from_day <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class ConsentRefused:
    """Somebody who may decide it did not agree: nothing is told to the recipient."""

    child: UUID
    recipient: str
    by: UUID
    capacity: Capacity
    how: MaybeWords


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """Somebody who may decide it took the consent back: from this moment nothing is told."""

    child: UUID
    recipient: str
    by: UUID
    capacity: Capacity
    how: MaybeWords


@dataclass(frozen=True, slots=True)
class ConsentReliedOn:
    """A redirect rests on this consent."""

    child: UUID
    recipient: str
    redirect: UUID


ConsentEvent: TypeAlias = ConsentGiven | ConsentRefused | ConsentWithdrawn | ConsentReliedOn


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Agree, or agree anew on other terms. Whoever says so `may` decide it: that was looked up."""

    said: ConsentGiven


@dataclass(frozen=True, slots=True)
class RefuseConsent:
    """Do not agree."""

    child: UUID
    recipient: str
    by: UUID
    capacity: Capacity
    how: Personal[str | None]


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Take a consent back."""

    child: UUID
    recipient: str
    by: UUID
    capacity: Capacity
    how: Personal[str | None]


@dataclass(frozen=True, slots=True)
class RelyOnConsent:
    """Redirect on the strength of the consent on a day."""

    redirect: UUID
    on: date


ConsentCommand: TypeAlias = GiveConsent | RefuseConsent | WithdrawConsent | RelyOnConsent


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Nobody was asked."""


@dataclass(frozen=True, slots=True)
class Given:
    """The recipient may be told. `relied`: the redirects that rest on it."""

    said: ConsentGiven
    relied: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody agreed."""

    said: ConsentRefused


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """It was given, and taken back."""

    said: ConsentWithdrawn


Consent: TypeAlias = NotAsked | Given | Refused | Withdrawn


class NoConsent(Refusal):
    """Nobody who may decide it has agreed, as of that day, that this recipient is told."""


class NotGiven(Refusal):
    """What was never given is not withdrawn."""


def decide(command: ConsentCommand, consent: Consent) -> list[ConsentEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command:
        case GiveConsent(said=said):
            return _give(said, consent)
        case RefuseConsent():
            return _refuse(command, consent)
        case WithdrawConsent():
            return _withdraw(command, consent)
        case RelyOnConsent():
            return _rely(command, consent)
        case _:
            assert_never(command)


def evolve(consent: Consent, event: ConsentEvent) -> Consent:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, consent:
        case ConsentGiven(), Given(relied=relied):
            folded: Consent = Given(event, relied)
        case ConsentGiven(), _:
            folded = Given(event, ())
        case ConsentRefused(), _:
            folded = Refused(event)
        case ConsentWithdrawn(), _:
            folded = Withdrawn(event)
        case ConsentReliedOn(redirect=redirect), Given(relied=relied):
            folded = replace(consent, relied=(*relied, redirect))
        case _:
            folded = consent
    return folded


CONSENT: Decider[ConsentCommand, Consent, ConsentEvent] = Decider(
    CATEGORY, NotAsked(), decide, evolve
)


def held(consent: Consent, day: date) -> ConsentGiven | None:
    """Return the consent that is in effect on a day, if there is one."""
    return consent.said if isinstance(consent, Given) and consent.said.holds_on(day) else None


def reported(  # what a submission says of it
    child: UUID, recipient: str, by: UUID, capacity: Capacity, from_day: date, submission: UUID
) -> GiveConsent:
    """Return the command that keeps a consent which a submission reports."""
    nothing: Plain[str | None] = Plain(None)
    return GiveConsent(
        ConsentGiven(
            child, recipient, by, capacity, None, from_day, None, submission, nothing, nothing
        )
    )


def _give(said: ConsentGiven, consent: Consent) -> list[ConsentEvent]:
    match consent:
        case Given(said=before) if _same(said, before):
            return []
        # What a submission reports adds nothing to the family's own word, and never undoes it.
        case Given() | Refused() | Withdrawn() if said.submission is not None:
            return []
        case _:
            return [said]


def _refuse(command: RefuseConsent, consent: Consent) -> list[ConsentEvent]:
    match consent:
        case Refused(said=before) if before.by == command.by:
            return []
        case _:
            return [
                ConsentRefused(
                    command.child, command.recipient, command.by, command.capacity, command.how
                )
            ]


def _withdraw(command: WithdrawConsent, consent: Consent) -> list[ConsentEvent]:
    match consent:
        case Given():
            return [
                ConsentWithdrawn(
                    command.child, command.recipient, command.by, command.capacity, command.how
                )
            ]
        # Nothing is told already.
        case Withdrawn() | Refused():
            return []
        case _:
            raise NotGiven


def _rely(command: RelyOnConsent, consent: Consent) -> list[ConsentEvent]:
    match consent:
        case Given(relied=relied) if command.redirect in relied:
            return []
        case Given(said=said) if said.holds_on(command.on):
            return [ConsentReliedOn(said.child, said.recipient, command.redirect)]
        case _:
            raise NoConsent


def _same(said: ConsentGiven, before: ConsentGiven) -> bool:
    """Whether the terms are the same (sealed words do not compare)."""
    return replace(said, how=before.how, limits=before.limits) == before
