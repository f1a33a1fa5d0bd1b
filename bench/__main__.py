"""`make bench`: measures everything once, writes docs/benchmarks.json, and from it the document.

`BENCH=full|quick` chooses how much. `python -m bench --only appends relay` measures some parts,
says what was found, and writes nothing.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import uvloop

from bench import (
    appending,
    arriving,
    calling,
    consuming,
    growing,
    histories,
    paths,
    profiles,
    rebuilding,
    relaying,
)
from bench.document import FIGURES, PAGE, PLOTS, current
from bench.fetching import Fetched, fetched
from bench.machine import QUIET, cores_at_work, machine
from bench.plan import PLANS, Plan
from bench.platform import Office, office
from bench.servers import Site, site
from stack.places import checkout

ASKED_TO_END = 130

Say = Callable[[str], None]
Part = Callable[[Say], Awaitable[dict[str, Any]]]

PARTS = (
    *("appends", "paths", "growth", "relay", "consumers", "rebuild"),
    *("calls", "arrivals", "history", "profiles"),
)
PLATFORM = ("calls", "arrivals", "history", "profiles")


class Measuring:
    """One run: its parts one after the other, each failure kept beside the figures of the rest."""

    def __init__(self, plan: Plan, found: Fetched, only: Sequence[str]) -> None:
        self._plan = plan
        self._fetched = found
        self._only = only
        self._began = time.monotonic()
        self.figures: dict[str, Any] = {}
        self.failed: dict[str, str] = {}

    @property
    def minutes(self) -> int:
        """How long it has taken."""
        return round((time.monotonic() - self._began) / 60)

    @property
    def missing(self) -> tuple[str, ...]:
        """What could not be measured on this machine, and why."""
        return self._fetched.missing

    def say(self, words: str) -> None:
        """Tell whoever waits."""
        print(f"{time.monotonic() - self._began:6.0f} s  {words}", flush=True)

    async def part(self, name: str, measure: Part) -> None:
        """Measure one part, if it was asked for."""
        if name not in self._only:
            return
        self.say(f"{name} …")
        try:
            found = await measure(lambda words: self.say(f"  {name}: {words}"))
        except Exception as error:  # noqa: BLE001 # what was measured before is worth keeping
            self.fail([name], error)
        else:
            self.figures[name] = {**self.figures.get(name, {}), **found}

    async def all(self, at: Site) -> None:
        """Measure everything over one set of servers."""
        plan, found = self._plan, self._fetched
        await self.part("appends", lambda say: appending.measure(at, found, plan, say))
        await self.part("paths", lambda say: paths.measure(at, plan, say))
        await self.part("growth", lambda say: growing.measure(at, plan, say))
        await self.part("relay", lambda say: relaying.measure(at, plan, say))
        await self.part("consumers", lambda say: consuming.measure(at, plan, say))
        await self.part("rebuild", lambda say: rebuilding.measure(at, plan, say))
        await self.part("profiles", lambda say: profiles.of_site(at, found, plan, say))
        if "calls" in self._only:
            self.say("casework, to answer calls …")
            try:
                async with office(at, serving="casework") as opened:
                    await self.part("calls", lambda say: calling.measure(opened, plan, say))
            except Exception as error:  # noqa: BLE001 # the same
                self.fail(["calls"], error)
        if set(self._only) & set(PLATFORM):
            self.say("a platform with all services …")
            try:
                async with office(at) as opened:
                    await self.with_office(opened)
            except Exception as error:  # noqa: BLE001 # the same
                self.fail([name for name in PLATFORM if name in self._only], error)

    def fail(self, names: Iterable[str], error: Exception) -> None:
        """Keep that parts could not be measured, and why."""
        traceback.print_exc()
        words = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        self.failed |= {name: words for name in names if name not in self.figures}

    async def with_office(self, opened: Office) -> None:
        """Measure what needs a platform."""
        plan, found = self._plan, self._fetched
        await self.part("calls", lambda say: calling.measure_whole(opened, plan, say))
        await self.part("arrivals", lambda say: arriving.measure(opened, plan, say))
        await self.part("history", lambda say: histories.measure(opened, plan, say))
        await self.part("profiles", lambda say: profiles.of_office(opened, found, plan, say))


async def measure(plan: Plan, only: Sequence[str]) -> dict[str, Any]:
    """Return all figures of one run."""
    _end_when_asked()
    at_work = cores_at_work()
    if at_work > QUIET:
        print(f"The machine is not quiet ({at_work:.1f} cores busy): the document will say so.")
    measuring = Measuring(plan, await fetched(), only)
    measuring.say("servers …")
    async with site() as at:
        about = await machine(at.superuser(), at_work)
        await measuring.all(at)
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "minutes": measuring.minutes,
        "plan": asdict(plan),
        "machine": about,
        "said": list(measuring.missing),
        **measuring.figures,
        "failed": measuring.failed,
    }


def _end_when_asked() -> None:
    """Let whoever ends this end its servers too."""
    task = asyncio.current_task()
    assert task is not None
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, task.cancel)


async def draw(found: Fetched) -> None:
    """Have the plots drawn by the environment that has what it takes."""
    process = await asyncio.create_subprocess_exec(
        *(found.python, "-m", "bench.plots", FIGURES, PLOTS),
        cwd=checkout(),
        env=os.environ | {"PYTHONPATH": str(checkout())},
    )
    if await process.wait():
        raise RuntimeError("the plots were not drawn; the words are above")


def main() -> int:
    """Measure and write; 1 where a part failed."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--plan", choices=PLANS, default=os.environ.get("BENCH") or "full")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART")
    asked = parser.parse_args()
    try:
        found = uvloop.run(measure(PLANS[asked.plan], asked.only or PARTS))
    except asyncio.CancelledError:
        return ASKED_TO_END
    if asked.only:
        print(json.dumps(found, indent=1))
        return 1 if found["failed"] else 0
    FIGURES.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    asyncio.run(_draw_all())
    PAGE.write_text(current(), encoding="utf-8")
    print(f"{found['minutes']} minutes; {PAGE}")
    return 1 if found["failed"] else 0


async def _draw_all() -> None:
    await draw(await fetched())


if __name__ == "__main__":
    sys.exit(main())
