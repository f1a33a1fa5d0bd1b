"""What clients did and what was broken, as lines of JSON, all by one clock. No personal data."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self


def now() -> float:
    """Return monotonic seconds, the clock of all files of a campaign."""
    return round(time.monotonic(), 6)


def wall() -> str:
    """Return the instant by this machine's clock, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Journal:
    """A file of JSON lines. Each line is handed to the system as soon as it is written."""

    def __init__(self, file: Path) -> None:
        self._out = file.open("a", encoding="utf-8", buffering=1)
        self.lines = 0

    def write(self, line: Mapping[str, Any]) -> None:
        """Add a line."""
        self._out.write(json.dumps(line, separators=(",", ":"), default=str) + "\n")
        self.lines += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._out.close()
