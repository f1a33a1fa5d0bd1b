"""The sections of the document: each part of a run as tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Part = Mapping[str, Any]

NAMES = {
    "bare": "bare row (pgbench)",
    "same": "same writes (pgbench)",
    "ledger": "**ledger**",
    "eventsourcing": "eventsourcing",
    "message-db": "Message DB",
    "emmett": "Emmett",
    "echo": "bare echo",
    "command": "**command**",
    "append": "**append to a fresh stream**",
    "go-on": "**load a stream and append to it**",
}


LOADS = {"load": "all events", "load-with-snapshot": "snapshot, and 50 events behind it"}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a run: where it stands in the JSON, its title, and its words and tables."""

    key: str
    title: str
    told: Callable[[Part], Iterator[str]]

    def lines(self, part: Part) -> list[str]:
        """Return the section, heading first."""
        return [f"## {self.title}", *self.told(part)]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(each)} |" for each in lines)


def spread(of: Mapping[str, float]) -> str:
    """Write a median with its lowest and highest."""
    return f"{number(of['middle'])} ({number(of['low'])} to {number(of['high'])})"


def number(value: float) -> str:
    """Write a number with as many digits as are worth reading."""
    if value >= 100:  # noqa: PLR2004 # readable
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"  # noqa: PLR2004 # readable


def latency(cell: Part) -> str:
    """Write the middle percentiles of a cell."""
    return " / ".join(number(cell[name]["middle"]) for name in ("p50_ms", "p95_ms", "p99_ms"))


def _by(by: Part, show: Callable[[Part], str]) -> str:
    sizes = sorted({size for cells in by.values() for size in cells}, key=int)
    rows = [
        [NAMES.get(name, name), *(show(cells[size]) if size in cells else "" for size in sizes)]
        for name, cells in by.items()
    ]
    return table(["", *(f"{int(size):,}" for size in sizes)], rows)


def _rates(by: Part) -> str:
    return _by(by, lambda cell: spread(cell["rate"]))


def _latencies(by: Part) -> str:
    return _by(by, latency)


def _counted(part: Part) -> str:
    return "; ".join(
        f"{name} {each['rows']:,} of {each['acknowledged']:,}" for name, each in part.items()
    )


def _appends(part: Part) -> Iterator[str]:
    yield "One event of about 550 bytes a command, durable. Commands a second, by writers:"
    yield _rates(part["by"])
    yield f"`COPY` of {part['copied']:,} bare rows: {spread(part['copy'])} rows a second."
    yield "![Appends a second](benchmarks/appends.svg)"
    yield "Latency of one command in ms, p50 / p95 / p99:"
    yield _latencies(part["by"])
    yield "![Latency](benchmarks/latency.svg)"
    yield f"Rows found of those acknowledged: {_counted(part['rows'])}."


def _paths(part: Part) -> Iterator[str]:
    yield f"{part['writers']} writers through the ledger; a load is one reader's."
    rows = [
        [
            name,
            str(part["events_a_command"].get(name, 0)),
            spread(cell["rate"]),
            latency(cell),
        ]
        for name, cell in part["by"].items()
    ]
    yield table(("path", "events a command", "commands a second", "ms, p50 / p95 / p99"), rows)
    loads = [
        [f"{int(events):,}", LOADS[name], spread(cell["rate"]), latency(cell)]
        for name, cells in part["loads"].items()
        for events, cell in cells.items()
    ]
    yield table(("load and fold of a stream of", "", "a second", "ms, p50 / p95 / p99"), loads)


def _growth(part: Part) -> Iterator[str]:
    yield (
        f"{part['writers']} writers, {part['seconds']} s a cell; columns are events in the table"
        " before. A second:"
    )
    yield _rates(part["by"])
    yield "Latency in ms, p50 / p95 / p99:"
    yield _latencies(part["by"])
    yield "![Growth](benchmarks/growth.svg)"


