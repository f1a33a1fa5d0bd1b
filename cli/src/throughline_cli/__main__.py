"""The `throughline` command: run the platform, import, look into the past, check the evidence."""

import asyncio
import json
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import grpc
import typer
from rich.console import Console

from chassis.directory import Directory
from chassis.failures import Unavailable
from chassis.roles import Role
from stack.compose import Compose
from stack.errors import StackError
from throughline_cli import demo as demonstration
from throughline_cli import following, parked_streams, screens
from throughline_cli.bundles import export_case, verify_file
from throughline_cli.checking import verify_store
from throughline_cli.importing import Importer, ImportFailed
from throughline_cli.operating import Clock, NotSettled, Operator
from throughline_cli.past import Asked, read_history
from throughline_cli.people import Nobody, Staff
from throughline_cli.progress import bar
from throughline_cli.reaching import Platform
from throughline_cli.running import Embedded

app = typer.Typer(
    help="Throughline: the case platform for adoption support.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()
complaints = Console(stderr=True)

A_STACK = typer.Option(help="Where the platform runs: embedded (this checkout) or compose.")
AN_AUTHORITY = typer.Option(help="The authority whose record it is: its short name or its id.")
AS_PERSON = typer.Option("--as", help="Who asks: a person of the demo, by short name.")


class NoSuchAuthority(LookupError):  # noqa: N818 # named for what was found
    """The authority named is not one of the directory."""


def platform_of(stack: str) -> Platform:
    """Return the platform of a stack, as it was described when it was started."""
    here = Embedded.here()
    if stack == "embedded":
        return Platform.load(here.platform_file)
    if stack == "compose":
        return Platform.load(Compose(here.root).describe())
    raise StackError(f"{stack} is no stack; allowed: embedded, compose")


def authority_of(directory: Directory, named: str) -> str:
    """Return an authority's id, by its short name or the id itself."""
    found = directory.authority(named)
    if found is not None:
        return str(found.id)
    for each in directory.authorities.values():
        if str(each.id) == named.lower():
            return named.lower()
    raise NoSuchAuthority(
        f"{named} is no authority here; allowed: {', '.join(directory.authorities)}"
    )


def carry_out(work: Coroutine[Any, Any, int | None]) -> None:
    """Run a command to its end; what goes wrong is said in a sentence, with exit status 1."""
    try:
        sys.exit(asyncio.run(work) or 0)
    except grpc.aio.AioRpcError as error:
        complaints.print(f"[red]{error.code().name}: {error.details()}")
    except (
        StackError,
        NotSettled,
        Nobody,
        ImportFailed,
        NoSuchAuthority,
        Unavailable,
        OSError,
    ) as error:
        complaints.print(f"[red]{error}", markup=True, highlight=False)
    sys.exit(1)


def say(step: str) -> None:
    """Name a step as it begins."""
    console.print(f"  {step} …", style="dim", highlight=False)


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


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="Submissions, one JSON object a line.", exists=True)],
    report: Annotated[Path | None, typer.Option(help="Write the report here, as JSON.")] = None,
    stack: Annotated[str, A_STACK] = "embedded",
) -> None:
    """Import a file of referral submissions. A bad line is reported, the others go on.

    It can be repeated: what is there already is not added again.
    """

    async def work() -> int:
        async with AsyncExitStack() as opened:
            platform = platform_of(stack)
            staff = Staff.of(platform, opened)
            clock = await Clock.of(Operator(await staff.line(Role.OPERATOR)))
            speakers = {
                slug: await staff.line(Role.DUTY_WORKER, partnership.authorities[0].id)
                for slug, partnership in platform.directory.partnerships.items()
            }
            with bar(console, file) as on_line:
                importer = Importer(platform.directory, speakers, clock)
                found = await importer.run(file, on_line=on_line)
        if report is not None:
            report.write_text(json.dumps(found.as_json(), indent=1) + "\n", encoding="utf-8")
        if found.refused:
            console.print(screens.refusals(found))
        console.print(screens.imported(found))
        return 0

    carry_out(work())


@app.command()
def history(
    case: Annotated[str, typer.Argument(help="The case's id.")],
    authority: Annotated[str, AN_AUTHORITY],
    known_at: Annotated[
        datetime | None, typer.Option(help="As it was known at this instant (UTC).")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(help="What had happened by the end of this day.", formats=["%Y-%m-%d"]),
    ] = None,
    person: Annotated[str | None, AS_PERSON] = None,
    *,
    unseal: Annotated[
        bool, typer.Option(help="Open what the person may see; each opening is recorded.")
    ] = False,
    stack: Annotated[str, A_STACK] = "embedded",
) -> None:
    """Show one case's history, as it was known and as of a day."""

    async def work() -> None:
        async with AsyncExitStack() as opened:
            platform = platform_of(stack)
            staff = Staff.of(platform, opened)
            tenant = authority_of(platform.directory, authority)
            line = await staff.reader(tenant, person)
            asked = Asked(
                case,
                tenant,
                known_at.replace(tzinfo=UTC) if known_at else None,
                _day(as_of),
                unseal,
            )
            console.print(screens.history(f"Case {case}", await read_history(line, asked)))

    carry_out(work())


@app.command()
def export(
    case: Annotated[str, typer.Argument(help="The case's id.")],
    out: Annotated[Path, typer.Argument(help="The bundle to write, a zip.")],
    authority: Annotated[str, AN_AUTHORITY],
    person: Annotated[str | None, AS_PERSON] = None,
    stack: Annotated[str, A_STACK] = "embedded",
) -> None:
    """Write one case, with all that is needed to check it, to a bundle."""

    async def work() -> None:
        async with AsyncExitStack() as opened:
            platform = platform_of(stack)
            staff = Staff.of(platform, opened)
            tenant = authority_of(platform.directory, authority)
            line = await staff.reader(tenant, person)
            events = await export_case(line, case, tenant, out)
            console.print(f"{out}: {events} events. Check it with `throughline verify`.")

    carry_out(work())


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="A bundle that `export` wrote.")] = None,
    keys: Annotated[
        Path | None, typer.Option(help="The public keys of the logs, one a line.")
    ] = None,
    *,
    store: Annotated[
        bool, typer.Option("--store", help="Check the live tables against signed checkpoints.")
    ] = False,
    stack: Annotated[str, A_STACK] = "embedded",
) -> None:
    """Check a bundle, with no server and no network; or, with --store, the live tables."""

    async def work() -> int:
        if store:
            platform = platform_of(stack)
            verdict = await verify_store(platform, keys or platform.keys_file)
        elif file is not None and keys is not None:
            verdict = verify_file(file, keys)
        else:
            raise StackError("Name a bundle and --keys, or --store.")
        console.print(verdict.text)
        return 0 if verdict.ok else 1

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


app.add_typer(parked_streams.app, name="parked")


def _day(at: datetime | None) -> date | None:
    return at.date() if at is not None else None


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()
