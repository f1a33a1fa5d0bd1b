"""What one submission says towards who owes a child the service, as facts of the child's line."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from ledger.ids import stream_of
from referrals.codes import LegalStatus
from referrals.duty.facts import (
    AnyFact,
    ChildPlaced,
    ChildReferred,
    LegalStatusUnknown,
    OrderKind,
    OrderMade,
    ResidenceLearned,
)
from referrals.duty.line import draw, on_day
from referrals.duty.rule import Rules

_SERVICE: Final = "referrals"


@dataclass(frozen=True, slots=True)
class Said:
    """What a submission says of its child of that number, from 1; authorities are slugs."""

    child: UUID
    submission: UUID
    number: int
    partnership: str
    received_on: date
    legal_status: str
    ordered_on: date | None
    placing_authority: str | None
    lives_in: str


def facts_of(said: Said) -> tuple[AnyFact, ...]:
    """Return the facts that it tells; their ids are the same each time."""

    def of(kind: str) -> tuple[UUID, UUID, UUID, date, tuple[UUID, ...]]:
        name = f"{said.submission}:{said.number}:{kind}"
        fact = stream_of(_SERVICE, "fact", name)
        return said.child, fact, said.submission, said.received_on, ()

    return (
        ChildReferred(*of("referred"), said.received_on, said.partnership),
        ResidenceLearned(*of("residence"), said.lives_in, said.received_on),
        _status(said, of("status")),
    )


def holder_at_receipt(said: Said, rules: Rules) -> str | None:
    """Return who owes the service on the day of receipt, by what this submission alone says."""
    found = on_day(draw(facts_of(said), rules).duty, said.received_on)
    return found.duty_holder if found else None


def _status(
    said: Said, of: tuple[UUID, UUID, UUID, date, tuple[UUID, ...]]
) -> ChildPlaced | OrderMade | LegalStatusUnknown:
    match said.legal_status:
        case LegalStatus.PLACED:
            return ChildPlaced(*of, said.placing_authority, None)
        case LegalStatus.ORDER_GRANTED:
            return OrderMade(*of, OrderKind.ADOPTION, said.ordered_on, said.placing_authority)
        case _:
            return LegalStatusUnknown(*of)
