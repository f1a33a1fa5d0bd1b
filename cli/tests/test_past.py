"""What is shown of the past is dated by the day in London."""

from datetime import UTC, datetime

from throughline.common.v1.common_pb2 import Occurred
from throughline.history.v1.history_pb2 import Entry
from throughline_cli.past import occurred_day


def test_an_instant_after_midnight_in_summer_lies_on_its_day_in_london() -> None:
    occurred = Occurred()
    occurred.instant.FromDatetime(datetime(2025, 6, 30, 23, 30, tzinfo=UTC))
    assert occurred_day(Entry(occurred=occurred)) == "2025-07-01"


def test_a_day_is_shown_as_it_was_given() -> None:
    assert occurred_day(Entry(occurred=Occurred(day="2025-06-30"))) == "2025-06-30"
