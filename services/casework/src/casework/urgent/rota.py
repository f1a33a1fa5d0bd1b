"""Who stands ready for a post, from when to when: at any instant one worker, or nobody.

One rota for each post of an authority. Whoever starts takes over from who stands; a shift ends when
its worker or a manager says so, or when its time runs out. Shifts that are planned ahead begin by
themselves. Where nobody is left at an hour that must have somebody, and none is planned for it, it
is a fact of its own and others are told.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from casework.urgent.rota_commands import (
    BeginPlanned,
    BeginShift,
    CheckCover,
    Cover,
    DropPlanned,
    EndShift,
    PlanShift,
    RotaCommand,
)
from casework.urgent.rota_events import (
    OnCallEnded,
    OnCallMoved,
    OnCallPlanDropped,
    OnCallPlanned,
    OnCallRanOut,
    OnCallStarted,
    OnCallUncovered,
    RotaEvent,
)
from casework.urgent.rota_states import KEPT, NeverKept, Rota, Shift, Standing, Uncovered, Vacant
from casework.urgent.rule import Post
from casework.workers.worker import WorkerKind, known_worker
from ledger.decider import Decider, Refusal

LONGEST = timedelta(days=7)


AHEAD = timedelta(days=400)


PLANNED = 500
"""Shifts that can be planned for a post at a time."""


MAY_STAND: Mapping[Post, frozenset[WorkerKind]] = {
    Post.ON_CALL: frozenset(WorkerKind) - {WorkerKind.GROUP_FACILITATOR},
    Post.DUTY_MANAGER: frozenset({WorkerKind.TEAM_MANAGER}),
}
"""Kinds of worker who may stand for a post."""


class MayNotStand(Refusal):
    """A worker of this kind does not stand for this post."""


class ShiftOutOfBounds(Refusal):
    """A shift ends after it begins, and within seven days."""


class StandsNot(Refusal):
    """That worker does not stand for this post now."""


class PlannedBefore(Refusal):
    """Another shift is planned for a part of that time, or too many are planned."""


def decide(  # noqa: C901, PLR0911 # a row of the table is a return
    command: RotaCommand, rota: Rota
) -> list[RotaEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, rota:
        case BeginShift(), _:
            return _begin(command, rota)
        case PlanShift(), _:
            return _plan(command, rota)
        case DropPlanned(post, worker, starts_at), _:
            # What is planned no longer need not be dropped again.
            found = [each for each in rota.planned if each.starts_at == starts_at]
            return [OnCallPlanDropped(post, worker, starts_at) for e in found if e.worker == worker]
        case BeginPlanned(post, starts_at), _:
            return _begin_planned(post, starts_at, rota)
        case EndShift(post, worker, at, cover), Standing(shift=shift) if shift.worker == worker:
            ended = OnCallEnded(post, worker, min(at, shift.until))
            return [ended, *_next(post, ended.at, cover, rota)]
        # The same end again is the same answer, so that callers may retry.
        case EndShift(worker=worker), Vacant(past=(*_, last)) | Uncovered(past=(*_, last)) if (
            last.worker == worker
        ):
            return []
        case EndShift(), _:
            raise StandsNot
        case CheckCover(at, cover), Standing(post, shift) if shift.until <= at:
            ran_out = OnCallRanOut(post, shift.worker, shift.until)
            return [ran_out, *_next(post, shift.until, cover, rota)]
        case CheckCover(at, cover), Vacant(post):
            return _next(post, at, cover, rota)
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


def _plan(command: PlanShift, rota: Rota) -> list[RotaEvent]:
    worker, new = known_worker(command.worker), command.shift
    if worker.kind not in MAY_STAND[command.post]:
        raise MayNotStand
    # The same shift again is the same answer, so that callers may retry.
    if new in rota.planned:
        return []
    if not command.at < new.starts_at < new.until <= new.starts_at + LONGEST:
        raise ShiftOutOfBounds
    if new.starts_at > command.at + AHEAD:
        raise ShiftOutOfBounds
    overlap = [e for e in rota.planned if e.starts_at < new.until and new.starts_at < e.until]
    if overlap or len(rota.planned) >= PLANNED:
        raise PlannedBefore
    return [OnCallPlanned(command.post, new.worker, new.starts_at, new.until)]


def _begin_planned(post: Post, starts_at: datetime, rota: Rota) -> list[RotaEvent]:
    found = [each for each in rota.planned if each.starts_at == starts_at]
    if not found:
        return []
    [planned] = found
    started = OnCallStarted(post, planned.worker, starts_at, planned.until, None)
    match rota:
        case Standing(shift=shift) if shift.until <= starts_at:
            return [OnCallRanOut(post, shift.worker, shift.until), started]
        case Standing(shift=shift) if shift.worker == planned.worker:
            # He stands already; a shift that ends later than was planned stays so.
            later = shift.until < planned.until
            return [OnCallMoved(post, shift.worker, planned.until)] if later else []
        case Standing(shift=shift):
            return [replace(started, previous_worker=shift.worker)]
        case NeverKept() | Vacant() | Uncovered():
            return [started]


def _next(post: Post, at: datetime, cover: Cover, rota: Rota) -> list[RotaEvent]:
    """Say who stands where somebody stood until an instant: who is planned for it, or nobody."""
    planned = next((each for each in rota.planned if each.covers(at)), None)
    if planned is not None:
        return [OnCallStarted(post, planned.worker, at, planned.until, None)]
    return [OnCallUncovered(post, at, cover.tell)] if cover.wanted else []


def evolve(rota: Rota, event: RotaEvent) -> Rota:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case OnCallPlanned(_, worker, starts_at, until):
            planned = (*rota.planned, Shift(worker, starts_at, until))
            return replace(rota, planned=tuple(sorted(planned, key=lambda e: e.starts_at)))
        case OnCallPlanDropped(starts_at=starts_at):
            left = tuple(each for each in rota.planned if each.starts_at != starts_at)
            return replace(rota, planned=left)
        case OnCallStarted(at=at):
            # What was to begin by then has begun, or somebody else stands in its place.
            left = tuple(each for each in rota.planned if each.starts_at > at)
            return replace(_moved(rota, event), planned=left)
        case _:
            return replace(_moved(rota, event), planned=rota.planned)


def _moved(
    rota: Rota, event: OnCallStarted | OnCallMoved | OnCallEnded | OnCallRanOut | OnCallUncovered
) -> Rota:
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


DECIDER: Decider[RotaCommand, Rota, RotaEvent] = Decider("OnCall", NeverKept(), decide, evolve)
