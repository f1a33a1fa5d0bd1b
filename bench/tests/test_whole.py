"""A run keeps what it has measured when a part of it fails, and says what failed."""

from pathlib import Path
from typing import Any

from bench.__main__ import Measuring, Say
from bench.fetching import Fetched
from bench.plan import SMOKE

NO_NODE = Fetched(Path("python"), None, None, ("this machine has no node",))


async def measured(say: Say) -> dict[str, Any]:
    say("repeat 1 of 1")
    return {"rate": 1}


async def failing(_say: Say) -> dict[str, Any]:
    raise TimeoutError("it took too long")


async def test_a_part_that_fails_takes_no_other_with_it(capsys: Any) -> None:
    run = Measuring(SMOKE, NO_NODE, ("relay", "appends"))
    await run.part("relay", failing)
    await run.part("appends", measured)
    await run.part("growth", measured)
    assert run.figures == {"appends": {"rate": 1}}
    assert run.failed == {"relay": "TimeoutError: it took too long"}
    assert run.missing == ("this machine has no node",)
    assert "appends: repeat 1 of 1" in capsys.readouterr().out


async def test_two_halves_of_a_part_come_together() -> None:
    async def other(_say: Say) -> dict[str, Any]:
        return {"more": 2}

    run = Measuring(SMOKE, NO_NODE, ("profiles",))
    await run.part("profiles", measured)
    await run.part("profiles", other)
    assert run.figures == {"profiles": {"rate": 1, "more": 2}}
