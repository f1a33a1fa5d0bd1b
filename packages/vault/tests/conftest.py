"""Keyrings for tests: in memory, and on a real PostgreSQL with the roles of the services."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio

from ledger.migrate import migrate
from ledger.personal import Block
from stack.testing import Postgres
from vault.keyring import Keyring
from vault.memory import MemoryKeyring
from vault.postgres import MIGRATIONS, PostgresKeyring

SERVICES = ("referrals", "casework", "groups", "notifications")
DATABASE = "vault_keyring"


@dataclass(frozen=True)
class Keyrings:
    """One keyring, seen by `referrals` (everything) and by `groups` (health and narrative).

    `everything` logs in anew at each call: another process.
    """

    everything: Callable[[], Awaitable[Keyring]]
    limited: Callable[[], Awaitable[Keyring]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def keyring_server(postgres: Postgres) -> Postgres:
    """Give the server, with a migrated keyring in it."""
    owner = await postgres.create_keyring(SERVICES, DATABASE)
    await migrate(owner, [MIGRATIONS])
    return postgres


@pytest.fixture(params=["memory", "postgres"])
def keyrings(request: pytest.FixtureRequest) -> Keyrings:
    """Give a keyring of each kind: what holds for one holds for the other."""
    kind: Keyrings = request.getfixturevalue(f"{request.param}_keyrings")
    return kind


@pytest.fixture
def memory_keyrings() -> Keyrings:
    """Give a keyring in memory."""
    kept = MemoryKeyring()
    limited = kept.granting([Block.HEALTH, Block.NARRATIVE])

    async def everything() -> Keyring:
        return kept

    async def less() -> Keyring:
        return limited

    return Keyrings(everything, less)


@pytest_asyncio.fixture
async def postgres_keyrings(keyring_server: Postgres) -> AsyncIterator[Keyrings]:
    """Give the keyring on PostgreSQL."""
    async with AsyncExitStack() as opened:

        def by(role: str) -> Callable[[], Awaitable[Keyring]]:
            async def login() -> Keyring:
                keyring = await PostgresKeyring.connect(
                    keyring_server.dsn(DATABASE, role), connections=2
                )
                opened.push_async_callback(keyring.close)
                return keyring

            return login

        yield Keyrings(by("referrals_vault"), by("groups_vault"))
