"""For tests of who owes the service: histories of facts made up from a seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from ledger.personal import Plain
from referrals.duty.facts import (
    AnyFact,
    ChildPlaced,
    ChildReferred,
    FactWithdrawn,
    FinancialSupportAgreed,
    HolderAgreed,
    LegalStatusUnknown,
    OrderKind,
    OrderMade,
    OrderSetAside,
    PlacedWithoutAgency,
    ResidenceLearned,
    WithoutAgency,
)

CHILD = UUID(int=1)
DAY = timedelta(days=1)
FIRST, HORIZON = date(2020, 1, 1), date(2027, 6, 30)
DAYS = tuple(FIRST + number * DAY for number in range((HORIZON - FIRST).days + 1))
AUTHORITIES = ("westmarch", "harrowdale", "saltby", "northmoor")


@dataclass
class Invented:
    """Facts of a child, made up from a seed, so that days often coincide."""

    random: Random
    facts: list[AnyFact] = field(default_factory=list)
    # By fact, those that must have come before.
    after: dict[UUID, set[UUID]] = field(default_factory=dict)

    def head(self, *corrects: UUID) -> tuple[UUID, UUID, None, date, tuple[UUID, ...]]:
        """Make what every fact begins with."""
        fact = UUID(int=self.random.getrandbits(64) << 10 | len(self.facts))
        self.after[fact] = set(corrects)
        return CHILD, fact, None, self.day(), corrects

    def day(self) -> date:
        """Pick a day."""
        pick = self.random.random()
        if pick < 0.15:
            return date(2020, 2, 29) if pick < 0.1 else date(2024, 2, 29)
        if pick < 0.5:
            # Close to each other, and to the same days of other years.
            return date(2020 + self.random.randrange(7), 3, 1 + self.random.randrange(4))
        return FIRST + self.random.randrange(6 * 365) * DAY

    def authority(self) -> str:
        """Pick an authority."""
        return self.random.choice(AUTHORITIES)

    def maybe(self, likely: float) -> bool:
        """Throw the dice."""
        return self.random.random() < likely

    def add(self, fact: AnyFact) -> None:
        """Add a fact."""
        self.facts.append(fact)

    def order(self, *corrects: UUID) -> OrderMade:
        """Make up an order."""
        return OrderMade(
            *self.head(*corrects),
            self.random.choice(list(OrderKind)),
            self.day() if self.maybe(0.85) else None,
            self.authority() if self.maybe(0.75) else None,
        )

    def placement(self, *corrects: UUID) -> ChildPlaced:
        """Make up a placement."""
        authority = self.authority() if self.maybe(0.8) else None
        return ChildPlaced(
            *self.head(*corrects), authority, self.day() if self.maybe(0.6) else None
        )

    def without_agency(self) -> PlacedWithoutAgency:
        """Make up that no agency placed the child."""
        since = self.day() if self.maybe(0.5) else None
        return PlacedWithoutAgency(*self.head(), self.random.choice(list(WithoutAgency)), since)

    def residence(self, *corrects: UUID) -> ResidenceLearned:
        """Make up where they live."""
        return ResidenceLearned(*self.head(*corrects), self.authority(), self.day())

    def agreement(self) -> HolderAgreed:
        """Make up an agreement."""
        day = self.day()
        return HolderAgreed(
            *self.head(), self.authority(), day, self.until(day), Plain("A 1"), Plain(None)
        )

    def support(self) -> FinancialSupportAgreed:
        """Make up that somebody pays."""
        day = self.day()
        return FinancialSupportAgreed(*self.head(), self.authority(), day, self.until(day))

    def until(self, day: date) -> date | None:
        """Pick how long, or open."""
        return day + self.random.randrange(900) * DAY if self.maybe(0.7) else None

    def set_aside(self, order: OrderMade) -> None:
        """Set an order aside, on its day or later."""
        first = order.ordered_on or FIRST
        aside = OrderSetAside(*self.head(), order.fact, first + self.random.randrange(1500) * DAY)
        self.after[aside.fact].add(order.fact)
        self.add(aside)

    def same_again(self, order: OrderMade) -> None:
        """Say once more what is said of an order."""
        _, fact, _, said_on, _ = self.head()
        self.add(replace(order, fact=fact, said_on=said_on, corrects=()))

    def set_right(self, fact: AnyFact) -> None:
        """Correct or withdraw a fact, after all that speak of it as it was."""
        match fact:
            case OrderMade() if self.maybe(0.7):
                right: AnyFact = self.order(fact.fact)
            case ChildPlaced() if self.maybe(0.7):
                right = self.placement(fact.fact)
            case ResidenceLearned() if self.maybe(0.7):
                right = self.residence(fact.fact)
            case _:
                right = FactWithdrawn(*self.head(fact.fact), Plain(None))
        speak = {
            each.fact
            for each in self.facts
            if isinstance(each, OrderSetAside) and each.order == fact.fact
        }
        self.after[right.fact] |= speak
        self.add(right)

    def in_some_order(self) -> Iterator[AnyFact]:
        """Give the facts in an order in which they may be learned."""
        waiting = list(self.facts)
        self.random.shuffle(waiting)
        known: set[UUID] = set()
        while waiting:
            fact = next(each for each in waiting if self.after[each.fact] <= known)
            waiting.remove(fact)
            known.add(fact.fact)
            yield fact


def invented(seed: int) -> Invented:
    """Make up a history."""
    made = Invented(Random(seed))  # noqa: S311 # repeatable, not secret
    for _ in range(1 + made.maybe(0.2)):
        made.add(ChildReferred(*made.head(), made.day(), "wap"))
    for _ in range(made.random.choice((0, 1, 1, 1, 2, 3))):
        order = made.order()
        made.add(order)
        if made.maybe(0.15):
            made.same_again(order)
        if made.maybe(0.25):
            made.set_aside(order)
    likely: tuple[tuple[float, Callable[[], AnyFact]], ...] = (
        (0.4, made.placement),
        (0.15, made.placement),
        (0.15, made.without_agency),
        (0.8, made.residence),
        (0.4, made.residence),
        (0.25, made.agreement),
        (0.1, made.agreement),
        (0.35, made.support),
        (0.1, made.support),
        (0.15, lambda: LegalStatusUnknown(*made.head())),
    )
    made.facts += [make() for chance, make in likely if made.maybe(chance)]
    for fact in [each for each in made.facts if made.maybe(0.12)]:
        made.set_right(fact)
        if made.maybe(0.3):
            made.set_right(made.facts[-1])
    return made
