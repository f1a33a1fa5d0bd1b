"""Commands about the platform itself: up, down, status, demo, clock, settle, follow, rebuild."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Annotated

import typer

from chassis.roles import Role
from stack.errors import StackError
from throughline_cli import comparing, following, rebuilding, screens
from throughline_cli import demo as demonstration
from throughline_cli.command import (
    A_STACK,
    app,
    carry_out,
    console,
    platform_of,
    say,
)
from throughline_cli.operating import Clock, Operator
from throughline_cli.people import Staff
from throughline_cli.running import Embedded


@app.command()
def up(
    clock: Annotated[
        str, typer.Option(help="simulated (moves when told; begins in 2025) or system")
    ] = "simulated",
) -> None:
    """Start PostgreSQL, Kafka and the services, and leave them running."""

    async def work() -> None:
        await Embedded.here(clock).up(say)
        console.print("[green]Throughline is running.[/] Stop it with `throughline down`.")

    carry_out(work())


@app.command()
def down() -> None:
    """Stop what `up` or `demo` started. What was recorded stays."""

    async def work() -> None:
        await Embedded.here().down(say)
        console.print("Throughline has stopped.")

    carry_out(work())


@app.command()
def status(stack: Annotated[str, A_STACK] = "embedded") -> None:
    """Say what runs, and what is behind what."""

    async def work() -> int:
        if stack == "embedded":
            standing = Embedded.here().status()
            console.print(screens.standing(standing))
            if not all(each.running for each in standing):
                return 1
        async with AsyncExitStack() as opened:
            staff = Staff.of(platform_of(stack), opened)
            statuses = await Operator(await staff.line(Role.OPERATOR)).statuses()
            console.print(screens.lags(statuses))
        return 0

    carry_out(work())


@app.command()
def demo(stack: Annotated[str, A_STACK] = "embedded") -> None:
    """Play a year of referrals through the platform and show what came of it."""

    async def work() -> int:
        here = Embedded.here()
        if stack == "embedded":
            await here.up(say)
        here.places.make()
        year = here.root / "demo" / "intake-2025.jsonl"
        bundle = here.places.folder / "demo-case.zip"
        ok = await demonstration.play(platform_of(stack), console, year, bundle)
        return 0 if ok else 1

    carry_out(work())


@app.command()
def clock(
    to: Annotated[
        datetime | None, typer.Argument(help="Move a simulated clock forward to here (UTC).")
    ] = None,
    stack: Annotated[str, A_STACK] = "embedded",
) -> None:
    """Show the platform's clock, or move a simulated one forward, from deadline to deadline."""

    async def work() -> None:
        async with AsyncExitStack() as opened:
            staff = Staff.of(platform_of(stack), opened)
            found = await Clock.of(Operator(await staff.line(Role.OPERATOR)))
            if to is not None:
                if not found.simulated:
                    raise StackError("This platform's clock is the system's; it cannot be moved.")
                fired = await found.reach(to.replace(tzinfo=UTC))
                console.print(f"{fired} instants on the way at which something fell due")
            mode = "simulated" if found.simulated else "system"
            console.print(f"{found.now:%Y-%m-%d %H:%M:%S} UTC ({mode})", highlight=False)

    carry_out(work())


@app.command()
def settle(stack: Annotated[str, A_STACK] = "embedded") -> None:
    """Return when everything has caught up: no lag, and nothing left to do."""

    async def work() -> None:
        async with AsyncExitStack() as opened:
            staff = Staff.of(platform_of(stack), opened)
            statuses = await Operator(await staff.line(Role.OPERATOR)).settle()
            console.print(screens.lags(statuses))

    carry_out(work())


@app.command()
def follow(
    stack: Annotated[str, A_STACK] = "embedded",
    *,
    beginning: Annotated[bool, typer.Option(help="From the first record on.")] = False,
    count: Annotated[int, typer.Option(help="End after so many records; 0: never.")] = 0,
) -> None:
    """Show what the services tell one another, as it passes. Nothing personal is in it."""
    with_end = following.Following(platform_of(stack), console, beginning=beginning, count=count)
    carry_out(with_end.run())


@app.command()
def rebuild(
    read_model: Annotated[str, typer.Argument(help="As casework.chronology; all of them: all.")],
    *,
    compare: Annotated[
        bool, typer.Option("--compare", help="Hold what stood against what is made.")
    ] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin anew, also where one was cut off.")
    ] = False,
    shards: Annotated[
        int, typer.Option(help="In how many processes; 0: as many as there are cores.")
    ] = 0,
) -> None:
    """Make a read model anew from the log, beside the live one, and switch it in.

    Readers notice nothing. One that is cut off goes on where it stood when it is run again.
    """

    async def compared() -> int:
        await _settled()
        found = await comparing.compare(console, Embedded.here(), read_model)
        console.print(screens.compared(found))
        return 0 if all(each.same for each in found) else 1

    async def work() -> None:
        told = ["--restart"] if restart else []
        told += [f"--shards={shards}"] if shards else []
        model = rebuilding.ReadModel.named(read_model)
        await rebuilding.rebuild(console, Embedded.here(), model, told)

    carry_out(compared() if compare else work())


async def _settled() -> None:
    async with AsyncExitStack() as opened:
        staff = Staff.of(platform_of("embedded"), opened)
        await Operator(await staff.line(Role.OPERATOR)).settle()
