"""Who owes a child the service, and who owes money, by day: drawn from facts and rules alone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from referrals.duty.facts import AnyFact
from referrals.duty.rule import Rules, rule_on
from referrals.duty.standing import (
    ByAuthority,
    ByNobody,
    ByUnknown,
    Ordered,
    Placed,
    Placer,
    Standing,
    standing,
)


class Ground(StrEnum):
    """Why an authority owes the service, or why nobody can say which."""

    PLACED = "placed"
    WITHIN_PERIOD = "within-period"
    AFTER_PERIOD = "after-period"
    NO_AGENCY = "no-agency"
    AGREEMENT = "agreement"
    SUPPORT_AGREED = "support-agreed-before-order"
    STATUS_UNKNOWN = "legal-status-unknown"
    ORDER_DAY_UNKNOWN = "order-day-unknown"
    PLACING_UNKNOWN = "placing-authority-unknown"
    RESIDENCE_UNKNOWN = "residence-unknown"


@dataclass(frozen=True, slots=True)
class Owed:
    """Who owes it on a day, None where nobody can say, and why; `rule`: the version it goes by."""

    holder: str | None
    ground: Ground
    rule: str


@dataclass(frozen=True, slots=True)
class Span:
    """An authority owes it from one day to another, both counted; None: open.

    `duty_holder` is None where it is undetermined; the ground says why.
    """

    duty_holder: str | None
    from_day: date
    to_day: date | None
    ground: Ground
    rule: str


@dataclass(frozen=True, slots=True)
class Line:
    """Spans without a gap from the day of the first referral on: of the service, and of money."""

    duty: tuple[Span, ...] = ()
    financial: tuple[Span, ...] = ()


NOTHING = Line()


def draw(facts: Iterable[AnyFact], rules: Rules) -> Line:
    """Draw the line of all facts there are; none before somebody referred the child."""
    stand = standing(facts, rules)
    if stand.asked_from is None:
        return NOTHING
    days = sorted({each for each in _turns(stand) if each > stand.asked_from})
    days.insert(0, stand.asked_from)
    otherwise = rule_on(stand.asked_from, rules).version

    def duty(day: date) -> Owed:
        return _duty(day, stand, otherwise)

    def financial(day: date) -> Owed:
        return _financial(day, stand, otherwise)

    return Line(_spans(days, duty), _spans(days, financial))


def on_day(spans: Iterable[Span], day: date) -> Span | None:
    """Return the span that covers a day."""
    for each in spans:
        if each.from_day <= day and (each.to_day is None or day <= each.to_day):
            return each
    return None


def with_one_holder(spans: tuple[Span, ...], day: date) -> tuple[date, date | None]:
    """Return from when to when who owes it on a day does so without a break; a span covers it."""
    place = next(at for at, each in enumerate(spans) if on_day([each], day))
    holder = spans[place].duty_holder
    first = last = place
    while first > 0 and spans[first - 1].duty_holder == holder:
        first -= 1
    while last + 1 < len(spans) and spans[last + 1].duty_holder == holder:
        last += 1
    return spans[first].from_day, spans[last].to_day


def first_difference(before: Line, after: Line) -> date | None:
    """Return the first day on which two lines say different things; None where on none."""
    pairs = ((before.duty, after.duty), (before.financial, after.financial))
    days = {each.from_day for pair in pairs for spans in pair for each in spans}
    for day in sorted(days):
        if any(_said(one, day) != _said(other, day) for one, other in pairs):
            return day
    return None


def _said(spans: Iterable[Span], day: date) -> Owed | None:
    found = on_day(spans, day)
    return None if found is None else Owed(found.duty_holder, found.ground, found.rule)


def _turns(stand: Standing) -> Iterator[date]:
    """Give every day on which the answer may become another."""
    for stage in stand.stages:
        yield stage.from_day
        if isinstance(stage, Ordered):
            yield stage.until
            if stage.from_day > date.min:
                yield _after(stage.last_day)
    for residence in stand.residences:
        yield residence.from_day
    for agreed in stand.agreements:
        yield agreed.from_day
        yield _after(agreed.to_day)
    for support in stand.supports:
        yield support.agreed_on
        yield _after(support.to_day)


def _spans(days: list[date], owed_on: Callable[[date], Owed]) -> tuple[Span, ...]:
    """Say of each stretch of days who owes it; stretches that say the same are one."""
    starts: list[tuple[date, Owed]] = []
    for day in days:
        owed = owed_on(day)
        if day < date.max and (not starts or starts[-1][1] != owed):
            starts.append((day, owed))
    ends = [day - timedelta(days=1) for day, _ in starts[1:]]
    return tuple(
        Span(owed.holder, day, to_day, owed.ground, owed.rule)
        for (day, owed), to_day in zip(starts, [*ends, None], strict=True)
    )


def _duty(day: date, stand: Standing, otherwise: str) -> Owed:
    """Return who owes the service on a day."""
    agreed = [
        each
        for each in stand.agreements
        if each.from_day <= day and (each.to_day is None or day <= each.to_day)
    ]
    if agreed:
        return Owed(agreed[-1].authority, Ground.AGREEMENT, otherwise)
    stage = _stage(day, stand)
    match stage:
        case None:
            return Owed(None, Ground.STATUS_UNKNOWN, otherwise)
        case Ordered(from_day=date.min):
            return Owed(None, Ground.ORDER_DAY_UNKNOWN, otherwise)
        case Ordered(rule=rule):
            return _after_order(day, stage, stand, rule.version)
        case Placed(placer=placer):
            return _by_placer(placer, Ground.PLACED, day, stand, otherwise)
        case _:
            assert_never(stage)


def _after_order(day: date, order: Ordered, stand: Standing, rule: str) -> Owed:
    if day > order.last_day and not isinstance(order.placer, ByNobody):
        return _where_they_live(day, stand, Ground.AFTER_PERIOD, rule)
    return _by_placer(order.placer, Ground.WITHIN_PERIOD, day, stand, rule)


def _by_placer(placer: Placer, ground: Ground, day: date, stand: Standing, rule: str) -> Owed:
    match placer:
        case ByAuthority(authority=authority):
            return Owed(authority, ground, rule)
        case ByNobody():
            return _where_they_live(day, stand, Ground.NO_AGENCY, rule)
        case ByUnknown():
            return Owed(None, Ground.PLACING_UNKNOWN, rule)
        case _:
            assert_never(placer)


def _where_they_live(day: date, stand: Standing, ground: Ground, rule: str) -> Owed:
    """Return the authority where they live; before the first known residence, that one."""
    if not stand.residences:
        return Owed(None, Ground.RESIDENCE_UNKNOWN, rule)
    by = max(day, stand.residences[0].from_day)
    by_then = [each for each in stand.residences if each.from_day <= by]
    return Owed(by_then[-1].authority, ground, rule)


def _stage(day: date, stand: Standing) -> Placed | Ordered | None:
    """Return the last stage that has begun and was not set aside.

    Where there is none, the child is as placed by who had placed them for the order that was set
    aside last, else for the first that is to come.
    """
    undated = [each for each in stand.orders if each.from_day == date.min and day < each.until]
    if undated:
        return undated[-1]
    begun = [
        each
        for each in stand.stages
        if each.from_day <= day and not (isinstance(each, Ordered) and each.until <= day)
    ]
    if begun:
        return begun[-1]
    over = [each for each in stand.orders if each.until <= day]
    ahead = [each for each in stand.orders if each.from_day > day]
    to_come = [each for each in ahead if each.from_day == ahead[0].from_day]
    order = [None, *(over or to_come)][-1]
    return None if order is None else Placed(date.min, order.placer)


def _financial(day: date, stand: Standing, otherwise: str) -> Owed:
    """Return who owes money on a day: who agreed to it before the order, else who owes the service.

    It stays only with the authority that had placed the child.
    """
    stage = _stage(day, stand)
    for each in reversed(stand.supports):
        if each.agreed_on <= day and (each.to_day is None or day <= each.to_day):
            match stage:
                case Ordered(from_day=ordered_on, placer=placer, rule=rule) if (
                    each.agreed_on < ordered_on and _may_be(placer, each.authority)
                ):
                    return Owed(each.authority, Ground.SUPPORT_AGREED, rule.version)
                case Placed(placer=placer) if _may_be(placer, each.authority):
                    return Owed(each.authority, Ground.SUPPORT_AGREED, otherwise)
                case _:
                    pass
    return _duty(day, stand, otherwise)


def _may_be(placer: Placer, authority: str) -> bool:
    return placer in (ByAuthority(authority), ByUnknown())


def _after(day: date | None) -> date:
    return date.max if day is None or day == date.max else day + timedelta(days=1)
