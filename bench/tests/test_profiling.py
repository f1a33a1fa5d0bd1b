"""Samples are summed up to own time and total, each function counted once a stack."""

from bench.profiling import frame, summary


def test_own_time_is_the_innermost_functions_and_recursion_counts_once() -> None:
    made = summary(["main (a.py:1);walk (a.py:5);walk (a.py:5) 30", "main (a.py:1) 10", ""])
    assert made["samples"] == 40
    assert made["self"] == [["walk (a.py)", 75.0], ["main (a.py)", 25.0]]
    assert made["total"] == [["main (a.py)", 100.0], ["walk (a.py)", 75.0]]


def test_threads_that_wait_and_what_is_around_every_stack_are_left_out() -> None:
    made = summary(
        [
            "process 7:x;_run_code (<frozen runpy>);<module> (a.py);f (a.py) 5",
            "process 7:x;Thread.run (threading.py);_worker (concurrent/futures/thread.py) 95",
        ]
    )
    assert made == {"samples": 5, "self": [["f (a.py)", 100.0]], "total": [["f (a.py)", 100.0]]}


def test_a_frame_is_named_without_the_machines_own_paths() -> None:
    assert frame("send (/x/.venv/lib/python3.11/site-packages/aiokafka/a.py:12)") == (
        "send (aiokafka/a.py)"
    )
    assert frame("append (/home/x/packages/ledger/src/ledger/writer.py:70)") == (
        "append (ledger/writer.py)"
    )
    assert frame("process 12: python") == "process 12: python"


def test_nothing_sampled_is_nothing_told() -> None:
    assert summary([]) == {"samples": 0, "self": [], "total": []}
