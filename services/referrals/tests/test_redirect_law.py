"""What a redirect says of the adoption is what is known by now, whatever the referral said."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from referrals.duty.facts import (
    AnyFact,
    ChildPlaced,
    OrderKind,
    OrderMade,
    OrderSetAside,
    ResidenceLearned,
)
from referrals.duty.line import NOTHING
from referrals.duty.timeline import NothingKnown, Timeline
from referrals.redirects.law import Law, law_by_now

CHILD = UUID(int=1)
SAID_ON, LEARNED_ON, ORDERED = date(2025, 9, 1), date(2025, 9, 9), date(2022, 5, 10)

said: Any = SimpleNamespace(
    legal_status="order-granted", ordered_on=None, placing_authority=None, lives_in="northmoor",
    received_at=datetime(2025, 9, 1, tzinfo=UTC),
)  # fmt: skip


def of(
    number: int, said_on: date, *corrects: int
) -> tuple[UUID, UUID, None, date, tuple[UUID, ...]]:
    return CHILD, UUID(int=number), None, said_on, tuple(UUID(int=each) for each in corrects)


lives_there = ResidenceLearned(*of(2, SAID_ON), "northmoor", SAID_ON)
undated = OrderMade(*of(3, SAID_ON), OrderKind.ADOPTION, None, None)
dated = OrderMade(*of(4, LEARNED_ON, 3), OrderKind.ADOPTION, ORDERED, "westmarch")
moved = ResidenceLearned(*of(5, LEARNED_ON), "saltby", LEARNED_ON)
placed = ChildPlaced(*of(6, SAID_ON), "westmarch", None)
aside = OrderSetAside(*of(7, LEARNED_ON), UUID(int=4), LEARNED_ON)


def by(*facts: AnyFact) -> Law:
    return law_by_now(said, Timeline(CHILD, facts, NOTHING, None))


def test_without_a_line_it_is_what_the_referral_said() -> None:
    assert law_by_now(said, NothingKnown()) == Law("order-granted", None, None, "northmoor")


def test_a_date_that_was_learned_later_goes_along() -> None:
    assert by(lives_there, undated, dated) == Law(
        "order-granted", ORDERED, "westmarch", "northmoor"
    )


def test_a_move_that_was_learned_later_goes_along() -> None:
    assert by(lives_there, undated, moved).lives_in == "saltby"


def test_an_order_that_was_set_aside_is_none() -> None:
    assert by(lives_there, placed, dated, aside) == Law("placed", None, "westmarch", "northmoor")
