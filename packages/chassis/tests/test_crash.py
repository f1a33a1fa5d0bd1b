"""A process dies at the point that is named to it, once, and leaves the proof; elsewhere never."""

import signal
import subprocess
import sys
from pathlib import Path

PROGRAM = "from chassis import crash; crash.point('one'); crash.point('two'); print('alive')"


def run(**told: str) -> "subprocess.CompletedProcess[str]":
    environment = {f"THROUGHLINE_{name}": value for name, value in told.items()}
    return subprocess.run(  # noqa: S603 # fixed words
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_process_dies_at_the_point_that_was_named_at_its_start() -> None:
    assert run(ENVIRONMENT="test", CRASH_AT="two").returncode == -signal.SIGKILL


def test_an_order_is_obeyed_by_one_process_that_leaves_its_pid_and_how_many_points_it_passed(
    tmp_path: Path,
) -> None:
    order = tmp_path / "casework.order"
    order.write_text("two")
    first = run(ENVIRONMENT="test", CRASH_ORDERS=str(order))
    second = run(ENVIRONMENT="test", CRASH_ORDERS=str(order))
    assert first.returncode == -signal.SIGKILL
    assert second.stdout == "alive\n"
    [proof] = tmp_path.iterdir()
    assert proof.read_text() == "two 2"
    assert proof.suffix.removeprefix(".").isdigit()


def test_an_order_for_another_point_stays(tmp_path: Path) -> None:
    order = tmp_path / "casework.order"
    order.write_text("three")
    assert run(ENVIRONMENT="test", CRASH_ORDERS=str(order)).stdout == "alive\n"
    assert order.read_text() == "three"


def test_nothing_dies_in_production(tmp_path: Path) -> None:
    order = tmp_path / "casework.order"
    order.write_text("one")
    told = {"CRASH_AT": "one", "CRASH_ORDERS": str(order)}
    assert run(ENVIRONMENT="production", **told).stdout == "alive\n"
