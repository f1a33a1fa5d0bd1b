"""What the commands show: tables and histories for a person's eyes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from chassis.directory import Directory
from stack.server import Status
from throughline_cli.comparing import Compared
from throughline_cli.operating import Statuses
from throughline_cli.past import History, occurred_day, words
from throughline_cli.reporting import Report


def counts(directory: Directory, report: Report, statuses: Statuses) -> Table:
    """Show what there is in each authority, as the services count it."""
    tenants = [str(each) for each in directory.tenants]
    authorities = [directory.by_id(each) for each in directory.tenants]
    table = Table(title="What there is", title_justify="left", header_style="bold")
    table.add_column("", no_wrap=True)
    for authority in authorities:
        table.add_column(authority.name if authority else "?", justify="right")
    submissions = [str(report.by_authority[each.slug]) if each else "" for each in authorities]
    table.add_row("submissions", *submissions)
    for service, status in statuses.items():
        table.add_section()
        table.add_row(Text(service, "cyan"))
        for counter in sorted({name.partition("/")[2] for name in status.counters}):
            cells = [status.counters.get(f"{each}/{counter}", 0) for each in tenants]
            if any(cells):
                shown = (str(cell) if cell else "·" for cell in cells)
                table.add_row(f"  {counter.replace('_', ' ')}", *shown)
    return table


def standing(servers: Sequence[Status]) -> Table:
    """Show what runs, where."""
    table = Table(header_style="bold")
    for column in ("name", "state", "address", "pid"):
        table.add_column(column)
    for each in servers:
        state = Text("running", "green") if each.running else Text("stopped", "red")
        table.add_row(each.name, state, each.address, str(each.pid or ""))
    return table


def lags(statuses: Statuses) -> Table:
    """Show what is behind what."""
    roles = ("relay", "project", "notarise", "react")
    table = Table(title="What is behind", title_justify="left", header_style="bold")
    table.add_column("", no_wrap=True)
    for column in ("log", *roles, "to do", "parked", "dead"):
        table.add_column(column, justify="right")
    for name, status in statuses.items():
        behind: dict[str, int] = defaultdict(int)
        for lag in status.lags:
            behind[lag.role] += lag.behind
        table.add_row(
            name,
            f"{status.safe_position:,}",
            *(str(behind[role]) for role in roles),
            str(status.pending),
            str(status.parked_streams),
            str(status.dead_letters),
        )
    return table


def history(title: str, found: History) -> Group:
    """Show the facts of a case in the order in which they were recorded, two lines each.

    The first: when it was recorded, by which service, what, by whom, and when it was true if that
    is another day. The second: what it says. A fact that was set right later is struck through.
    """
    lines: list[RenderableType] = [
        Text(title, "bold"),
        Text("recorded    service        what", "dim"),
    ]
    for entry in found.entries:
        recorded = entry.recorded_at.ToDatetime(tzinfo=UTC).strftime("%Y-%m-%d")
        head = Text(f"{recorded}  ", no_wrap=True)
        head.append(f"{entry.service:<13}  ", "cyan")
        head.append(entry.type, "bold strike" if entry.corrected_by else "bold")
        head.append(f"  {entry.actor_role}", "dim")
        occurred = occurred_day(entry)
        if occurred != recorded:
            head.append(f"  occurred {occurred}", "magenta")
        if entry.corrects:
            head.append("  sets right what is struck through", "yellow")
        lines.append(head)
        said = words(entry)
        if said:
            style = "dim strike" if entry.corrected_by else "dim"
            lines.append(Padding(Text(said, style), (0, 0, 0, 12)))
    complete = ", ".join(f"{name} {place:,}" for name, place in found.complete_to.items())
    return Group(
        *lines, Text(f"{len(found.entries)} facts; complete to: {complete}", "dim"), Text()
    )


def compared(found: Sequence[Compared]) -> Text:
    """Say which read models are not what their facts come to."""
    if wrong := [each for each in found if not each.same]:
        lines = (
            f"{each.model}: {each.stood_only} rows that stood are not made,"
            f" {each.made_only} made ones did not stand"
            for each in wrong
        )
        return Text("\n".join(lines), "red")
    rows = sum(each.rows for each in found)
    return Text(f"All {len(found)} read models ({rows:,} rows) are what their facts come to.")


def imported(report: Report) -> Text:
    """Say in one line what an import came to."""
    line = (
        f"{report.valid} submissions with {report.children} children"
        f" ({report.duplicates} with a child already known, {report.urgent} urgent,"
        f" {report.undetermined} children without a duty holder yet); {len(report.refused)} refused"
    )
    if report.repeated:
        line += f"; {report.repeated} of them were there already, and nothing was added for those"
    return Text(line)


def refusals(report: Report) -> Table:
    """Show each line that was refused."""
    table = Table(title="Refused lines", title_justify="left", header_style="bold")
    for column in ("line", "submission", "code", "field"):
        table.add_column(column)
    for each in report.refused:
        table.add_row(str(each.line), each.submission, each.code, each.field)
    return table


def expected(report: Report, wanted: Mapping[str, object]) -> list[str]:
    """Return the counts in which a report differs from what was expected."""
    found = report.as_json()
    return [name for name, value in wanted.items() if found.get(name) != value]
