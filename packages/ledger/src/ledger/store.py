"""What every event store promises: the contract that its implementations share."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from ledger.commands import Answer, AppendCommand, Snapshot, StoredEvent
from ledger.looking import Looks

READ_LIMIT = 1_000
"""How many events `read` answers at most, unless it is told otherwise."""


class StoreUnavailable(Exception):  # noqa: N818 # named for the state that the caller finds
    """The store cannot be reached or took too long.

    An append is then *in doubt*: it may be committed. The same command id sent again tells.
    """


class StoreFault(Exception):  # noqa: N818 # named for what it is
    """The database refused a statement: a fault of the program, and nothing was written.

    The words hold the kind of the fault alone; the database's own might quote what was sent.
    """


class NotInScope(Exception):  # noqa: N818 # named for what was found
    """The authority asked for is not in the caller's scope."""


class Store(Looks, Protocol):
    """Streams of events, each written at its end only, and claims that are unique across them."""

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append the commands in one transaction; one answer each, in the order given.

        A command has all of its effects or none. Commands on one stream form a chain, each made on
        the outcome of the one before, and stand or fall as one; a command over several streams
        shares none of them with another. No two share a command id, or a claim that is taken.
        Raises StoreUnavailable when in doubt.
        """

    async def keep_snapshot(self, tenant: UUID, stream_id: UUID, snapshot: Snapshot) -> None:
        """Keep a snapshot in the place of an older one, or of one of another fold."""

    async def read(
        self, tenant: UUID, stream_id: UUID, after_version: int = 0, limit: int = READ_LIMIT
    ) -> list[StoredEvent]:
        """Read a stream's events in order, after a version."""

    async def of_case(self, tenant: UUID, case_id: UUID) -> dict[UUID, str]:
        """Return the streams of a case with their categories, in the order of their ids.

        Of a case that has passed on these are all there will be.
        """

    async def claimed(self, tenant: UUID, kind: str, limit: int) -> frozenset[str]:
        """Return the values of a kind that streams hold, at most `limit` of them."""
