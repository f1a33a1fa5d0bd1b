"""The event store on PostgreSQL: one call a batch, one round trip a look."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from ledger.batches import check
from ledger.columns import columns, is_plain, plain, scope_text, turning
from ledger.commands import Answer, AppendCommand, Snapshot, StoredEvent
from ledger.connect import ACQUIRE_S, Pool
from ledger.looking import Found, Wanted
from ledger.rows import answers, read_found, stored_event
from ledger.store import READ_LIMIT, NotInScope, StoreFault, StoreUnavailable

__all__ = ["PostgresStore", "stored_event"]

WHOLE_TRIES = 3
"""How often a batch that lost a race is sent whole, before its commands go one by one."""

ALONE_TRIES = 5
"""How often one command that lost a race is sent."""

CALL_S = 15.0
"""How long a call may take in all, beyond the server's own bounds on locks and statements."""

APPEND = (
    "select * from es.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
    " $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)"
)
_APPEND_ALONE = (
    "select * from es.append_alone($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
    " $15, $16, $17, $18, $19, $20)"
)
_APPEND_TURNING = (
    "select * from es.append_turning($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
    " $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32,"
    " $33, $34, $35, $36)"
)
_OF_CASE = "select * from es.of_case($1, $2)"
_CLAIMED = "select value from es.claimed($1, $2, $3) value"
_LOOK = "select * from es.look($1, $2, $3, $4, $5, $6, $7, $8)"
_KEEP = "select es.keep_snapshot($1, $2, $3, $4, $5, $6)"
_READ = "select * from es.read($1, $2, $3, $4)"

# A race lost to another batch: nothing was written, and the next try sees what was lost.
_LOST_RACE = (
    asyncpg.UniqueViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
# In doubt, or not reached at all. A lock or a statement that took too long was rolled back, but for
# the caller it is the same: try again later, with the same command id.
_UNAVAILABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    # A connection that was torn in mid-answer no longer knows what it was doing.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
)


class PostgresStore:
    """A service's store, over a pool of its handler or its worker (connect.py)."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append the commands in one transaction; one answer each, in the order given."""
        check(batch)
        if not batch:
            return []
        alone = len(batch) == 1
        if batch[0].turn is not None:
            statement, arguments = _APPEND_TURNING, turning(batch[0].turn, batch)
        elif is_plain(batch):
            statement, arguments = _APPEND_ALONE, plain(batch[0])
        else:
            statement, arguments = APPEND, columns(batch)
        try:
            tries = ALONE_TRIES if alone else WHOLE_TRIES
            return await self._send(batch, statement, arguments, tries)
        except _LOST_RACE as error:
            if alone:
                raise StoreUnavailable(type(error).__name__) from error
        return await self._one_by_one(batch)

    async def look(self, tenant: UUID, scope: frozenset[UUID], wanted: Wanted) -> Found:
        """Read what is wanted as of one moment, in one round trip."""
        if tenant not in scope:
            raise NotInScope(tenant)
        rows = await self._fetch(_LOOK, scope_text(scope), tenant, *_columns_of(wanted))
        return read_found(tenant, wanted, rows)

    async def keep_snapshot(self, tenant: UUID, stream_id: UUID, snapshot: Snapshot) -> None:
        """Keep a snapshot in the place of an older one, or of one of another fold."""
        at = (snapshot.version, snapshot.fold_id, snapshot.position)
        await self._fetch(_KEEP, tenant, stream_id, *at, snapshot.state)

    async def read(
        self, tenant: UUID, stream_id: UUID, after_version: int = 0, limit: int = READ_LIMIT
    ) -> list[StoredEvent]:
        """Read a stream's events in order, after a version."""
        rows = await self._fetch(_READ, tenant, stream_id, after_version, limit)
        return [stored_event(row) for row in rows]

    async def of_case(self, tenant: UUID, case_id: UUID) -> dict[UUID, str]:
        """Return the streams of a case with their categories, in the order of their ids."""
        rows = await self._fetch(_OF_CASE, tenant, case_id)
        return {row["stream_id"]: row["category"] for row in rows}

    async def claimed(self, tenant: UUID, kind: str, limit: int) -> frozenset[str]:
        """Return the values of a kind that streams hold, at most `limit` of them."""
        rows = await self._fetch(_CLAIMED, tenant, kind, limit)
        return frozenset(row["value"] for row in rows)

    async def _one_by_one(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Send each command alone, so that one that keeps losing takes no others with it."""
        alone: list[Answer] = []
        for command in batch:
            alone.extend(await self.append([command]))
        return alone

    async def _send(
        self, batch: Sequence[AppendCommand], statement: str, arguments: Sequence[Any], tries: int
    ) -> list[Answer]:
        try:
            return answers(batch, await self._fetch(statement, *arguments))
        except _LOST_RACE:
            if tries == 1:
                raise
        return await self._send(batch, statement, arguments, tries - 1)

    async def _fetch(self, statement: str, *arguments: Any) -> list[asyncpg.Record]:
        try:
            async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
                return await connection.fetch(statement, *arguments, timeout=CALL_S)
        except _LOST_RACE:
            raise
        except _UNAVAILABLE as error:
            raise StoreUnavailable(type(error).__name__) from error
        except asyncpg.PostgresError as error:
            raise StoreFault(type(error).__name__) from None


def _columns_of(wanted: Wanted) -> tuple[Sequence[Any], ...]:
    """Return what is wanted as es.look takes it; no folds at all where none is wanted."""
    return (
        [*wanted.streams],
        [*wanted.streams.values()],
        [wanted.folds.get(each, "") for each in wanted.streams] if wanted.folds else [],
        wanted.commands,
        [each.kind for each in wanted.claims],
        [each.value for each in wanted.claims],
    )
