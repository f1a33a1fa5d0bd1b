"""What a projection answers: named statements with arguments, so that it stays pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """A named SQL statement with positional arguments ($1, $2 …), sent for many rows at once.

    `key` gives the indexes of the arguments that identify the row it touches: writes on one row
    keep their order, others may be grouped by statement.
    """

    name: str
    sql: str
    key: tuple[int, ...] = (0, 1)

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
