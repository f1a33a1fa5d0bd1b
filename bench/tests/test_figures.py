"""Percentiles are those of nearest rank, and repeats are summed up without losing their spread."""

import pytest

from bench.figures import Run, Spread, percentile, summed


@pytest.mark.parametrize(
    ("part", "expected"), [(1, 1), (50, 50), (95, 95), (99, 99), (99.5, 100), (100, 100)]
)
def test_a_percentile_is_the_value_that_so_many_do_not_exceed(part: float, expected: int) -> None:
    assert percentile(list(range(1, 101)), part) == expected


def test_one_value_is_every_percentile_and_of_nothing_there_is_none() -> None:
    assert [percentile([7.0], part) for part in (1, 50, 99)] == [7.0, 7.0, 7.0]
    assert percentile([], 99) == 0.0


def test_a_run_sorts_its_latencies_and_tells_them_in_milliseconds() -> None:
    run = Run.of([0.003, 0.001, 0.002], 0.5)
    assert (run.done, run.rate, run.p50_ms, run.p99_ms) == (3, 6.0, 2.0, 3.0)


def test_a_run_may_have_done_less_than_it_tried() -> None:
    assert Run.of([0.001] * 10, 1.0, done=8).rate == 8.0


def test_repeats_keep_lowest_median_and_highest() -> None:
    runs = [Run.of([at / 1e3], 1.0, done=at) for at in (5, 1, 3, 2, 4)]
    told = summed(runs)
    assert told["rate"] == {"low": 1.0, "middle": 3.0, "high": 5.0}
    assert told["p99_ms"] == {"low": 1.0, "middle": 3.0, "high": 5.0}
    assert told["repeats"] == 5


def test_figures_are_told_with_four_digits() -> None:
    assert Spread(1.23456, 12345.6, 1e7 / 3).told() == {
        "low": 1.235,
        "middle": 12350.0,
        "high": 3333000.0,
    }
