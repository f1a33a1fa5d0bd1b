"""The course of an open case: a lead, then the work, until it is closed."""

from collections.abc import Iterator
from datetime import date, timedelta

from throughline_cli.simulating.dice import Dice, later
from throughline_cli.simulating.steps import Step, Verb

_KINDS = {
    "direct-work": 40,
    "parent-support": 20,
    "therapy": 18,
    "life-story-work": 10,
    "home-visit": 8,
    "meeting": 4,
}
_CANCELLED = {"family-cancelled": 5, "family-ill": 4, "worker-ill": 2, "worker-away": 1}
_ENDS = {"goals-met": 50, "planned-end": 30, "family-withdrew": 12, "no-engagement": 8}
LATE_DAYS = 14


def pathway(dice: Dice, child: int, accepted: date) -> Iterator[Step]:
    """Give what happens from the acceptance on, without an end in time."""
    allocated = later(accepted, dice.about(5, 0.7))
    yield Step(allocated, child, Verb.ALLOCATE, allocated)
    yield Step(allocated, child, Verb.AGREE, allocated, code="work")
    school = Verb.AGREE if dice.chance(0.8) else Verb.REFUSE
    yield Step(allocated, child, school, allocated, code="school")
    if school is Verb.AGREE and dice.chance(0.04):
        back = later(allocated, dice.between(20, 150))
        yield Step(back, child, Verb.TAKE_BACK, back, code="school")
    if dice.chance(0.05):
        raised = later(allocated, dice.between(3, 120))
        yield Step(raised, child, Verb.CONCERN, raised)
    yield from sessions(dice, child, later(allocated, dice.about(7)))


def sessions(dice: Dice, child: int, first: date) -> Iterator[Step]:
    """Give sessions a fortnight apart or so, some written down late or set right, and the end."""
    held, last = first, first
    for number in range(1, dice.about(8, 0.5) + 1):
        told = later(held, dice.between(3, LATE_DAYS)) if dice.chance(0.12) else held
        kind = dice.one_of(_KINDS)
        yield Step(told, child, Verb.SESSION, held, number, kind)
        if dice.chance(0.02):
            yield Step(later(told, 2), child, Verb.CORRECT, held - timedelta(days=1), number)
        if dice.chance(0.1):
            yield from booked(dice, child, told, number)
        last = max(last, told)
        held = later(held, dice.between(10, 18))
    closed = later(last, dice.about(21))
    yield Step(closed, child, Verb.CLOSE, closed, code=dice.one_of(_ENDS))


def booked(dice: Dice, child: int, told: date, number: int) -> Iterator[Step]:
    """Give a session that is booked, and now and then cancelled before its day."""
    yield Step(told, child, Verb.BOOK, told, number)
    if dice.chance(0.4):
        off = later(told, dice.between(1, 5))
        yield Step(off, child, Verb.CANCEL, off, number, dice.one_of(_CANCELLED))
