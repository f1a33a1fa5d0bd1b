"""Logs as JSON lines that hold nothing personal: what may be said is a list, the rest is dropped.

An event is a constant sentence in small letters; values stand under the keys of `sayable`. Of an
error its type and its place are said, never its words: those of a library may quote data.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

import structlog

from chassis.edge.sayable import said
from chassis.running.telemetry import current_traceparent

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from chassis.running.settings import Settings

FILE_BYTES = 50 * 1024 * 1024
FILES_KEPT = 3

_SENTENCE = re.compile(r"[a-z][a-z ,'-]{0,79}")
LINES = "throughline.lines"
"""The logger whose handler is where lines go."""
_MAX_CAUSES = 4


def use(settings: "Settings", service: str) -> None:
    """Write all logs of this process to the file of the settings, or to standard error."""
    start(service, settings.log_file)


def start(service: str, file: Path | None = None) -> None:
    """Write all logs of this process, libraries' too, to a file (or standard error)."""
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    sink = (
        RotatingFileHandler(file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
        if file
        else logging.StreamHandler(sys.stderr)
    )
    sink.setFormatter(logging.Formatter("%(message)s"))
    lines = logging.getLogger(LINES)
    _only(lines, sink)
    lines.propagate = False
    lines.setLevel(logging.INFO)
    root = logging.getLogger()
    _only(root, _Libraries())
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    _configure(service)
    _log_what_nobody_caught()


def logger(name: str) -> "FilteringBoundLogger":
    """Return a logger; what is not sayable is dropped from its lines and counted in them."""
    return cast("FilteringBoundLogger", structlog.get_logger(module=name))


def described(error: BaseException) -> dict[str, str]:
    """Say an error's type, those of its causes, and the line of our code that it came from."""
    kinds = [type(error).__name__]
    cause = error.__cause__ or error.__context__
    while cause is not None and len(kinds) < _MAX_CAUSES:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return {"error": "<-".join(kinds), "at": _place(error.__traceback__)}


def _place(trace: TracebackType | None) -> str:
    """Return module and line of the deepest frame outside installed packages, else the deepest."""
    deepest = "unknown"
    found = None
    while trace is not None:
        frame = trace.tb_frame
        place = f"{frame.f_globals.get('__name__', 'unknown')}:{trace.tb_lineno}"
        deepest = place
        if "site-packages" not in frame.f_code.co_filename:
            found = place
        trace = trace.tb_next
    return found or deepest


def _only(target: logging.Logger, handler: logging.Handler) -> None:
    for old in [each for each in target.handlers if isinstance(each, _OURS)]:
        target.removeHandler(old)
        old.close()
    target.addHandler(handler)


class _Allowing:
    """The one processor: keeps what may be said, and writes the line."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, _logger: Any, level: str, given: MutableMapping[str, Any]) -> str:
        event = given.pop("event", "")
        error = given.pop("exc_info", None)
        error = sys.exc_info()[1] if error is True else error
        if isinstance(error, BaseException):
            given.update(described(error))
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": level,
            "service": self._service,
            "event": event if _SENTENCE.fullmatch(str(event)) else "unsayable",
        }
        trace = current_traceparent()
        if trace is not None:
            line["trace_id"] = trace.split("-")[1]
        dropped = 0
        for key, value in given.items():
            try:
                line[key] = said(key, value)
            except ValueError:
                dropped += 1
        if dropped:
            line["dropped"] = dropped
        return json.dumps(line)


class _Libraries(logging.Handler):
    """Takes what libraries log: who, where in their code, and an error's type; never the words."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        about = described(error) if error is not None else {}
        where = f"{record.module}:{record.lineno}"
        level = min(max(record.levelno, logging.INFO), logging.CRITICAL)
        logger(record.name).log(level, "library", **{"at": where, **about})


def _configure(service: str) -> None:
    structlog.configure(
        processors=[_Allowing(service)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_names: logging.getLogger(LINES),
        cache_logger_on_first_use=False,
    )


_OURS = (RotatingFileHandler, logging.StreamHandler, _Libraries)


def _log_what_nobody_caught() -> None:
    """Python's own hooks would print an error's words."""
    log = logger(__name__)

    def uncaught(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        if not isinstance(error, KeyboardInterrupt):
            log.critical("uncaught error", **described(error))

    def in_thread(what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None:
            log.critical("uncaught error in a thread", **described(what.exc_value))

    def unraisable(what: "sys.UnraisableHookArgs") -> None:
        if what.exc_value is not None:
            log.error("error that could not be raised", **described(what.exc_value))

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable


# structlog's own default prints whatever it is given: not even before `start` may that happen.
_configure("unnamed")
