"""The course of an open case: a lead, then the work, until it is closed."""

from collections.abc import Generator, Iterator, Sequence
from datetime import date, timedelta

from throughline_cli.simulating.dice import Dice, later, working
from throughline_cli.simulating.grouping import SESSIONS
from throughline_cli.simulating.steps import Step, Verb

_KINDS = {
    "direct-work": 40,
    "parent-support": 20,
    "therapy": 18,
    "life-story-work": 10,
    "home-visit": 8,
    "meeting": 4,
}
_SOURCES = {"parent": 4, "school": 3, "health": 2, "social-care": 1}
_CHANGES = {"family": 3, "education": 3, "health": 2, "home": 1}
_FINDINGS = {"partly-upheld": 3, "not-upheld": 2, "upheld": 1, "resolved": 2}
_CANCELLED = {"family-cancelled": 5, "family-ill": 4, "worker-ill": 2, "worker-away": 1}
_ENDS = {"goals-met": 50, "planned-end": 30, "family-withdrew": 12, "no-engagement": 8}
_SERVED = {"by-hand": 2, "first-class-post": 3}
_CAME = {"attended": 8, "absent-notified": 1, "absent": 1}
_QUARTERS = (1, 4, 7, 10)
_WEDNESDAY = 2
_A_WEEK = 7
LATE_DAYS = 14


def pathway(dice: Dice, child: int, accepted: date, elsewhere: Sequence[str]) -> Iterator[Step]:
    """Give what happens from the acceptance on, without an end in time.

    `elsewhere`: authorities to which a family may move. Whatever would come after the end of the
    sessions is left out: then the case is closed, or somebody else's.
    """
    happening = list(_happening(dice, child, accepted, elsewhere))
    ended = happening[-1].told
    yield from (each for each in happening if each.told <= ended)


def _happening(dice: Dice, child: int, accepted: date, elsewhere: Sequence[str]) -> Iterator[Step]:
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
    if dice.chance(0.04):
        yield Step(allocated, child, Verb.AUTHORISE, allocated)
    decided = yield from to_decision(dice, child, allocated)
    yield from beside(dice, child, decided)
    ended = yield from sessions(dice, child, later(decided, dice.about(7)))
    if dice.chance(0.12):
        yield from in_a_group(dice, child, later(decided, dice.between(2, 12)))
    if dice.chance(0.03):
        yield from owed_elsewhere(dice, child, decided, ended, elsewhere)
    if dice.chance(0.04):
        there = dice.one_of(dict.fromkeys(elsewhere, 1))
        yield Step(ended, child, Verb.TRANSFER, ended, code=there)
    else:
        closed = later(ended, dice.about(21))
        yield Step(closed, child, Verb.CLOSE, closed, code=dice.one_of(_ENDS))


def beside(dice: Dice, child: int, decided: date) -> Iterator[Step]:
    """Give what may happen beside the sessions: a complaint, another worker, a change, a review."""
    if dice.chance(0.02):
        yield Step(later(decided, 20), child, Verb.COMPLAIN, decided, code=dice.one_of(_FINDINGS))
    if dice.chance(0.05):
        handed = later(decided, dice.between(10, 80))
        yield Step(handed, child, Verb.HAND_OVER, handed)
    if dice.chance(0.06):
        shared = later(decided, dice.between(5, 40))
        no = dice.one_of({"": 7, "workload": 2, "hours": 1})
        yield Step(shared, child, Verb.SHARE, shared, code=no)
    if dice.chance(0.12):
        changed = later(decided, dice.between(30, 90))
        yield Step(changed, child, Verb.CHANGE, changed, code=dice.one_of(_CHANGES))
        reviewed = later(changed, dice.about(12))
        yield Step(reviewed, child, Verb.REVIEW, reviewed)


def in_a_group(dice: Dice, child: int, asked: date) -> Iterator[Step]:
    """Give a place in the next group: asked for, taken or left, and who came."""
    starts = next_group(asked)
    yield Step(asked, child, Verb.JOIN, asked, code=starts.isoformat())
    answered = later(asked, dice.between(4, 9))
    taken = dice.chance(0.85)
    yield Step(answered, child, Verb.TAKE_PLACE, answered, code="taken" if taken else "left")
    for number in range(1, SESSIONS + 1) if taken else ():
        met = starts + timedelta(weeks=number - 1)
        yield Step(working(met), child, Verb.ATTEND, met, number, dice.one_of(_CAME))


