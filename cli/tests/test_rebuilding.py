"""A rebuild is shown from what the service's process says: how far, how fast, and how it ended."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from rich.console import Console

from throughline_cli import rebuilding
from throughline_cli.rebuilding import ReadModel, RebuildFailed

FROM_THE_START = (
    {"phase": "begun", "position": 0, "until": 1000},
    {"phase": "filling", "position": 400, "until": 1000},
    {"phase": "switched", "position": 1003, "until": 1000},
    {"phase": "done", "events": 1003, "position": 1003},
)
RESUMED = ({"phase": "resumed", "position": 700, "until": 1000}, FROM_THE_START[3])
NO_SUCH = ({"error": "casework has no projection x; it has: y", "kind": "KeyError"},)


async def said(*lines: dict[str, Any]) -> AsyncIterator[bytes]:
    """Say lines, and one that is none of them."""
    yield b"a warning of some library\n"
    for each in lines:
        yield json.dumps(each).encode() + b"\n"


@pytest.mark.parametrize(
    "lines", [FROM_THE_START, RESUMED, NO_SUCH], ids=["from the start", "resumed", "unknown"]
)
async def test_the_last_line_says_how_it_ended(lines: tuple[dict[str, Any], ...]) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    with rebuilding._progress(console) as progress:
        assert await rebuilding._show(said(*lines), progress, "casework.x") == lines[-1]


async def test_the_bar_stands_where_the_rebuild_stands() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    with rebuilding._progress(console) as progress:
        await rebuilding._show(said(*RESUMED), progress, "casework.x")
        [task] = progress.tasks
        assert (task.completed, task.total) == (700, 1000)
        await rebuilding._show(said(*FROM_THE_START), progress, "casework.y")
        assert progress.tasks[1].finished


@pytest.mark.parametrize("name", ["", "casework", "casework.", ".chronology", "nobody.chronology"])
def test_a_name_that_is_none_is_told_with_what_is_allowed(name: str) -> None:
    with pytest.raises(RebuildFailed, match=r"SERVICE\.PROJECTION.*referrals, casework"):
        ReadModel.named(name)


def test_a_full_name_is_a_service_and_its_projection() -> None:
    assert ReadModel.named("casework.chronology") == ReadModel("casework", "chronology")
