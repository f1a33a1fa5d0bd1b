"""Which facts stand, and what they come to: the stages of a child's way, in the order of days.

All here is a function of the set of facts; of two that cannot both be so, the one said later stands
(then the greater id), whichever was recorded first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, TypeVar
from uuid import UUID

from referrals.duty.facts import (
    AnyFact,
    ChildPlaced,
    ChildReferred,
    Fact,
    FinancialSupportAgreed,
    HolderAgreed,
    OrderMade,
    OrderSetAside,
    PlacedWithoutAgency,
    ResidenceLearned,
)
from referrals.duty.rule import Rules, ThreeYearRule, rule_on

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class ByAuthority:
    """An authority placed the child."""

    authority: str


@dataclass(frozen=True, slots=True)
class ByNobody:
    """No agency placed the child."""


@dataclass(frozen=True, slots=True)
class ByUnknown:
    """It is not known who placed the child."""


Placer: TypeAlias = ByAuthority | ByNobody | ByUnknown


@dataclass(frozen=True, slots=True)
class Placed:
    """From a day on the child is placed; `date.min` where it is not known since when."""

    from_day: date
    placer: Placer


@dataclass(frozen=True, slots=True)
class Ordered:
    """From a day on there is an order, until the day on which it is set aside (`date.max`: never).

    `from_day` is `date.min` where it is not known when. `last_day`: on which who placed owes it.
    """

    from_day: date
    until: date
    placer: Placer
    rule: ThreeYearRule

    @property
    def last_day(self) -> date:
        """The last day on which the placing authority owes the service."""
        return self.rule.last_day_of_placing(self.from_day)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands. Each tuple is in the order in which a later item beats an earlier one."""

    asked_from: date | None
    placements: tuple[Placed, ...]
    orders: tuple[Ordered, ...]
    residences: tuple[ResidenceLearned, ...]
    agreements: tuple[HolderAgreed, ...]
    supports: tuple[FinancialSupportAgreed, ...]

    @property
    def stages(self) -> tuple[Placed | Ordered, ...]:
        """Placements and orders by their days; on the same day the order comes last."""
        return tuple(sorted((*self.placements, *self.orders), key=lambda each: each.from_day))


def in_effect(facts: Iterable[AnyFact]) -> tuple[AnyFact, ...]:
    """Return the facts that no other sets right, by the day on which they were said."""
    facts = tuple(facts)
    wrong = {each for fact in facts for each in fact.corrects}
    stand = [each for each in facts if each.fact not in wrong]
    return tuple(sorted(stand, key=lambda each: (each.said_on, each.fact)))


def standing(facts: Iterable[AnyFact], rules: Rules) -> Standing:
    """Return what facts come to under a partnership's rules."""
    facts = tuple(facts)
    stand = in_effect(facts)
    placements = _placements(stand)
    return Standing(
        asked_from=min((each.on for each in _of(ChildReferred, stand)), default=None),
        placements=placements,
        orders=_orders(stand, _set_aside(facts, stand), placements, rules),
        residences=_by_day(_of(ResidenceLearned, stand)),
        agreements=_by_day(_of(HolderAgreed, stand)),
        supports=tuple(sorted(_of(FinancialSupportAgreed, stand), key=lambda each: each.agreed_on)),
    )


def _placements(stand: Sequence[AnyFact]) -> tuple[Placed, ...]:
    """Return placements by day; on one day what is known beats what is not."""
    found: list[Placed] = []
    for each in stand:
        match each:
            case ChildPlaced(authority=authority, from_day=day):
                placer = ByUnknown() if authority is None else ByAuthority(authority)
                found.append(Placed(day or date.min, placer))
            case PlacedWithoutAgency(from_day=day):
                found.append(Placed(day or date.min, ByNobody()))
            case _:
                pass
    return tuple(
        sorted(found, key=lambda each: (each.from_day, not isinstance(each.placer, ByUnknown)))
    )


def _orders(
    stand: Sequence[AnyFact],
    set_aside: Mapping[OrderMade, date],
    placements: Sequence[Placed],
    rules: Rules,
) -> tuple[Ordered, ...]:
    """Return orders by day. One without a day says something only where no other has one."""
    said = _of(OrderMade, stand)
    dated = [each for each in said if each.ordered_on is not None]
    if not dated and placements and all(isinstance(each.placer, ByNobody) for each in placements):
        # Whenever it was made: where they live decides before it and after it.
        said = tuple(each for each in said if each.placing_authority is not None)
    found = [
        Ordered(
            from_day := each.ordered_on or date.min,
            set_aside.get(_content(each), date.max),
            _placer(each, placements),
            rule_on(from_day, rules),
        )
        for each in (dated or said)
    ]
    return tuple(sorted(found, key=lambda each: each.from_day))


def _placer(order: OrderMade, placements: Sequence[Placed]) -> Placer:
    """Return who had placed the child: as the order says, else as was known by its day."""
    if order.placing_authority is not None:
        return ByAuthority(order.placing_authority)
    by = order.ordered_on or date.max
    before = [each.placer for each in placements if each.from_day <= by]
    return before[-1] if before else ByUnknown()


def _set_aside(facts: Sequence[AnyFact], stand: Sequence[AnyFact]) -> Mapping[OrderMade, date]:
    """Return from which day an order does not count, by what is said of it.

    Two facts that tell of the same order are one order.
    """
    known: Mapping[UUID, AnyFact] = {each.fact: each for each in facts}
    right = {wrong: each.fact for each in facts for wrong in each.corrects}
    found: dict[OrderMade, date] = {}
    for each in _of(OrderSetAside, stand):
        order = each.order
        for _ in right:
            order = right.get(order, order)
        told = known.get(order)
        if isinstance(told, OrderMade):
            content = _content(told)
            found[content] = min(each.on, found.get(content, date.max))
    return found


def _content(order: OrderMade) -> OrderMade:
    """Return what is said of an order, whoever says it."""
    nobody = UUID(int=0)
    return replace(order, child=nobody, fact=nobody, submission=None, said_on=date.min, corrects=())


def _of(kind: type[F], facts: Iterable[AnyFact]) -> tuple[F, ...]:
    return tuple(each for each in facts if isinstance(each, kind))


D = TypeVar("D", ResidenceLearned, HolderAgreed)


def _by_day(facts: tuple[D, ...]) -> tuple[D, ...]:
    return tuple(sorted(facts, key=lambda each: each.from_day))
