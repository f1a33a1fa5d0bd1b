"""Lines are sent together as far as nothing can fall due between them, and in their order."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from throughline_cli.importing import AT_ONCE, waves
from throughline_cli.lines import Line
from throughline_cli.operating import Clock

NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)


def line(number: int, at: datetime | None) -> Line:
    return Line(number, b"{}", "", "northmoor", at)


def clock(now: datetime, *, simulated: bool = True) -> Clock:
    return Clock(cast("Any", None), simulated, now)


def numbers(lines: list[Line], at: Clock) -> list[list[int]]:
    return [[each.number for each in wave] for wave in waves(lines, at)]


def test_lines_of_one_day_go_together_and_those_of_the_next_wait() -> None:
    hours = (1, 5, 30, 31, 60)
    lines = [line(each, NEW_YEAR + timedelta(hours=each)) for each in hours]
    assert numbers(lines, clock(NEW_YEAR)) == [[1, 5], [30, 31], [60]]


def test_what_the_clock_has_passed_and_what_has_no_time_goes_with_any() -> None:
    lines = [line(1, NEW_YEAR - timedelta(days=9)), line(2, None), line(3, NEW_YEAR)]
    lines.append(line(4, NEW_YEAR + timedelta(hours=1)))
    assert numbers(lines, clock(NEW_YEAR)) == [[1, 2, 3, 4]]


def test_no_more_than_a_few_are_on_their_way_at_once() -> None:
    lines = [line(each, NEW_YEAR + timedelta(days=each)) for each in range(AT_ONCE + 3)]
    system = clock(NEW_YEAR, simulated=False)
    assert [len(each) for each in waves(lines, system)] == [AT_ONCE, 3]
