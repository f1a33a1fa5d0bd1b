"""Where a rota can stand: who stands, who stood, and who is planned."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from casework.urgent.rule import Post

KEPT = 1_000
"""Shifts that are over and still in the state, newest; the history has them all."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A worker stands, or stood, from an instant until before another."""

    worker: UUID
    starts_at: datetime
    until: datetime

    def covers(self, at: datetime) -> bool:
        """Whether the worker stands at an instant."""
        return self.starts_at <= at < self.until


@dataclass(frozen=True, slots=True)
class NeverKept:
    """Nobody ever stood; `planned`, here and below: shifts to come, the earliest first."""

    planned: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody stands; `past`: shifts that are over, oldest first."""

    post: Post
    shift: Shift
    past: tuple[Shift, ...]
    planned: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class Vacant:
    """Nobody stands, and nothing was said of it."""

    post: Post
    past: tuple[Shift, ...]
    planned: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Nobody stands although somebody must; it was said."""

    post: Post
    past: tuple[Shift, ...]
    planned: tuple[Shift, ...] = ()


Rota: TypeAlias = NeverKept | Standing | Vacant | Uncovered


def shifts(rota: Rota) -> tuple[Shift, ...]:
    """Return all shifts that are kept, oldest first, the one that stands last."""
    match rota:
        case NeverKept():
            return ()
        case Standing(shift=shift, past=past):
            return (*past, shift)
        case Vacant(past=past) | Uncovered(past=past):
            return past


def stands_at(rota: Rota, at: datetime) -> UUID | None:
    """Return who stood, or stands, at an instant; None: nobody."""
    return next((each.worker for each in reversed(shifts(rota)) if each.covers(at)), None)


def stood_last(rota: Rota) -> UUID | None:
    """Return who stands, or stood last; None: nobody ever did."""
    kept = shifts(rota)
    return kept[-1].worker if kept else None
