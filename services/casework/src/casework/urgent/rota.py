"""Who stands ready for a post, from when to when: at any instant one worker, or nobody.

One rota for each post of an authority. Whoever starts takes over from who stands; a shift ends when
its worker or a manager says so, or when its time runs out. Where that leaves nobody at an hour that
must have somebody, it is a fact of its own and others are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never
from uuid import UUID

from casework.urgent.rule import Post
from casework.workers.worker import Worker, WorkerKind, known_worker
from ledger.decider import Decider, Refusal

LONGEST = timedelta(days=7)
KEPT = 1_000
"""Shifts that are over and still in the state, newest; the history has them all."""

MAY_STAND: Mapping[Post, frozenset[WorkerKind]] = {
    Post.ON_CALL: frozenset(WorkerKind) - {WorkerKind.GROUP_FACILITATOR},
    Post.DUTY_MANAGER: frozenset({WorkerKind.TEAM_MANAGER}),
}
"""Kinds of worker who may stand for a post."""


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


@dataclass(frozen=True, slots=True)
class NeverKept:
    """Nobody ever stood."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody stands; `past`: shifts that are over, oldest first."""

    post: Post
    shift: Shift
    past: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Vacant:
    """Nobody stands, and nothing was said of it."""

    post: Post
    past: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Nobody stands although somebody must; it was said."""

    post: Post
    past: tuple[Shift, ...]


class MayNotStand(Refusal):
    """A worker of this kind does not stand for this post."""


class ShiftOutOfBounds(Refusal):
    """A shift ends after it begins, and within seven days."""


class StandsNot(Refusal):
    """That worker does not stand for this post now."""


RotaCommand: TypeAlias = BeginShift | EndShift | CheckCover
RotaEvent: TypeAlias = OnCallStarted | OnCallMoved | OnCallEnded | OnCallRanOut | OnCallUncovered
Rota: TypeAlias = NeverKept | Standing | Vacant | Uncovered


def decide(command: RotaCommand, rota: Rota) -> list[RotaEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, rota:
        case BeginShift(), _:
            return _begin(command, rota)
        case EndShift(post, worker, at, cover), Standing(shift=shift) if shift.worker == worker:
            ended = OnCallEnded(post, worker, min(at, shift.until))
            return [ended, *_uncovered(post, ended.at, cover)]
        # The same end again is the same answer, so that callers may retry.
        case EndShift(worker=worker), Vacant(past=(*_, last)) | Uncovered(past=(*_, last)) if (
            last.worker == worker
        ):
            return []
        case EndShift(), _:
            raise StandsNot
        case CheckCover(at, cover), Standing(post, shift) if shift.until <= at:
            ran_out = OnCallRanOut(post, shift.worker, shift.until)
            return [ran_out, *_uncovered(post, shift.until, cover)]
        case CheckCover(at, cover), Vacant(post):
            return _uncovered(post, at, cover)
        # Somebody stands, or it was said already.
        case CheckCover(), _:
            return []


def _begin(command: BeginShift, rota: Rota) -> list[RotaEvent]:
    worker, at, until = known_worker(command.worker), command.at, command.until
    if worker.kind not in MAY_STAND[command.post]:
        raise MayNotStand
    previous = None
    before: list[RotaEvent] = []
    match rota:
        # The same shift again is the same answer, so that callers may retry.
        case Standing(shift=Shift(worker=held, until=end)) if (held, end) == (worker.worker, until):
            return []
        case _ if not at < until <= at + LONGEST:
            raise ShiftOutOfBounds
        case Standing(shift=shift) if shift.until <= at:
            before = [OnCallRanOut(command.post, shift.worker, shift.until)]
        case Standing(shift=shift) if shift.worker == worker.worker:
            return [OnCallMoved(command.post, worker.worker, until)]
        case Standing(shift=shift):
            previous = shift.worker
        case NeverKept() | Vacant() | Uncovered():
            pass
    return [*before, OnCallStarted(command.post, worker.worker, at, until, previous)]


def _uncovered(post: Post, since: datetime, cover: Cover) -> list[RotaEvent]:
    return [OnCallUncovered(post, since, cover.tell)] if cover.wanted else []


def evolve(rota: Rota, event: RotaEvent) -> Rota:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case OnCallStarted(post, worker, at, until):
            return Standing(post, Shift(worker, at, until), _past(rota, at))
        case OnCallMoved(until=until):
            if not isinstance(rota, Standing):
                return rota
            return replace(rota, shift=replace(rota.shift, until=until))
        case OnCallEnded(post, _, at) | OnCallRanOut(post, _, at):
            return Vacant(post, _past(rota, at))
        case OnCallUncovered(post):
            return rota if isinstance(rota, NeverKept | Standing) else Uncovered(post, rota.past)
        case _:
            assert_never(event)


def _past(rota: Rota, at: datetime) -> tuple[Shift, ...]:
    """Return the shifts that are over at an instant at which the one that stands ends."""
    match rota:
        case NeverKept():
            return ()
        case Standing(shift=shift, past=past):
            return (*past, replace(shift, until=min(shift.until, at)))[-KEPT:]
        case Vacant(past=past) | Uncovered(past=past):
            return past


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


DECIDER: Decider[RotaCommand, Rota, RotaEvent] = Decider("OnCall", NeverKept(), decide, evolve)
