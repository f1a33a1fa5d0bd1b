"""What a rota can be asked, with what was looked up for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from casework.urgent.rota_states import Shift
from casework.urgent.rule import Post
from casework.workers.worker import Worker


@dataclass(frozen=True, slots=True)
class Cover:
    """What is looked up of an hour: whether it must have somebody, and whom to tell if not."""

    wanted: bool
    tell: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class BeginShift:
    """A worker, looked up, stands from now until an instant, or until then instead."""

    post: Post
    worker: Worker
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class EndShift:
    """A worker stands no longer."""

    post: Post
    worker: UUID
    at: datetime
    cover: Cover


@dataclass(frozen=True, slots=True)
class CheckCover:
    """A shift's time is over, or an hour begins that must have somebody."""

    at: datetime
    cover: Cover


@dataclass(frozen=True, slots=True)
class PlanShift:
    """A worker, looked up, is to stand in a time that is still to come. `at`: now."""

    post: Post
    worker: Worker
    shift: Shift
    at: datetime


@dataclass(frozen=True, slots=True)
class DropPlanned:
    """A worker's shift that was to begin at an instant is planned no longer."""

    post: Post
    worker: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class BeginPlanned:
    """The instant has come at which a planned shift begins."""

    post: Post
    starts_at: datetime


RotaCommand: TypeAlias = BeginShift | EndShift | CheckCover | PlanShift | DropPlanned | BeginPlanned
