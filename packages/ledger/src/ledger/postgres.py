"""The event store on PostgreSQL: one call a batch, one round trip a load."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from ledger.commands import Answer, AppendCommand, Claim, Loaded, StoredEvent
from ledger.connect import Pool
from ledger.store import NOTHING_KNOWN, READ_LIMIT, Begun


def stored_event(row: asyncpg.Record) -> StoredEvent:
    """Read a row of es.events (all of its columns, by name)."""
    raise NotImplementedError


class PostgresStore:
    """A service's store, over a pool of its handler or its worker."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append the commands in one transaction; one answer each, in the order given."""
        raise NotImplementedError

    async def begin(self, tenant: UUID, scope: frozenset[UUID], command_id: UUID | None) -> Begun:
        """Read the clock and look a command id up."""
        raise NotImplementedError

    async def load(
        self,
        tenant: UUID,
        scope: frozenset[UUID],
        stream_ids: Sequence[UUID],
        command_id: UUID | None = None,
        after: Mapping[UUID, int] = NOTHING_KNOWN,
    ) -> dict[UUID, Loaded]:
        """Read streams as of one moment, in one round trip."""
        raise NotImplementedError

    async def holder(self, tenant: UUID, claim: Claim) -> UUID | None:
        """Return the stream that holds a claim."""
        raise NotImplementedError

    async def read(
        self, tenant: UUID, stream_id: UUID, after_version: int = 0, limit: int = READ_LIMIT
    ) -> list[StoredEvent]:
        """Read a stream's events in order, after a version."""
        raise NotImplementedError
