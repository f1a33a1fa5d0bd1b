"""By which day something must be done: what it is counted from, and the rule that says so. Pure."""

from dataclasses import dataclass

from casework.rules.clocks import Clock, due_on
from casework.rules.due import DueBy
from ledger.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days, working days or months after a day, by the rule set of that version."""

    clock: Clock
    rule: str

    def by(self, calendar: Calendar) -> DueBy:
        """Count the last day by a calendar of working days."""
        return DueBy(due_on(self.clock, calendar), self.rule)
