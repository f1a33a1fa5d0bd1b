"""The keyring on PostgreSQL: a database of its own, one statement a question."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg

from ledger.connect import BY_KEY
from vault.access import KeyringUnavailable, NotGranted
from vault.keyring import AuthorityRow, DataRow, Found, IndexRow, KeyName, NoKey

MIGRATIONS: Final = ("vault", Path(__file__).parent / "migrations")
"""The keyring's migrations, as `ledger.migrate.migrate` takes them."""

SECONDS: Final = 5.0
CONNECTIONS: Final = 4

_AUTHORITY_KEYS: Final = "select * from keyring.authority_keys($1)"
_OFFER_AUTHORITY_KEY: Final = "select * from keyring.offer_authority_key($1, $2, $3, $4)"
_FIND: Final = "select * from keyring.find($1::uuid[], $2::uuid[], $3::text[])"
_OFFER: Final = (
    "select * from keyring.offer"
    "($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::integer[], $6::bytea[])"
)
_OFFER_INDEX_KEY: Final = "select * from keyring.offer_index_key($1, $2, $3, $4, $5)"
_SHRED: Final = "select keyring.delete_subject($1, $2) as deleted"

# What ends a connection or a statement without telling anything of what was asked.
_UNAVAILABLE: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    # A connection that was torn in mid-answer no longer knows what it was doing.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
)


class PostgresKeyring:
    """Keeps wrapped keys in PostgreSQL. Waits at most 5 seconds for a connection or an answer."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    @staticmethod
    async def connect(dsn: str, *, connections: int = CONNECTIONS) -> "PostgresKeyring":
        """Log in as a service's vault; KeyringUnavailable where that does not succeed in time."""
        try:
            pool = await asyncpg.create_pool(
                dsn,
                min_size=1,
                max_size=connections,
                timeout=SECONDS,
                command_timeout=SECONDS,
                max_queries=1_000_000,
                server_settings=BY_KEY,
                # Nothing is left behind in a session (each scope ends with its statement).
                reset=_nothing,
            )
        except _UNAVAILABLE as error:
            raise KeyringUnavailable("the keyring does not let us in") from error
        return PostgresKeyring(pool)

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.close()

    async def authority_keys(self, tenant: UUID) -> Sequence[AuthorityRow]:
        """Return the authority's keys by version, lowest first."""
        return _authority_rows(tenant, await self._fetch(_AUTHORITY_KEYS, tenant))

    async def offer_authority_key(self, offered: AuthorityRow) -> Sequence[AuthorityRow]:
        """Keep a key unless there is one of its version; answer all there are now."""
        rows = await self._fetch(
            _OFFER_AUTHORITY_KEY,
            offered.tenant,
            offered.version,
            offered.key_id,
            offered.wrapped,
        )
        return _authority_rows(offered.tenant, rows)

    async def offer(self, offered: Sequence[DataRow]) -> Mapping[KeyName, Found]:
        """Keep each key whose name has none; answer what each name has now."""
        names = [row.name for row in offered]
        rows = await self._fetch(
            _OFFER,
            *_columns(names),
            [row.key_id for row in offered],
            [row.authority_version for row in offered],
            [row.wrapped for row in offered],
        )
        return _found(names, rows)

    async def find(self, names: Sequence[KeyName]) -> Mapping[KeyName, Found]:
        """Return what each name has."""
        return _found(names, await self._fetch(_FIND, *_columns(names)))

    async def offer_index_key(self, offered: IndexRow) -> IndexRow | NoKey:
        """Keep the key of a kind of blind index unless there is one; answer the one there is."""
        rows = await self._fetch(
            _OFFER_INDEX_KEY,
            offered.tenant,
            offered.kind,
            offered.key_id,
            offered.authority_version,
            offered.wrapped,
        )
        if not rows:
            return NoKey.NOT_GRANTED
        row = rows[0]
        return IndexRow(
            offered.tenant,
            offered.kind,
            row["key_id"],
            row["authority_version"],
            row["wrapped"],
        )

    async def shred(self, tenant: UUID, subject: UUID) -> int:
        """Delete all of a subject's keys, for ever; answer how many there were."""
        rows = await self._fetch(_SHRED, tenant, subject)
        deleted: int = rows[0]["deleted"]
        return deleted

    async def _fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        try:
            async with self._pool.acquire(timeout=SECONDS) as connection:
                rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
        except asyncpg.InsufficientPrivilegeError as error:
            raise NotGranted("the keyring does not grant this to this service") from error
        except _UNAVAILABLE as error:
            raise KeyringUnavailable("the keyring did not answer") from error
        return rows


async def _nothing(_connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Reset nothing; the default costs a round trip for each use."""


def _authority_rows(tenant: UUID, rows: Iterable[asyncpg.Record]) -> list[AuthorityRow]:
    return [AuthorityRow(tenant, row["version"], row["key_id"], row["wrapped"]) for row in rows]


def _columns(names: Sequence[KeyName]) -> tuple[list[Any], list[Any], list[Any]]:
    return (
        [name.tenant for name in names],
        [name.subject for name in names],
        [name.block.value for name in names],
    )


def _found(names: Sequence[KeyName], rows: Iterable[asyncpg.Record]) -> dict[KeyName, Found]:
    return {
        names[row["place"] - 1]: DataRow(
            names[row["place"] - 1], row["key_id"], row["authority_version"], row["wrapped"]
        )
        if row["answer"] == "key"
        else NoKey(row["answer"])
        for row in rows
    }
