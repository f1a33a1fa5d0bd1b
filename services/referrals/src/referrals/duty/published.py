"""What others are told of who owes a child the service."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ledger.envelope import Recorded
from referrals.duty import timeline
from referrals.duty.line import Span


@dataclass(frozen=True, slots=True)
class Period:
    """An authority owes it in a period; both days are counted, a null `to_day` is open.

    A null `duty_holder`: nobody can say yet. `ground` is the code of the reason.
    """

    duty_holder: str | None
    from_day: date
    to_day: date | None
    ground: str


@dataclass(frozen=True, slots=True)
class ResponsibilityDetermined:
    """All that is known of who owes the child the service, in place of all that was told before.

    `periods` follow one another without a gap; `financial` says the same of money. It says
    something else than before from `effect_from` on.
    """

    child: UUID
    effect_from: date
    periods: tuple[Period, ...]
    financial: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class ResponsibilityChanged:
    """Another authority owes the child the service: a period ended, or something was learned.

    `before` is who owed it, as last told. Null for an authority: nobody can say. Both days are
    counted, a null `to_day` is open.
    """

    child: UUID
    duty_holder: str | None
    before: str | None
    from_day: date
    to_day: date | None


EVENTS = (ResponsibilityDetermined, ResponsibilityChanged)


def publish(recorded: Recorded[Any]) -> object | None:
    """Return the public words for a stored event, None where others are told nothing."""
    match recorded.event:
        case timeline.ResponsibilityDetermined() as found:
            return ResponsibilityDetermined(
                found.child,
                found.effect_from,
                tuple(_period(each) for each in found.spans),
                tuple(_period(each) for each in found.financial),
            )
        case timeline.ResponsibilityChanged() as told:
            return ResponsibilityChanged(
                told.child, told.duty_holder, told.before, told.from_day, told.to_day
            )
        case _:
            return None


def _period(span: Span) -> Period:
    return Period(span.duty_holder, span.from_day, span.to_day, span.ground.value)
