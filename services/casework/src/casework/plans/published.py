"""What is told of plans: in force, paused, ended, by days and codes. Never what they say."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from casework.plans import plan_events as told
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class PlanActivated:
    """A version of the case's plan is in force from a day; by a day it is to be reviewed."""

    version: int
    from_day: date
    monitor: UUID
    review_by: date


@dataclass(frozen=True, slots=True)
class PlanPaused:
    """Nothing is done under the plan from that day on, for a reason."""

    from_day: date
    reason: str


@dataclass(frozen=True, slots=True)
class PlanResumed:
    """The work under the plan goes on from that day."""

    from_day: date


@dataclass(frozen=True, slots=True)
class PlanEnded:
    """The plan is over after that day, for a reason."""

    on: date
    reason: str


EVENTS: tuple[type, ...] = (PlanActivated, PlanPaused, PlanResumed, PlanEnded)
Public: TypeAlias = PlanActivated | PlanPaused | PlanResumed | PlanEnded


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a fact of a plan, if anything."""
    match recorded.event:
        case told.PlanActivated(version=version, from_day=day, monitor=who, review_by=by):
            return PlanActivated(version, day, who, by)
        case told.PlanPaused(from_day=day, reason=reason):
            return PlanPaused(day, reason.value)
        case told.PlanResumed(from_day=day):
            return PlanResumed(day)
        case told.PlanEnded(on=day, reason=reason):
            return PlanEnded(day, reason.value)
        case _:
            return None
