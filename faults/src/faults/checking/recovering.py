"""I9, I20: replays give the same bytes; recovery is bounded, and how long it took."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faults.checking.evidence import Evidence, Record
from faults.checking.report import Look, look
from faults.checking.telling import telling

if TYPE_CHECKING:
    from uuid import UUID

P50, P95 = 0.50, 0.95


@dataclass(frozen=True, slots=True)
class Recovery:
    """How long it took, in seconds, until everything served and no lag was left."""

    faults: int
    p50_s: float
    p95_s: float
    longest_s: float


def recoveries(evidence: Evidence) -> dict[str, Recovery]:
    """Return how long recovery took, by class of fault; `all` is all of them."""
    by_class: dict[str, list[float]] = defaultdict(list)
    for fault in evidence.faults:
        if fault.proved and fault.recovered_s is not None:
            by_class[fault.kind].append(fault.recovered_s)
            by_class["all"].append(fault.recovered_s)
    return {kind: _recovery(sorted(found)) for kind, found in sorted(by_class.items())}


def _recovery(seconds: Sequence[float]) -> Recovery:
    return Recovery(len(seconds), _part(seconds, P50), _part(seconds, P95), seconds[-1])


def _part(ordered: Sequence[float], part: float) -> float:
    """Return the nearest-rank percentile: a value that was seen."""
    rank = max(1, -(-len(ordered) * round(part * 100) // 100))
    return ordered[rank - 1]


def recovery_is_bounded(evidence: Evidence) -> Iterator[Look]:
    """I20: after each proved fault everything was well again within the bound."""
    for fault in evidence.faults:
        if fault.proved:
            took = fault.recovered_s
            held = took is not None and took <= evidence.recovery_bound_s
            expected = f"well again within {evidence.recovery_bound_s:g} s"
            yield look(held, expected, took, fault=fault.number, kind=fault.kind, at=fault.target)


def replays_are_the_same_bytes(evidence: Evidence) -> Iterator[Look]:
    """I9: a record that is told again is the same bytes; so is a read model that is made again."""
    first: dict[tuple[str, UUID], Record] = {}
    for told in telling(evidence).told:
        key = (told.service, told.event_id)
        if key not in first:
            first[key] = told.record
            continue
        same = _bytes(first[key]) == _bytes(told.record)
        expected = "a record told again is the same bytes"
        yield look(same, expected, service=told.service, event=told.event_id)
    for table, dumps in evidence.dumps.items():
        for number, later in enumerate(dumps[1:], start=2):
            expected = "a read model made again is the same bytes"
            yield look(later == dumps[0], expected, _differ(dumps[0], later), table=table, n=number)


def _bytes(record: Record) -> tuple[object, ...]:
    return record.key, record.value, record.headers


def _differ(one: bytes, other: bytes) -> str:
    """Say how many rows differ, never what they hold."""
    return f"{len(_rows(one) ^ _rows(other))} rows differ"


def _rows(dump: bytes) -> "set[bytes]":
    return set[bytes](_lines(dump))


def _lines(dump: bytes) -> Iterable[bytes]:
    return dump.splitlines()
