"""Connections to a service's database, set up for what each role does on them."""

from typing import TYPE_CHECKING, TypeAlias

import asyncpg

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

ACQUIRE_S = 5.0
"""How long anybody waits for a free connection; asyncpg's own default is for ever."""

STORE_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # A connection that was torn in mid-answer no longer knows what it was doing.
    asyncpg.InternalClientError,
)
"""What asking a store may raise while it is away, or about to be."""

_CONNECT_S = 10.0
_IDLE_CONNECTION_LIFE_S = 3600.0
_QUERIES_A_CONNECTION = 10_000_000

_BOUNDS = {
    # An open append holds everybody's feed back, so nobody may leave one open.
    "idle_in_transaction_session_timeout": "10s",
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "timezone": "UTC",
}

BY_KEY = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}
"""For connections on which the same few statements go by a key, over and over: the plans of a store
that was empty when they were made stay good, and planning costs nothing from the second call on."""


async def handler_pool(dsn: str, size: int = 8) -> Pool:
    """Open the pool of requests: the role that sees its caller's authorities only."""
    return await _pool(dsn, size, _BOUNDS | BY_KEY)


async def worker_pool(dsn: str, size: int = 8) -> Pool:
    """Open the pool of background work: feed, relay, projections, react, clock, evidence."""
    return await _pool(dsn, size, _BOUNDS | BY_KEY)


async def follower_pool(dsn: str, size: int = 8) -> Pool:
    """Open the pool of followers whose work is made again from their checkpoints.

    A commit does not wait for the disk: if the server dies, the last moments of a read model are
    lost together with its checkpoint, and followed again.
    """
    return await _pool(dsn, size, _BOUNDS | BY_KEY | {"synchronous_commit": "off"})


async def worker_store_pool(dsn: str, size: int = 2) -> Pool:
    """Open a pool on which background work appends and loads as a request does."""
    return await _pool(dsn, size, _BOUNDS | BY_KEY)


async def _pool(dsn: str, size: int, settings: dict[str, str]) -> Pool:
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        timeout=_CONNECT_S,
        max_queries=_QUERIES_A_CONNECTION,
        max_inactive_connection_lifetime=_IDLE_CONNECTION_LIFE_S,
        server_settings=settings,
        reset=_nothing_to_reset,
    )


async def _nothing_to_reset(_connection: object) -> None:
    """Spare the round trip: scopes are set for one transaction, locks live outside the pools."""
