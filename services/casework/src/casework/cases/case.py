"""A child's case: opened by an accepted referral, joined by later ones, closed with a reason.

A referral that comes after the closing begins a new episode of the same case. What may go on
whatever the case's state (safeguarding, consent, funding, places in groups) has streams of its own.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from casework.cases.case_events import (
    AcceptedReferral,
    CaseClosed,
    CaseOpened,
    CaseTakenOver,
    CloseReason,
    EpisodeOpened,
    ReferralJoined,
)
from casework.cases.reopening import CaseIsOpen, CaseReopened, NotCheckedAgain, Reopen
from ledger.decider import Decider, Refusal
from ledger.personal import Plain

__all__ = [
    "DECIDER",
    "AcceptedReferral",
    "Case",
    "CaseClosed",
    "CaseCommand",
    "CaseEvent",
    "CaseIsClosed",
    "CaseOfAnotherChild",
    "CaseOpened",
    "CaseTakenOver",
    "CloseReason",
    "Closed",
    "ClosedForAnotherReason",
    "EndCase",
    "EpisodeOpened",
    "NoSuchCase",
    "NotOpened",
    "Open",
    "ReferralJoined",
    "TakeOnReferral",
    "TakeOver",
    "decide",
    "evolve",
    "open_case",
    "people_of",
]


@dataclass(frozen=True, slots=True)
class TakeOnReferral:
    """An accepted referral is to be worked on: in a new case, or in the one that there is.

    `known_by`: the worker who knows the family, as was found where the referral was screened.
    """

    case_id: UUID
    child: UUID
    referral: AcceptedReferral
    known_by: UUID | None = None


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
