"""Who owes a child with a case here the service, as the front door determines it: each time anew.

What was known before stays on record, with the day from which it was otherwise: so it can be seen
what a decision was taken on.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from ledger.decider import Decider


@dataclass(frozen=True, slots=True)
class Owed:
    """An authority owes the service in a period, both days counted; None: nobody can say, open."""

    duty_holder: str | None
    from_day: date | None
    to_day: date | None


@dataclass(frozen=True, slots=True)
class LearnDuty:
    """It was determined anew who owes the service: otherwise than before from that day on."""

    case_id: UUID
    child: UUID
    effect_from: date
    periods: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class DutyLearned:
    """Who owes the service is known anew, from that day on; it may lie before this was learned."""

    case_id: UUID
    child: UUID
    effect_from: date
    periods: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class NothingLearned:
    """Nothing was determined since the case was opened."""


@dataclass(frozen=True, slots=True)
class Learned:
    """All that is known, in place of what was known before."""

    periods: tuple[Owed, ...]


DutyLine: TypeAlias = NothingLearned | Learned


def decide(command: LearnDuty, line: DutyLine) -> list[DutyLearned]:
    """Record what is known anew; what is told again adds nothing."""
    if isinstance(line, Learned) and line.periods == command.periods:
        return []
    return [DutyLearned(command.case_id, command.child, command.effect_from, command.periods)]


def evolve(_line: DutyLine, event: DutyLearned) -> DutyLine:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    return Learned(event.periods)


def holder_on(periods: tuple[Owed, ...], day: date) -> str | None:
    """Return who owes the service on a day, if anybody can say."""
    for each in periods:
        begun = each.from_day is None or each.from_day <= day
        if begun and (each.to_day is None or day <= each.to_day):
            return each.duty_holder
    return None


DECIDER: Decider[LearnDuty, DutyLine, DutyLearned] = Decider(
    "DutyLine", NothingLearned(), decide, evolve
)
