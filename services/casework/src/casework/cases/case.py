"""A child's case: opened by an accepted referral, joined by later ones, closed with a reason.

A referral that comes after the closing begins a new episode of the same case. What may go on
whatever the case's state (safeguarding, consent, funding, places in groups) has streams of its own.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from casework.cases.reopening import CaseIsOpen, CaseReopened, NotCheckedAgain, Reopen
from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn


class CloseReason(StrEnum):
    """Why the work ended (DOMAIN §2.5)."""

    GOALS_MET = "goals-met"
    PLANNED_END = "planned-end"
    FAMILY_WITHDREW = "family-withdrew"
    NO_ENGAGEMENT = "no-engagement"
    OUT_OF_RESPONSIBILITY = "out-of-responsibility"
    MOVED = "moved"
    STEPPED_UP = "stepped-up-to-safeguarding"
    AGED_OUT = "aged-out"
    DECEASED = "deceased"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class AcceptedReferral:
    """An accepted referral as the case knows it.

    `contact`: the person to be written to, None where the referral names none.
    `duty_holder`: the authority that owes the service, None while that is not known.
    """

    referral_id: UUID
    reference: str
    family_id: UUID
    contact: UUID | None
    needs: tuple[str, ...]
    duty_holder: str | None
    accepted_on: date


@dataclass(frozen=True, slots=True)
class TakeOnReferral:
    """An accepted referral is to be worked on: in a new case, or in the one that there is."""

    case_id: UUID
    child: UUID
    referral: AcceptedReferral


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Another authority passed the case to this one, which begins an episode of its own."""

    case_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID | None
    episode: int
    transfer: UUID
    on: date


@dataclass(frozen=True, slots=True)
class EndCase:
    """The work of the episode is over."""

    reason: CloseReason
    on: date
    summary: Plain[str]


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A referral was accepted for a child who had no case: the case and its first episode."""

    case_id: UUID
    child: UUID
    referral: AcceptedReferral


@dataclass(frozen=True, slots=True)
class ReferralJoined:
    """Another referral was accepted while the case was open: it belongs to the same episode."""

    case_id: UUID
    child: UUID
    episode: int
    referral: AcceptedReferral


@dataclass(frozen=True, slots=True)
class EpisodeOpened:
    """A referral was accepted after the case was closed: the same case, a new episode."""

    case_id: UUID
    child: UUID
    episode: int
    referral: AcceptedReferral


@dataclass(frozen=True, slots=True)
class CaseTakenOver:
    """Custody of the case passed from another authority to this one: its work goes on here.

    `episode` counts on from those there.
    """

    case_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID | None
    episode: int
    transfer: UUID
    on: date


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The episode's work ended on that day in London; the record stays and can be added to."""

    case_id: UUID
    child: UUID
    episode: int
    reason: CloseReason
    on: date
    summary: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class NotOpened:
    """There is no such case."""


@dataclass(frozen=True, slots=True)
class Open:
    """The case is worked on, in this episode since `opened_on`.

    `contact` and `family_id` are those of the latest referral; `referrals` are those of the case,
    and the transfers by which it came.
    """

    case_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID | None
    episode: int
    opened_on: date
    referrals: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Closed:
    """The last episode has ended."""

    last: Open
    reason: CloseReason
    on: date


class NoSuchCase(Refusal):
    """The authority has no case of that id."""


class CaseOfAnotherChild(Refusal):
    """The case of that id is another child's: each child's case is its own."""


class CaseIsClosed(Refusal):
    """The work of the case has ended."""


class ClosedForAnotherReason(Refusal):
    """The case is closed already, for another reason or on another day."""


CaseCommand: TypeAlias = TakeOnReferral | TakeOver | Reopen | EndCase
CaseEvent: TypeAlias = (
    CaseOpened | ReferralJoined | EpisodeOpened | CaseTakenOver | CaseReopened | CaseClosed
)
Case: TypeAlias = NotOpened | Open | Closed


