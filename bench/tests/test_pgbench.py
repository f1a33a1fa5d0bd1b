"""pgbench is believed only where every transaction is in its log and none failed."""

from pathlib import Path

import pytest

from bench.pgbench import latencies, read

SAID = """\
transaction type: bare.sql
number of clients: 2
number of transactions actually processed: 4
number of failed transactions: 0 (0.000%)
latency average = 0.2 ms
initial connection time = 9.9 ms
tps = 8.000000 (without initial connection time)
"""


def test_it_is_read_with_its_log(tmp_path: Path) -> None:
    (tmp_path / "log.1").write_text("0 0 1000 0 1700000000 1\n0 1 2000 0 1700000000 2\n")
    (tmp_path / "log.1.1").write_text("1 0 3000 0 1700000000 3\n1 1 4000 0 1700000000 4\n")
    run = read(SAID, "", latencies(tmp_path))
    assert run is not None
    assert (run.done, run.rate, run.p50_ms, run.p99_ms) == (4, 8.0, 2.0, 4.0)


def test_one_that_had_not_connected_in_time_is_run_again() -> None:
    assert read(SAID.replace("processed: 4", "processed: 0"), "", []) is None


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        (SAID, 3),
        (SAID.replace("failed transactions: 0", "failed transactions: 1"), 4),
        ("pgbench: error: could not connect", 0),
    ],
)
def test_a_run_that_failed_or_is_not_whole_is_no_figure(said: str, logged: int) -> None:
    with pytest.raises(RuntimeError, match="pgbench"):
        read(said, "why", [0.001] * logged)
