"""By when a plan is reviewed: the dated rules of the partnership, counted in days and months."""

from datetime import date

from casework.rules.due import DueBy, months_after
from casework.rules.policies import shipped
from ledger.working_days import ENGLAND_AND_WALES


def yearly_due(since: date, partnership: str) -> DueBy:
    """Return by when a plan in force, or reviewed, since a day is to be reviewed at the latest."""
    rules = shipped().on(since, partnership)
    return DueBy(months_after(since, rules.review_months), rules.version)


def change_due(on: date, partnership: str) -> DueBy:
    """Return by when a plan is to be reviewed after something changed on a day."""
    rules = shipped().on(on, partnership)
    days = rules.review_after_change_working_days
    return DueBy(ENGLAND_AND_WALES.after(on, days), rules.version)


def stage_due(on: date, partnership: str) -> DueBy:
    """Return a day that is thought right, with the rules that are in force on it."""
    return DueBy(on, shipped().on(on, partnership).version)
