"""What a projection answers: named statements with arguments, so that it stays pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rows:
    """A table (with its schema) and the columns that a statement's arguments fill, in order."""

    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A named SQL statement with positional arguments ($1, $2 …), sent for many rows at once.

    `key` gives the indexes of the arguments that identify the row it touches: writes on one row
    keep their order, others may be grouped by statement. An empty key: rows that nobody can name.
    `adds` is said of an insert that makes a row of its own for each write, never one that is there
    already: a rebuild may then copy the rows.
    """

    name: str
    sql: str
    key: tuple[int, ...] = (0, 1)
    adds: Rows | None = None

    def __call__(self, *arguments: object) -> "Write":
        """Make a write of this statement."""
        return Write(self, arguments)


@dataclass(frozen=True, slots=True)
class Write:
    """One statement with its arguments."""

    statement: Statement
    arguments: tuple[object, ...]

    @property
    def row(self) -> tuple[object, ...]:
        """What identifies the row."""
        return tuple(self.arguments[index] for index in self.statement.key)
