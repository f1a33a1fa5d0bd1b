"""When the office is open and how long an alert may wait: dated rules, counted in London."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from ledger.clock import LONDON, london_day, start_of_day
from ledger.working_days import ENGLAND_AND_WALES


class Post(StrEnum):
    """What somebody stands ready for."""

    # Hears at any hour outside the office's.
    ON_CALL = "on-call"
    # Hears of every concern; a team manager.
    DUTY_MANAGER = "duty-manager"


@dataclass(frozen=True, slots=True)
class UrgentRule:
    """In force from a day: office hours, and until when somebody must have answered.

    An alert is to be acknowledged within `acknowledge`, else it goes out anew every `again`, at
    most `ladder` times. An authority that was notified answers by the end of the working day that
    comes `authority_days` after.
    """

    name: str
    from_day: date
    opens: time
    closes: time
    acknowledge: timedelta
    again: timedelta
    ladder: int
    authority_days: int


RULES = (
    UrgentRule(
        "urgent-1",
        date(2000, 1, 1),
        opens=time(9),
        closes=time(17),
        acknowledge=timedelta(minutes=15),
        again=timedelta(minutes=30),
        ladder=8,
        authority_days=1,
    ),
)
"""Local policy, but for the one working day in which an authority answers whoever referred a child
to it (Working Together to Safeguard Children): newest last. Never change one in force.
"""


def rule_on(day: date) -> UrgentRule:
    """Return the rule in force on a day; before the first one, the first."""
    in_force = [each for each in RULES if each.from_day <= day]
    return in_force[-1] if in_force else RULES[0]


def answer_due(rule: UrgentRule, notified_on: date) -> date:
    """Return the last day on which an authority that was notified can answer in time."""
    return ENGLAND_AND_WALES.after(notified_on, rule.authority_days)


def end_of(day: date) -> datetime:
    """Return the instant at which a day in London is over."""
    return start_of_day(day + timedelta(days=1))


def is_office_time(at: datetime) -> bool:
    """Tell whether the office is open: on a working day, from opening to before closing."""
    day = london_day(at)
    rule = rule_on(day)
    open_at, closed_at = (_at(day, each) for each in (rule.opens, rule.closes))
    return ENGLAND_AND_WALES.is_working(day) and open_at <= at < closed_at


def is_wanted(post: Post, at: datetime) -> bool:
    """Tell whether a post must have somebody at an instant: the one in office hours, or not."""
    return is_office_time(at) is (post is Post.DUTY_MANAGER)


def next_wanted(post: Post, at: datetime) -> datetime:
    """Return the first instant from `at` on at which a post must have somebody."""
    if is_wanted(post, at):
        return at
    day = london_day(at)
    match post:
        case Post.ON_CALL:
            return _at(day, rule_on(day).closes)
        case Post.DUTY_MANAGER:
            if not ENGLAND_AND_WALES.is_working(day) or at >= _at(day, rule_on(day).closes):
                day = ENGLAND_AND_WALES.after(day, 1)
            return _at(day, rule_on(day).opens)


def _at(day: date, clock: time) -> datetime:
    """Return the instant of a clock's time in London; office hours meet no change of the clocks."""
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)
