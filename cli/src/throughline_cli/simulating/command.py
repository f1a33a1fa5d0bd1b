"""The command `throughline simulate`: workers of five authorities through some months."""

from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from chassis.roles import Role
from ledger.clock import london_day
from throughline_cli.command import A_STACK, app, carry_out, console, platform_of, say
from throughline_cli.operating import Clock, Operator
from throughline_cli.people import Staff
from throughline_cli.playing import register_workers
from throughline_cli.reaching import Platform
from throughline_cli.running import Embedded
from throughline_cli.simulating.lives import Scope, lives
from throughline_cli.simulating.player import Played, Player


@app.command()
def simulate(
    seed: Annotated[int, typer.Option(help="The same seed gives the same families.")] = 1,
    families: Annotated[int, typer.Option(min=1, max=10_000)] = 300,
    months: Annotated[int, typer.Option(min=1, max=120)] = 12,
    stack: Annotated[str, A_STACK] = "embedded",
) -> None:
    """Let invented workers take invented families through the service, from today's clock on."""

    async def work() -> int:
        if stack == "embedded":
            await Embedded.here().up(say)
        played = await play(platform_of(stack), console, seed, families, months)
        console.print(shown(played))
        return 1 if played.refused else 0

    carry_out(work())


async def play(
    platform: Platform, console: Console, seed: int, families: int, months: int
) -> Played:
    """Simulate on a running platform, from the day after its clock's; return when all settled."""
    async with AsyncExitStack() as opened:
        staff = Staff.of(platform, opened)
        clock = await Clock.of(Operator(await staff.line(Role.OPERATOR)))
        begins = london_day(clock.now) + timedelta(days=1)
        directory = platform.directory
        authorities = [
            slug for slug, each in directory.authorities.items() if each.id in directory.tenants
        ]
        await register_workers(staff, directory, await staff.managers(), begins)
        told = lives(Scope(seed, families, months, begins, authorities))
        with _bar(console) as progress:
            task = progress.add_task(
                f"{families} families",
                total=len({step.told for each in told for step in each.steps}),
            )
            player = Player(seed, staff, clock, lambda _: progress.advance(task))
            played = await player.play(told)
        await clock.operator.settle()
    return played


def shown(played: Played) -> Table:
    """Show what was done, and what was refused."""
    table = Table(title="What the workers did", title_justify="left", header_style="bold")
    table.add_column("")
    table.add_column("", justify="right")
    for verb, count in played.done.most_common():
        table.add_row(verb, f"{count:,}")
    for why, count in played.refused.most_common(20):
        table.add_row(f"[red]refused {why}", f"{count:,}")
    return table


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("days"),
        TimeRemainingColumn(),
        console=console,
    )
