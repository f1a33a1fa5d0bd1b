"""What the commands show: tables and histories for a person's eyes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC

from rich.console import Group
from rich.table import Table
from rich.text import Text

from chassis.directory import Directory
from stack.server import Status
from throughline.history.v1 import history_pb2
from throughline_cli.operating import Statuses
from throughline_cli.past import History, occurred_day, words
from throughline_cli.reporting import Report


def counts(directory: Directory, report: Report, statuses: Statuses) -> Table:
    """Show what there is for each authority, as the services count it."""
    by_authority: dict[str, dict[str, int]] = defaultdict(dict)
    for status in statuses.values():
        for name, number in status.counters.items():
            counted_for, _, counter = name.partition("/")
            by_authority[counted_for][counter] = number
    names = sorted({name for counted in by_authority.values() for name in counted})
    table = Table(title="What there is, by authority", title_justify="left", header_style="bold")
    table.add_column("authority")
    table.add_column("submissions", justify="right")
    for name in names:
        table.add_column(name.replace("_", " "), justify="right")
    for authority in directory.tenants:
        known = directory.by_id(authority)
        slug = known.slug if known else str(authority)
        counted = by_authority.get(str(authority), {})
        table.add_row(
            known.name if known else slug,
            str(report.by_authority[slug]),
            *(str(counted.get(name, 0)) for name in names),
        )
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
    table = Table(title="What is behind", title_justify="left", header_style="bold")
    table.add_column("service")
    table.add_column("log position", justify="right")
    for role in ("relay", "project", "notarise", "react"):
        table.add_column(role, justify="right")
    for column in ("pending", "parked streams", "dead letters"):
        table.add_column(column, justify="right")
    for name, status in statuses.items():
        behind: dict[str, int] = defaultdict(int)
        for lag in status.lags:
            behind[lag.role] += lag.behind
        table.add_row(
            name,
            f"{status.safe_position:,}",
            *(str(behind[role]) for role in ("relay", "project", "notarise", "react")),
            str(status.pending),
            str(status.parked_streams),
            str(status.dead_letters),
        )
    return table


def history(title: str, found: History) -> Group:
    """Show the facts of a case in the order in which they were recorded."""
    table = Table(title=title, title_justify="left", header_style="bold", expand=True)
    table.add_column("recorded", no_wrap=True)
    table.add_column("occurred", no_wrap=True)
    table.add_column("service", no_wrap=True)
    table.add_column("what", no_wrap=True)
    table.add_column("by", no_wrap=True)
    table.add_column("says", overflow="fold", ratio=1)
    for entry in found.entries:
        style = "strike dim" if entry.corrected_by else "yellow" if entry.corrects else ""
        table.add_row(
            entry.recorded_at.ToDatetime(tzinfo=UTC).strftime("%Y-%m-%d %H:%M"),
            occurred_day(entry),
            entry.service,
            entry.type,
            entry.actor_role,
            Text(_says(entry)),
            style=style,
        )
    complete = ", ".join(f"{name} {place:,}" for name, place in found.complete_to.items())
    return Group(table, Text(f"complete to: {complete}", style="dim"))


def _says(entry: history_pb2.Entry) -> str:
    said = words(entry)
    if entry.corrected_by:
        return f"{said}   (set right later)"
    return said


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
