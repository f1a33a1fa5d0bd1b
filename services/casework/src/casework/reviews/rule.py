"""By when a plan is reviewed: the dated rules of the partnership, counted in days and months."""

from datetime import date

from casework.rules.clocks import Clock, Unit
from casework.rules.due import DueBy
from casework.rules.limits import Limit
from casework.rules.policies import shipped


def yearly(since: date, partnership: str) -> Limit:
    """Return by when a plan in force, or reviewed, since a day is to be reviewed at the latest."""
    rules = shipped().on(since, partnership)
    return Limit(Clock(since, rules.review_months, Unit.MONTHS), rules.version)


def after_change(on: date, partnership: str) -> Limit:
    """Return by when a plan is to be reviewed after something changed on a day."""
    rules = shipped().on(on, partnership)
    days = rules.review_after_change_working_days
    return Limit(Clock(on, days, Unit.WORKING_DAYS), rules.version)


def stage(on: date, partnership: str) -> DueBy:
    """Return a day that is thought right, with the rules that are in force on it."""
    return DueBy(on, shipped().on(on, partnership).version)
