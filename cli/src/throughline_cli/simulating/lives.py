"""Courses of families through a service, made up from a seed: no clock, no platform."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ledger.working_days import ENGLAND_AND_WALES
from throughline_cli.simulating.dice import Dice, later, working
from throughline_cli.simulating.families import invent
from throughline_cli.simulating.pathway import pathway
from throughline_cli.simulating.steps import Life, Step, Verb

DAYS_A_MONTH = 365.25 / 12
WRITTEN_EACH = 4
"""Working days between two on which things are written down: each weekday has its turn.

A referral comes on such a day, so that what must be done at once can be done in time; of all else
`occurred` says the day. The clock moves as often, and each move costs as much as some commands.
"""

_MONTHS = {1: 10, 2: 9, 3: 10, 4: 7, 5: 8, 6: 8, 7: 6, 8: 3, 9: 12, 10: 11, 11: 10, 12: 5}
"""How many families turn to the service in each month: few in summer, many when school is back."""

_COMES_TO = {Verb.ACCEPT: 87, Verb.DECLINE: 8, Verb.WITHDRAW: 5}


@dataclass(frozen=True, slots=True)
class Scope:
    """What is simulated: so many families of these authorities, from a day, for so many months."""

    seed: int
    families: int
    months: int
    begins: date
    authorities: Sequence[str]

    @property
    def ends(self) -> date:
        """The last day."""
        return self.begins + timedelta(days=round(self.months * DAYS_A_MONTH) - 1)

    def writing_days(self) -> list[date]:
        """Return the days on which workers write down what was since the one before."""
        days = [working(self.begins)]
        while (following := ENGLAND_AND_WALES.after(days[-1], WRITTEN_EACH)) <= self.ends:
            days.append(following)
        return days


def lives(scope: Scope) -> list[Life]:
    """Return what happens to each family until the last day. The same scope gives the same."""
    days = scope.writing_days()
    return [_life(scope, number, days) for number in range(scope.families)]


def _life(scope: Scope, number: int, days: Sequence[date]) -> Life:
    dice = Dice(scope.seed, "family", number)
    # Larger authorities have more families; each has its share, whatever the seed.
    weights = {name: 5 - index * 0.6 for index, name in enumerate(scope.authorities)}
    referred = _written(_referred(dice, scope), days) or days[-1]
    family = invent(dice, number, dice.one_of(weights), referred)
    steps = [Step(referred, 0, Verb.REFER, referred)]
    outcome = dice.one_of(_COMES_TO)
    elsewhere = [each for each in scope.authorities if each != family.authority]
    for child in range(len(family.children)):
        own = Dice(scope.seed, "child", number, child)
        steps += _front_door(own, child, referred, outcome, elsewhere)
    ordered = sorted(steps, key=lambda each: (each.told, each.child))
    told = [(each, _written(each.told, days)) for each in ordered]
    return Life(family, tuple(replace(each, told=day) for each, day in told if day is not None))


def _written(told: date, days: Sequence[date]) -> date | None:
    """Return the first writing day from a day on; None where all are over by then."""
    place = bisect_left(days, told)
    return days[place] if place < len(days) else None


def _referred(dice: Dice, scope: Scope) -> date:
    """Return the day on which a family turns to the service."""
    days = (scope.ends - scope.begins).days
    weights = {
        day: float(_MONTHS[(scope.begins + timedelta(days=day)).month]) for day in range(days)
    }
    return min(working(scope.begins + timedelta(days=dice.one_of(weights))), scope.ends)


def _front_door(
    dice: Dice, child: int, referred: date, outcome: Verb, elsewhere: Sequence[str]
) -> Iterator[Step]:
    """Screening on the day itself nearly always, then a decision."""
    screened = referred if dice.chance(0.93) else later(referred, dice.between(2, 5))
    code = "concern" if dice.chance(0.06) else "none"
    yield Step(screened, child, Verb.SCREEN, screened, code=code)
    decided = later(screened, dice.about(3))
    if outcome is Verb.ACCEPT:
        yield Step(decided, child, Verb.ACCEPT, decided)
        yield from pathway(dice, child, decided, elsewhere)
    elif outcome is Verb.DECLINE:
        reason = dice.one_of({"signposted": 6, "not-entitled": 2, "no-consent": 2})
        yield Step(decided, child, Verb.DECLINE, decided, code=reason)
    else:
        reason = dice.one_of({"family-wishes": 5, "help-found-elsewhere": 3, "no-answer": 3})
        yield Step(decided, child, Verb.WITHDRAW, decided, code=reason)