def next_group(asked: date) -> date:
    """Return the first Wednesday of a quarter that leaves a family a month to answer."""
    day = asked + timedelta(days=28)
    while not (day.month in _QUARTERS and day.day <= _A_WEEK and day.weekday() == _WEDNESDAY):
        day += timedelta(days=1)
    return day


def owed_elsewhere(
    dice: Dice, child: int, decided: date, ended: date, elsewhere: Sequence[str]
) -> Iterator[Step]:
    """Give an agreement by which another authority owes the service, and the answer to it.

    While it is open the case can be neither closed nor handed to others: then nothing is agreed.
    """
    agreed = later(decided, dice.between(10, 40))
    answered = later(agreed, dice.between(3, 9))
    holder = dice.one_of(dict.fromkeys(elsewhere, 1))
    answer = "kept" if dice.chance(0.5) else "taken-on"
    if answered <= ended:
        yield Step(agreed, child, Verb.OWE, agreed, code=holder)
        yield Step(answered, child, Verb.ANSWER_DUTY, answered, code=answer)


def to_decision(dice: Dice, child: int, allocated: date) -> Generator[Step, None, date]:
    """Give what leads to a decision: information, assessment, plan, notice; return its day."""
    begun = later(allocated, dice.about(6))
    for number in range(dice.between(1, 2)):
        heard = later(begun, dice.between(0, 20))
        yield Step(heard, child, Verb.INFORM, heard, number, dice.one_of(_SOURCES))
    kind = "limited" if dice.chance(0.6) else "full"
    yield Step(begun, child, Verb.ASSESS, begun, code=kind)
    concluded = later(begun, dice.about(14 if kind == "limited" else 32, 0.3))
    yield Step(concluded, child, Verb.CONCLUDE, concluded, code=kind)
    if kind == "full" and dice.chance(0.5):
        yield Step(concluded, child, Verb.UNDERSTAND, concluded)
    planned = later(concluded, dice.about(4))
    yield Step(planned, child, Verb.PLAN, planned)
    proposed = later(planned, dice.about(3))
    yield Step(proposed, child, Verb.PROPOSE, proposed)
    served = _served_on(dice, proposed)
    yield Step(served, child, Verb.SERVE, served, 0, dice.one_of(_SERVED))
    heard = later(served, dice.about(9))
    if dice.chance(0.8):
        yield Step(heard, child, Verb.SATISFIED, heard)
    else:
        manner = dice.one_of({"in-writing": 3, "at-a-meeting": 2})
        yield Step(heard, child, Verb.REPRESENT, heard, code=manner)
    decided = later(heard, dice.about(4))
    yield Step(decided, child, Verb.DECIDE, decided, code="kept")
    told = _served_on(dice, decided)
    yield Step(told, child, Verb.SERVE, told, 1, dice.one_of(_SERVED))
    return decided


def _served_on(dice: Dice, issued: date) -> date:
    """Return when a notice goes: mostly with the day's post, else somebody must be reminded."""
    return issued if dice.chance(0.7) else later(issued, dice.between(1, 6))


def sessions(dice: Dice, child: int, first: date) -> Generator[Step, None, date]:
    """Give sessions a fortnight apart or so, some written down late or set right.

    Return a day on which all of them are written down.
    """
    held, last = first, first
    count = max(dice.about(8, 0.5), 1)
    for number in range(1, count + 1):
        told = later(held, dice.between(3, LATE_DAYS)) if dice.chance(0.12) else held
        kind = dice.one_of(_KINDS)
        yield Step(told, child, Verb.SESSION, held, number, kind)
        if dice.chance(0.02):
            yield Step(later(told, 2), child, Verb.CORRECT, held - timedelta(days=1), number)
        if told == held and number < count and dice.chance(0.1):
            yield from booked(dice, child, told, number)
        last = max(last, told)
        held = later(held, dice.between(10, 18))
    return later(last, 7)


def booked(dice: Dice, child: int, told: date, number: int) -> Iterator[Step]:
    """Give a booking of the next session, which keeps it unless it is cancelled before."""
    yield Step(told, child, Verb.BOOK, told, number)
    if dice.chance(0.4):
        off = later(told, dice.between(1, 5))
        yield Step(off, child, Verb.CANCEL, off, number, dice.one_of(_CANCELLED))
