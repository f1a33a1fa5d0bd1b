"""How far each follower of the feed has come, and who may say so: one leader, one epoch."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.connect import Connection
from ledger.feed import BEGINNING, Cursor


class Superseded(Exception):  # noqa: N818 # named for what has happened
    """Another leader has taken over, or the checkpoint was moved: what was done is void."""


class HistoryChanged(Exception):  # noqa: N818 # named for what has happened
    """The store no longer holds the event at the checkpoint: it lost its tail. A person decides."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write one checkpoint, until a later epoch."""

    name: str
    shard: int
    epoch: int
    owner: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last event handled, and the position up to which there is nothing more to handle."""

    cursor: Cursor = BEGINNING
    seen_to: int = 0
    epoch: int = 0


async def load(connection: Connection, name: str, shard: int = 0) -> Checkpoint:
    """Return a checkpoint; one that was never written stands at the beginning."""
    raise NotImplementedError


async def resume(connection: Connection, lease: Lease) -> Checkpoint:
    """Return the checkpoint of a lease for going on. Raises Superseded, HistoryChanged."""
    raise NotImplementedError


async def advance(
    connection: Connection, lease: Lease, since: Cursor, to: Cursor, seen_to: int
) -> None:
    """Move a checkpoint from where its leader left it. Raises Superseded.

    In a transaction it comes *first*: whoever switches a rebuilt table in holds the checkpoint
    while it waits for the table.
    """
    raise NotImplementedError


async def seen_to(connection: Connection, names: Sequence[str]) -> int:
    """Return the position that all the named followers have seen; 0 if one never began."""
    raise NotImplementedError
