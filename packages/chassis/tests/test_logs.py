"""Logs hold what is on the list, in its shape, and nothing else: canaries stay out."""

import ast
import asyncio
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chassis.edge.sayable import SAYABLE, said
from chassis.running import logs
from chassis.testing import logging_to

CANARIES = (
    "Alice Hartley",
    "alice.hartley62@example.org",
    "81 Edwards Dam",
    "ZZ12 4SS",
    "07700 900929",
    "2014-07-21",
    "school hours",
    "Gwendolyn",
)


@pytest.fixture
def written(tmp_path: Path) -> Iterator["Written"]:
    """Log to a file."""
    file = tmp_path / "logs" / "casework.log"
    with logging_to(file, "casework"):
        yield Written(file)


class Written:
    """What stands in the log."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines, each parsed."""
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    def last(self) -> dict[str, Any]:
        """Return the last line."""
        return self.lines()[-1]

    def check_clean(self) -> None:
        """Find no canary."""
        text = self.file.read_text()
        assert not [each for each in CANARIES if each in text]


def test_a_line_says_what_is_on_the_list(written: Written) -> None:
    stream = uuid4()
    logs.logger("casework.x").info("stream parked", stream_id=stream, attempt=3, consumer="groups")
    line = written.last()
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "service": "casework",
        "event": "stream parked",
        "module": "casework.x",
        "stream_id": str(stream),
        "attempt": 3,
        "consumer": "groups",
    }


def test_what_is_not_on_the_list_is_dropped_and_counted(written: Written) -> None:
    logs.logger("x").info("sent", child_name=CANARIES[0], address=CANARIES[2], count=1)
    assert written.last()["dropped"] == 2
    written.check_clean()


@pytest.mark.parametrize("key", sorted(SAYABLE))
def test_no_key_takes_personal_data(written: Written, key: str) -> None:
    for canary in CANARIES[:-1]:
        logs.logger("x").info("something happened", **{key: canary})
    written.check_clean()


def test_a_given_name_fits_no_code_id_or_number() -> None:
    for key in ("case_id", "reason", "role", "count", "topic", "trace_id"):
        with pytest.raises(ValueError, match="shape"):
            said(key, "Gwendolyn")


def test_an_event_holds_no_capital_no_number_and_no_address(written: Written) -> None:
    for canary in CANARIES:
        if canary.islower() and "@" not in canary:
            continue
        logs.logger("x").info(f"could not write to {canary}")
    assert {line["event"] for line in written.lines()} == {"unsayable"}
    written.check_clean()


def calls_in_the_source() -> Iterator[tuple[str, ast.Call]]:
    """Find every call of a log in the product."""
    root = Path(__file__).parents[3]
    for part in ("packages", "services", "cli"):
        for file in sorted(root.glob(f"{part}/**/src/**/*.py")):
            for call in ast.walk(ast.parse(file.read_text())):
                match call:
                    case ast.Call(func=ast.Attribute(value=ast.Name("_log"), attr=verb)) if (
                        verb in {"debug", "info", "warning", "error", "critical", "exception"}
                    ):
                        yield f"{file.relative_to(root)}:{call.lineno}", call


def is_constant(event: ast.expr) -> bool:
    if isinstance(event, ast.IfExp):
        return is_constant(event.body) and is_constant(event.orelse)
    return isinstance(event, ast.Constant)


def test_every_event_in_the_source_is_a_constant() -> None:
    found = list(calls_in_the_source())
    assert found
    assert [at for at, call in found if not (call.args and is_constant(call.args[0]))] == []


def test_every_key_in_the_source_is_on_the_list() -> None:
    used = {
        f"{at}: {each.arg}"
        for at, call in calls_in_the_source()
        for each in call.keywords
        if each.arg is not None and each.arg not in {*SAYABLE, "exc_info"}
    }
    assert sorted(used) == []


def test_values_that_are_no_plain_values_are_dropped(written: Written) -> None:
    logs.logger("x").info("sent", reason={"name": CANARIES[0]}, count=[1], role=object())
    assert written.last()["dropped"] == 3


def refuse() -> None:
    raise ValueError(CANARIES[3])


def fail() -> None:
    try:
        refuse()
    except ValueError as error:
        raise RuntimeError(CANARIES[1]) from error


def test_of_an_error_type_and_place_are_said_and_no_words(written: Written) -> None:
    ours = logs.logger("x")
    try:
        fail()
    except RuntimeError as error:
        ours.error("role failed", **logs.described(error))
        ours.exception("role failed")
        ours.error("role failed", exc_info=error)
    for line in written.lines():
        assert line["error"] == "RuntimeError<-ValueError"
        assert line["at"].startswith(f"{__name__}:")
    written.check_clean()


def test_libraries_are_heard_without_their_words(written: Written) -> None:
    library = logging.getLogger("aiokafka.consumer")
    library.warning("record %s of %s", CANARIES[0], CANARIES[1])
    library.error(f"bad record {CANARIES[2]}")  # what libraries do
    library.info("chatter")
    try:
        refuse()
    except ValueError:
        library.exception("broken")
    lines = written.lines()
    assert [line["event"] for line in lines] == ["library"] * 3
    assert {line["module"] for line in lines} == {"aiokafka.consumer"}
    assert lines[0]["at"].startswith("test_logs:")
    assert lines[-1]["error"] == "ValueError"
    written.check_clean()


def test_warnings_are_heard_without_their_words(written: Written) -> None:
    with warnings.catch_warnings(action="always"):
        logging.captureWarnings(capture=True)
        warnings.warn(CANARIES[0], stacklevel=1)
    assert written.last()["module"] == "py.warnings"
    written.check_clean()


def test_what_nobody_caught_is_said_without_its_words(written: Written) -> None:
    error = ValueError(CANARIES[0])
    sys.excepthook(ValueError, error, None)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert [line["event"] for line in written.lines()] == [
        "uncaught error",
        "uncaught error in a thread",
    ]
    written.check_clean()


async def test_a_task_that_nobody_awaited_is_said_without_its_words(written: Written) -> None:
    loop = asyncio.get_running_loop()
    loop.call_exception_handler({"message": CANARIES[0], "exception": ValueError(CANARIES[1])})
    assert written.last()["module"] == "asyncio"
    assert written.last()["error"] == "ValueError"
    written.check_clean()


def test_debugging_talk_is_not_written(written: Written) -> None:
    logs.logger("x").debug("thinking")
    logs.logger("x").info("said")
    assert [line["event"] for line in written.lines()] == ["said"]


def test_without_a_file_lines_go_to_standard_error(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.start("casework")
    logs.logger("x").info("said", name=CANARIES[0])
    captured = capsys.readouterr()
    assert json.loads(captured.err)["event"] == "said"
    assert CANARIES[0] not in captured.err
    assert captured.out == ""
