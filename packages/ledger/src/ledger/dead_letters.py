"""Records that nobody could handle and of which no stream can be told, for a person to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.connect import Connection

Headers = tuple[tuple[str, bytes], ...]

_ADD = """
insert into es.dead_letters (topic, partition, "offset", key, value, header_names, header_values,
                             reason)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict do nothing
"""

_LIST = """
select topic, partition, "offset", reason, received_at from es.dead_letters
 order by received_at, topic, partition, "offset"
 limit $1
"""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record as it came. `reason`: what of it could not be read, never what it holds."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    reason: str


@dataclass(frozen=True, slots=True)
class Buried:
    """Where a dead letter stands in its topic, and why."""

    topic: str
    partition: int
    offset: int
    reason: str
    received_at: datetime


async def add(connection: Connection, letters: Sequence[DeadLetter]) -> None:
    """Keep records; one that is kept already stays as it is."""
    if letters:
        await connection.executemany(_ADD, [_row(each) for each in letters])


async def listed(connection: Connection, limit: int) -> list[Buried]:
    """Return the dead letters, the first to come first."""
    return [Buried(**dict(row)) for row in await connection.fetch(_LIST, limit)]


async def count(connection: Connection) -> int:
    """Return how many there are."""
    number: int = await connection.fetchval("select count(*) from es.dead_letters")
    return number


def split(headers: Headers) -> tuple[list[str], list[bytes]]:
    """Return names and values apart, the names without what PostgreSQL's text cannot hold."""
    return [name.replace("\0", "\ufffd") for name, _ in headers], [value for _, value in headers]


def _row(letter: DeadLetter) -> tuple[object, ...]:
    place = (letter.topic, letter.partition, letter.offset, letter.key, letter.value)
    return (*place, *split(letter.headers), letter.reason)
