"""By when an assessment is to be over: local policy, dated; the law names no limit."""

from datetime import date

from casework.rules.clocks import Clock, Unit
from casework.rules.limits import Limit
from casework.rules.policies import shipped


def assessment(requested_on: date, partnership: str) -> Limit:
    """Return by when an assessment that was asked for on a day is to be over."""
    rules = shipped().on(requested_on, partnership)
    clock = Clock(requested_on, rules.assessment_working_days, Unit.WORKING_DAYS)
    return Limit(clock, rules.version)
