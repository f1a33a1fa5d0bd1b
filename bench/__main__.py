"""`make bench`: measures, and writes docs/benchmarks.json and docs/benchmarks.md."""

import asyncio
import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import appending, calling
from throughline_cli.running import Embedded

TEMPLATE = """\
# First figures

Written by `make bench`. Its machines are shared: the ratios count, not the numbers.

Measured {measured_at} on {machine}; clients and servers together; PostgreSQL with `fsync` and
`synchronous_commit` on. Median (lowest to highest) of {repeats} interleaved runs of {seconds} s.

## Appends a second: one event of about 550 bytes a command

| writers | bare row | same writes | ledger | ledger / same | ledger / bare |
|---|---|---|---|---|---|
{appends}

*Bare row* and *same writes* by pgbench; the latter are stream, command id and event, under the same
row level security. *Ledger*: all of the append, coalesced, through `Writer`, one call a batch.

## A command over gRPC, {clients} clients

| | a second | p50 ms | p99 ms |
|---|---|---|---|
{calls}

The command passes token, policy, fold, seal, leaf and append, in a service with all of its roles in
one process, on a platform with all services up. The echo is a bare `grpc.aio` server.

## From an acknowledged command to another service's read model

p50 {arrival_p50} ms, p99 {arrival_p99} ms: {arrivals} acceptances in referrals, one after another,
each seen by polling `GetCase` of casework.
"""

DOCS = Path(__file__).parents[1] / "docs"


def machine() -> str:
    """Name the machine that measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}"
    )


async def measure() -> dict[str, Any]:
    """Return all figures of this run."""
    print("appends …")
    appends = await appending.measure()
    print("calls …")
    here = Embedded.here()
    await here.up(print)
    calls = await calling.measure()
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "appends": {
            name: {str(writers): asdict(figures) for writers, figures in by.items()}
            for name, by in appends.items()
        },
        **calls,
    }


def page(found: dict[str, Any]) -> str:
    """Return the document."""
    return TEMPLATE.format(
        measured_at=found["measured_at"],
        machine=found["machine"],
        repeats=appending.REPEATS,
        seconds=appending.SECONDS,
        clients=calling.CLIENTS,
        arrivals=calling.ARRIVALS,
        appends="\n".join(_append_row(found["appends"], writers) for writers in ("1", "16")),
        calls="\n".join(_call_rows(found["echo"], found["command"])),
        **{f"arrival_{name}": f"{value:.0f}" for name, value in found["arrival_ms"].items()},
    )


def _append_row(appends: dict[str, Any], writers: str) -> str:
    bare, same, ours = (appends[name][writers] for name in ("bare", "same", "ledger"))
    cells = [writers, *(_spread(each) for each in (bare, same, ours))]
    cells += [f"{ours['middle'] / each['middle']:.2f}" for each in (same, bare)]
    return f"| {' | '.join(cells)} |"


def _call_rows(echo: dict[str, float], command: dict[str, float]) -> list[str]:
    names = ("rate", "p50_ms", "p99_ms")
    rows = [
        ["bare echo of 400 bytes", *(f"{echo[name]:,.1f}" for name in names)],
        ["command", *(f"{command[name]:,.1f}" for name in names)],
        ["command / echo", *(f"{command[name] / echo[name]:.2f}" for name in names)],
    ]
    return [f"| {' | '.join(row)} |" for row in rows]


def _spread(figures: dict[str, float]) -> str:
    return f"{figures['middle']:,.0f} ({figures['low']:,.0f} to {figures['high']:,.0f})"


def main() -> None:
    """Measure and write."""
    found = asyncio.run(measure())
    (DOCS / "benchmarks.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    text = page(found)
    (DOCS / "benchmarks.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
