"""I8: a read model equals the fold of the events, by folds of the checker's own.

Each fold is written from what the events mean, knows no statement of the service, and gives for
each row the columns that matter. A missing row, or one too many, is a violation as a wrong one is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from faults.checking.evidence import Event, Evidence, Row, Store
from faults.checking.folds import casework, groups, notifications, referrals
from faults.checking.folds.model import Model
from faults.checking.report import Look, look
from faults.checking.telling import Telling, telling

Fold = Callable[[Sequence[Event], Telling], Sequence[Model]]

FOLDS: Mapping[str, Fold] = {
    "referrals": referrals.fold,
    "casework": casework.fold,
    "groups": groups.fold,
    "notifications": notifications.fold,
}


def read_models_equal_the_fold(evidence: Evidence) -> Iterator[Look]:
    """I8: every row of the central read models, and every thread, is what the events make it."""
    topics = telling(evidence)
    for name, store in evidence.stores.items():
        events = sorted(store.events, key=lambda each: each.position)
        fold = FOLDS.get(name)
        for model in fold(events, topics) if fold else ():
            yield from _compared(name, model, store.read.get(model.table, ()))
        yield from _threads(name, store)


def _compared(service: str, model: Model, rows: Sequence[Row]) -> Iterator[Look]:
    there = {tuple(plain(row[name]) for name in model.key): row for row in rows}
    for key in model.rows.keys() | there.keys():
        ids = {"service": service, "table": model.table, "row": "/".join(key)}
        wanted, row = model.rows.get(key), there.get(key)
        if wanted is None or row is None:
            expected = "no such row" if wanted is None else "a row"
            yield look(wanted is row, expected, **ids)
            continue
        found = {name: plain(row[name]) for name in wanted}
        expected = str(wanted)
        yield look(
            found == {n: plain(value) for n, value in wanted.items()}, expected, found, **ids
        )


def _threads(service: str, store: Store) -> Iterator[Look]:
    """Every event stands on the thread of its case and of each person it is about."""
    wanted = {
        (str(event.tenant), str(thread), event.position)
        for event in store.events
        for thread in (*event.meta.get("subjects", ()), *([event.case_id] if event.case_id else ()))
    }
    found = {
        (str(row["tenant"]), str(row["thread"]), row["position"]) for row in store.rows("threads")
    }
    for thread in wanted | found:
        held = thread in wanted and thread in found
        yield look(held, "an event stands on its threads", service=service, thread=thread)


def plain(value: Any) -> str:
    """Write a value so that a column and a field of JSON that mean the same are the same."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case UUID() | int() | str():
            return str(value)
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case _:
            return repr(value)
