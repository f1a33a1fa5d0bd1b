"""What can have happened to a rota: shifts planned, begun and over, and gaps."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from casework.urgent.rule import Post


@dataclass(frozen=True, slots=True)
class OnCallPlanned:
    """The worker is to stand from `starts_at` to `until`; it begins by itself."""

    post: Post
    worker: UUID
    starts_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class OnCallPlanDropped:
    """The worker is no longer to stand from `starts_at` on."""

    post: Post
    worker: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class OnCallStarted:
    """The worker stands from `at` to `until`, in place of the previous one if there was one."""

    post: Post
    worker: UUID
    at: datetime
    until: datetime
    previous_worker: UUID | None


@dataclass(frozen=True, slots=True)
class OnCallMoved:
    """The shift of the worker who stands ends at another time than was said."""

    post: Post
    worker: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class OnCallEnded:
    """The worker stands no longer, by his or a manager's word."""

    post: Post
    worker: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class OnCallRanOut:
    """The time of the worker's shift is over and nobody ended it or took over."""

    post: Post
    worker: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class OnCallUncovered:
    """Nobody stands at an hour that must have somebody; those in `tell` are told."""

    post: Post
    since: datetime
    tell: tuple[UUID, ...]


RotaEvent: TypeAlias = (
    OnCallPlanned
    | OnCallPlanDropped
    | OnCallStarted
    | OnCallMoved
    | OnCallEnded
    | OnCallRanOut
    | OnCallUncovered
)
