"""Commands about records: import, history, export, verify."""

import json
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from chassis.roles import Role
from stack.errors import StackError
from throughline_cli import screens
from throughline_cli.bundles import export_case, verify_file
from throughline_cli.checking import verify_store
from throughline_cli.command import (
    A_STACK,
    AN_AUTHORITY,
    AS_PERSON,
    app,
    authority_of,
    carry_out,
    console,
    platform_of,
)
from throughline_cli.importing import Importer
from throughline_cli.operating import Clock, Operator
from throughline_cli.past import Asked, read_history
from throughline_cli.people import Staff
from throughline_cli.progress import bar


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


def _day(at: datetime | None) -> date | None:
    return at.date() if at is not None else None
