"""What casework tells others: which case, which worker, by opaque id, code, day and number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from casework.allocations import published as allocations
from casework.assessments import published as assessments
from casework.cases import case, reopening
from casework.consents import published as consents
from casework.decisions import published as decisions
from casework.duty import published as duty
from casework.information import item
from casework.places import group_place
from casework.plans import published as plans
from casework.reviews import published as reviews
from casework.sessions import session
from casework.tasks import published as tasks
from casework.transfers import published as transfers
from casework.urgent import published as urgent
from casework.workers import published as workers
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """An accepted referral became a case. `contact`: the adult to be written to, or null."""

    child: UUID
    family_id: UUID
    referral_id: UUID
    contact: UUID | None


@dataclass(frozen=True, slots=True)
class EpisodeOpened:
    """An accepted referral joined the case that the child had.

    `episode` is the one it belongs to: the one in hand, or a new one if the case was closed.
    """

    referral_id: UUID
    episode: int


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The work of the case ended, for that reason; a later referral opens a new episode."""

    reason: str


@dataclass(frozen=True, slots=True)
class CaseReopened:
    """A person decided to begin work anew in a closed case: a new episode of it."""

    episode: int
    reason: str


@dataclass(frozen=True, slots=True)
class SessionRecorded:
    """A session of that kind was held in the case on that day in London."""

    session_id: UUID
    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class RecordCorrected:
    """What an earlier event said is set right; whoever counted it counts anew."""

    corrects: UUID


@dataclass(frozen=True, slots=True)
class PlaceRequested:
    """The case asks a group's cohort for a place for its family."""

    request_id: UUID
    cohort_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID


EVENTS: tuple[type, ...] = (
    CaseOpened,
    EpisodeOpened,
    CaseReopened,
    CaseClosed,
    SessionRecorded,
    RecordCorrected,
    PlaceRequested,
    *allocations.EVENTS,
    *assessments.EVENTS,
    *decisions.EVENTS,
    *consents.EVENTS,
    *plans.EVENTS,
    *reviews.EVENTS,
    *tasks.EVENTS,
    *duty.EVENTS,
    *transfers.EVENTS,
    *urgent.EVENTS,
    *workers.EVENTS,
)

Public: TypeAlias = (
    CaseOpened
    | EpisodeOpened
    | CaseReopened
    | CaseClosed
    | SessionRecorded
    | RecordCorrected
    | PlaceRequested
    | allocations.Public
    | assessments.Public
    | decisions.Public
    | consents.Public
    | plans.Public
    | reviews.Public
    | tasks.Public
    | duty.Public
    | transfers.Public
    | urgent.Public
    | workers.Public
)


_ROOMS: tuple[Callable[[Recorded[Any]], Public | None], ...] = (
    allocations.publish,
    assessments.publish,
    decisions.publish,
    consents.publish,
    plans.publish,
    reviews.publish,
    tasks.publish,
    duty.publish,
    transfers.publish,
    urgent.publish,
    workers.publish,
)


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a stored event, if anything."""
    match recorded.event:
        case group_place.PlaceRequested(request_id, cohort_id, child, family_id, contact):
            return PlaceRequested(request_id, cohort_id, child, family_id, contact)
        case session.SessionRecorded(session_id=session_id, account=account):
            return SessionRecorded(session_id, account.kind.value, account.on)
        case session.SessionCorrected() | item.InformationCorrected() if (
            recorded.envelope.corrects is not None
        ):
            return RecordCorrected(recorded.envelope.corrects)
        case event:
            told = (each(recorded) for each in _ROOMS)
            return _of_case(event) or next((each for each in told if each is not None), None)


def _of_case(event: object) -> Public | None:
    match event:
        case case.CaseOpened(child=child, referral=referral):
            return CaseOpened(child, referral.family_id, referral.referral_id, referral.contact)
        case case.EpisodeOpened(episode=episode, referral=referral):
            return EpisodeOpened(referral.referral_id, episode)
        case case.ReferralJoined(episode=episode, referral=referral):
            return EpisodeOpened(referral.referral_id, episode)
        case reopening.CaseReopened(episode=episode, reason=why):
            return CaseReopened(episode, why.value)
        case case.CaseClosed(reason=reason):
            return CaseClosed(reason.value)
        case _:
            return None