def _relay(part: Part) -> Iterator[str]:
    yield f"{part['events']:,} events a repeat to a topic of {part['partitions']} partitions."
    memory = part["memory_mib"]
    yield table(
        ("", "a second"),
        [
            ("**relay**", spread(part["relay"])),
            ("bare aiokafka, same records and settings", spread(part["aiokafka"])),
        ],
    )
    yield (
        f"Memory of the relay: {number(memory['half way']['middle'])} MiB half way,"
        f" {number(memory['peak']['middle'])} MiB at most. Bare aiokafka from produce to consume,"
        f" one record at a time, ms p50 / p95 / p99: {latency(part['trip'])}. The topic was read"
        f" back: {part['rows']['rows']:,} of {part['rows']['acknowledged']:,}, in order within"
        " each key."
    )


def _consumers(part: Part) -> Iterator[str]:
    yield f"{part['records']:,} records a repeat, each of a stream of its own, in one process."
    rows = [(f"records that lead to {kind}", spread(of)) for kind, of in part["by"].items()]
    yield table(("", "effects a second"), rows)
    yield (
        f"At most {number(part['memory_mib']['high'])} MiB. Effects found of those expected:"
        f" {_counted(part['rows'])}."
    )


def _rebuild(part: Part) -> Iterator[str]:
    reads, memory = part["live_reads_ms"], part["memory_mib"]
    yield (
        f"casework's chronology from {part['events']:,} sessions: {part['seconds']} s, that is"
        f" {part['rate']:,} events a second, from the start of the command to its end. `COPY` out"
        f" of the same table: {number(part['copy_out_s']['middle'])} s. Memory of all its"
        f" processes: {memory['half way']:,} MiB half way, {memory['peak']:,} MiB at most."
        f" A reader of the live table waited p50 {reads['before']['p50']} ms and p99"
        f" {reads['before']['p99']} ms before, {reads['during']['p50']} ms and"
        f" {reads['during']['p99']} ms meanwhile."
    )


def _calls(part: Part) -> Iterator[str]:
    yield (
        "Token, policy, fold, a new key and what it seals, leaf and append, in one process of a"
        f" service alone with its store and the keyring; {part['bytes']} bytes a request. Calls a"
        " second, by clients:"
    )
    yield _rates(part["by"])
    yield "Latency in ms, p50 / p95 / p99:"
    yield _latencies(part["by"])
    yield "![Calls](benchmarks/calls.svg)"
    if whole := part.get("whole"):
        yield (
            "With all services up, each with all of its roles in one process, at work on what the"
            f" commands lead to, 16 clients: {number(whole['rate']['middle'])} commands a"
            f" second, p50 / p95 / p99 {latency(whole)} ms."
        )
    if unanswered := sum(part["unanswered"].values()):
        yield f"{unanswered} commands were not answered in time: their waiting is in the latency."


def _arrivals(part: Part) -> Iterator[str]:
    yield (
        "Referrals accepted over gRPC at a steady rate; from each answer until its case stands in"
        " casework's read model (looked for every few ms)."
    )
    rows = [
        [
            f"{int(rate):,}",
            number(run["answered_a_second"]),
            str(sum(run["unanswered"].values())),
            f"{run['done']:,}",
            *(number(run[name]) for name in ("p50_ms", "p95_ms", "p99_ms")),
        ]
        for rate, run in part.items()
    ]
    head = (
        "asked for a second",
        "answered a second",
        "unanswered",
        "arrived",
        "p50 ms",
        "p95 ms",
        "p99 ms",
    )
    yield table(head, rows)


def _history(part: Part) -> Iterator[str]:
    yield (
        f"A case with {part['sessions']:,} sessions of {part['words_a_session']} characters each,"
        " every word opened and its reading recorded, over gRPC; and the rows alone by SQL."
    )
    rows = [
        (name, latency(part[key])) for name, key in (("**history**", "reading"), ("SQL", "sql"))
    ]
    yield table(("", "ms, p50 / p95 / p99"), rows)


SECTIONS = (
    Section("appends", "Appends", _appends),
    Section("paths", "Other ways through the store", _paths),
    Section("growth", "Growth", _growth),
    Section("relay", "Relay", _relay),
    Section("consumers", "Consumers", _consumers),
    Section("rebuild", "Rebuild", _rebuild),
    Section("calls", "A command over gRPC", _calls),
    Section("arrivals", "From one service to another", _arrivals),
    Section("history", "The history of a case", _history),
)
