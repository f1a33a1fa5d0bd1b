"""By when a referral is screened and an answer is due: working days, by the rules of the day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger.clock import london_day, start_of_day
from ledger.rule_sets import RuleSets
from ledger.working_days import ENGLAND_AND_WALES, Calendar
from referrals.rules.policies import FrontDoorRules, shipped


@dataclass(frozen=True, slots=True)
class Targets:
    """By when a referral is screened, urgent or not; by which rules and which calendar.

    Each is the first instant at which it is late, the beginning of a day in London.
    """

    urgent_by: datetime
    otherwise_by: datetime
    policy: str
    calendar: str


@dataclass(frozen=True, slots=True)
class AnswerBy:
    """By when information that is asked for is due; by which rules and which calendar."""

    due_at: datetime
    policy: str
    calendar: str


def screening_targets(
    received_at: datetime,
    partnership: str,
    found_at: datetime | None = None,
    policies: RuleSets[FrontDoorRules] | None = None,
    calendar: Calendar = ENGLAND_AND_WALES,
) -> Targets:
    """Return by when a referral is to be screened, by the rules of the day of its receipt.

    `found_at`: when it turned out to be urgent, where that was later.
    """
    received_on = london_day(received_at)
    urgent_on = max(received_on, london_day(found_at or received_at))
    rules = (policies or shipped()).on(received_on, partnership)
    return Targets(
        urgent_by=_end_of(calendar.after(urgent_on, rules.screening_urgent)),
        otherwise_by=_end_of(calendar.after(received_on, rules.screening)),
        policy=rules.version,
        calendar=calendar.version,
    )


def answer_by(
    asked_at: datetime,
    partnership: str,
    policies: RuleSets[FrontDoorRules] | None = None,
    calendar: Calendar = ENGLAND_AND_WALES,
) -> AnswerBy:
    """Return by when an answer is due that is asked for now."""
    asked_on = london_day(asked_at)
    rules = (policies or shipped()).on(asked_on, partnership)
    due_at = _end_of(calendar.after(asked_on, rules.information))
    return AnswerBy(due_at, rules.version, calendar.version)


def _end_of(day: date) -> datetime:
    return start_of_day(day + timedelta(days=1))