def decide(  # noqa: C901, PLR0911 # a table: one row a transition
    command: CaseCommand, case: Case
) -> list[CaseEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, case:
        case TakeOnReferral(case_id=case_id, child=child, referral=referral), NotOpened():
            return [CaseOpened(case_id, child, referral)]
        case TakeOnReferral(child=child), Open(child=other) | Closed(last=Open(child=other)) if (
            child != other
        ):
            raise CaseOfAnotherChild
        # A referral is taken on once, however often it is heard of.
        case TakeOnReferral(referral=referral), Open(referrals=known) | Closed(
            last=Open(referrals=known)
        ) if referral.referral_id in known:
            return []
        case TakeOnReferral(referral=referral), Open(case_id, child, episode=episode):
            return [ReferralJoined(case_id, child, episode, referral)]
        case TakeOnReferral(referral=referral), Closed(last=last):
            return [EpisodeOpened(last.case_id, last.child, last.episode + 1, referral)]
        case TakeOver(), _:
            return _taken_over(command, case)
        case Reopen(), _:
            return _reopened(command, case)
        case EndCase(reason, on, summary), Open(case_id, child, episode=episode):
            return [CaseClosed(case_id, child, episode, reason, on, summary)]
        # The same closing again is the same answer, so that callers may retry.
        case EndCase(reason=asked, on=day), Closed(reason=held, on=since):
            if (asked, day) == (held, since):
                return []
            raise ClosedForAnotherReason
        case EndCase(), NotOpened():
            raise NoSuchCase
        case _:
            raise Refusal(type(command), type(case))


def _reopened(command: Reopen, case: Case) -> list[CaseEvent]:
    match case:
        case NotOpened():
            raise NoSuchCase
        case Open(referrals=known) | Closed(last=Open(referrals=known)) if (
            command.reopening in known
        ):
            return []
        case Open():
            raise CaseIsOpen
        case Closed(last=last):
            if command.lacking:
                raise NotCheckedAgain(command.lacking)
            asked = (command.reopening, command.reason, command.duty_holder, command.on)
            return [CaseReopened(last.case_id, last.child, last.episode + 1, *asked, command.words)]


def _taken_over(command: TakeOver, case: Case) -> list[CaseEvent]:
    episode = command.episode
    match case:
        case Open(child=other) | Closed(last=Open(child=other)) if other != command.child:
            raise CaseOfAnotherChild
        case (Open() as last) | Closed(last=last):
            if command.transfer in last.referrals:
                return []
            episode = max(episode, last.episode)
        case NotOpened():
            pass
    return [
        CaseTakenOver(
            command.case_id,
            command.child,
            command.family_id,
            command.contact,
            episode + 1,
            command.transfer,
            command.on,
        )
    ]


def evolve(case: Case, event: CaseEvent) -> Case:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case CaseOpened(case_id, child, referral):
            return Open(
                case_id,
                child,
                referral.family_id,
                referral.contact,
                1,
                referral.accepted_on,
                frozenset({referral.referral_id}),
            )
        case ReferralJoined(referral=referral) | EpisodeOpened(referral=referral):
            return _joined(case, event, referral)
        case CaseTakenOver():
            return _goes_on(case, event)
        case CaseReopened(episode=episode, reopening=reopening, on=on):
            if not isinstance(case, Closed):
                return case
            known = case.last.referrals | {reopening}
            return replace(case.last, episode=episode, opened_on=on, referrals=known)
        case CaseClosed(reason=reason, on=on):
            return Closed(case, reason, on) if isinstance(case, Open) else case
        case _:
            assert_never(event)


def _goes_on(case: Case, event: CaseTakenOver) -> Open:
    match case:
        case (Open() as last) | Closed(last=last):
            known = last.referrals
        case NotOpened():
            known = frozenset()
    return Open(
        event.case_id,
        event.child,
        event.family_id,
        event.contact,
        event.episode,
        event.on,
        known | {event.transfer},
    )


def _joined(case: Case, event: ReferralJoined | EpisodeOpened, referral: AcceptedReferral) -> Case:
    match case:
        case (Open() as last) | Closed(last=last):
            return Open(
                last.case_id,
                last.child,
                referral.family_id,
                referral.contact,
                event.episode,
                last.opened_on if isinstance(event, ReferralJoined) else referral.accepted_on,
                last.referrals | {referral.referral_id},
            )
        case NotOpened():
            return case


def open_case(case: Case) -> Open:
    """Return the case that new work can be done in. Raises NoSuchCase, CaseIsClosed."""
    match case:
        case Open():
            return case
        case Closed():
            raise CaseIsClosed
        case NotOpened():
            raise NoSuchCase


def people_of(case: Case) -> tuple[UUID, ...]:
    """Return whom a case is about: its child."""
    match case:
        case Open(child=child) | Closed(last=Open(child=child)):
            return (child,)
        case NotOpened():
            return ()


DECIDER: Decider[CaseCommand, Case, CaseEvent] = Decider("Case", NotOpened(), decide, evolve)
