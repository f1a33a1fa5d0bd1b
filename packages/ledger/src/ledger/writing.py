"""Writes sent grouped by statement, each row's own writes still in their order."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ledger.connect import Connection
from ledger.writes import Statement, Write


@dataclass(slots=True)
class Layer:
    """One statement with the arguments of many writes, in order."""

    statement: Statement
    arguments: list[tuple[object, ...]] = field(default_factory=list)


def layers(writes: Iterable[Write]) -> list[Layer]:
    """Group writes into as few layers as greedy placing gives.

    Each write joins the earliest layer of its statement that is not before the last write of its
    row. Rows of different tables with the same key count as one: that costs a layer, never an
    order. A statement with an empty key touches rows that nobody can name: it stays where it is.
    """
    made: list[Layer] = []
    of_statement: defaultdict[Statement, list[int]] = defaultdict(list)
    last_of_row: dict[tuple[object, ...], int] = {}
    barrier = 0
    for write in writes:
        row = write.row
        if row:
            earliest = max(barrier, last_of_row.get(row, 0))
        else:
            earliest = barrier = len(made)
        own = of_statement[write.statement]
        found = bisect_left(own, earliest)
        if found == len(own):
            own.append(len(made))
            made.append(Layer(write.statement))
        made[own[found]].arguments.append(write.arguments)
        last_of_row[row] = own[found]
    return made


async def send(connection: Connection, writes: Sequence[Write]) -> None:
    """Carry out writes, inside the caller's transaction, with one exchange a layer."""
    for layer in layers(writes):
        await connection.executemany(layer.statement.sql, layer.arguments)
