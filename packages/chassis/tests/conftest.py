"""The tests' small service as it runs: a real PostgreSQL, a real Kafka, a real token issuer."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from chassis.acting import Done
from chassis.identity.issuer_server import Grants, http_server
from chassis.identity.local_issuer import LocalIssuer
from chassis.main import EVIDENCE, ROLES
from chassis.running.assembly import runtime
from chassis.running.settings import Environment, Settings
from chassis.runtime import Runtime
from packages.chassis.tests.counters import COUNTERS, Count, Open
from packages.chassis.tests.in_memory import act
from stack.keys import Keys
from stack.testing import Kafka, Postgres
from stack.topics import Topic, provision

NAME, KEYRING = COUNTERS.name, "counters_keyring"
SOURCES = "throughline.sources.v1"
DIRECTORY = Path(__file__).parents[3] / "demo" / "directory.json"
PATIENCE_S = 30.0


async def until(true: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for a condition, at most for so long."""
    end = time.monotonic() + PATIENCE_S
    while not await true():
        assert time.monotonic() < end, f"not within {PATIENCE_S} s: {what}"
        await asyncio.sleep(0.01)


@dataclass(frozen=True)
class Parts:
    """The parts of one process, which ends when the test does; and an authority of its own."""

    runtime: Runtime
    tenant: UUID
    superuser: str = field(repr=False)

    async def do(self, command: object, **more: Any) -> Done:
        """Carry out a command."""
        return await self.runtime.shell.execute(act(self.tenant, command, **more))

    async def opened(self, *, counted: int = 0, case_id: UUID | None = None, **more: Any) -> UUID:
        """Open a counter of somebody, and count."""
        counter = uuid4()
        name, label = "Alice Hartley", f"label {counter}"
        await self.do(Open(counter, uuid4(), name, label, case_id), **more)
        if counted:
            await self.do(Count(counter, counted), **more)
        return counter

    async def fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the database as its superuser."""
        connection = await asyncpg.connect(self.superuser)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
        finally:
            await connection.close()
        return rows

    async def one(self, statement: str, *arguments: object) -> Any:
        """Return one value, None where there is no row."""
        rows = await self.fetch(statement, *arguments)
        return rows[0][0] if rows else None

    async def until(self, expected: object, statement: str, *arguments: object) -> None:
        """Wait until a statement answers a value."""

        async def so() -> bool:
            return bool(await self.one(statement, *arguments) == expected)

        await until(so, f"{statement} {arguments} is {expected}")

    @asynccontextmanager
    async def in_role(self, *names: str) -> AsyncIterator["Parts"]:
        """Run roles as a process does while the body runs, then ask them to end."""
        own = replace(self, runtime=replace(self.runtime, stopping=asyncio.Event()))
        tasks = [asyncio.create_task(ROLES[name](own.runtime), name=name) for name in names]
        try:
            yield own
        finally:
            own.runtime.stopping.set()
            own.runtime.pulse.wake()
            _, late = await asyncio.wait(tasks, timeout=PATIENCE_S)
            for task in late:
                task.cancel()
        assert not late
        for task in tasks:
            task.result()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a place for keys, secrets and notes."""
    return tmp_path_factory.mktemp("counters")


@pytest.fixture(scope="session")
def keys(folder: Path) -> Keys:
    """Make the keys and secrets of the service."""
    keys = Keys(folder / "keys")
    keys.make([NAME])
    return keys


@pytest.fixture(scope="session")
def issuer(keys: Keys) -> Iterator[LocalIssuer]:
    """Run a token issuer."""
    issuer = LocalIssuer.fresh()
    with http_server(Grants(issuer, {}, keys.clients, ()), "127.0.0.1", 0) as server:
        issuer.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield issuer
        server.shutdown()
        thread.join(5)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def settings(
    postgres: Postgres, kafka: Kafka, issuer: LocalIssuer, keys: Keys, folder: Path
) -> Settings:
    """Make the service's database, keyring and topics; give the settings that find them."""
    urls = await postgres.create_database(NAME, [EVIDENCE, (NAME, COUNTERS.migrations)])
    await postgres.create_vault(KEYRING)
    await provision(kafka.bootstrap, [Topic(name, 3, {}) for name in (SOURCES, COUNTERS.topic)])
    return Settings(  # type: ignore[call-arg] # pydantic's defaults, which mypy cannot see
        environment=Environment.TEST,
        database_handler=urls.handler,
        database_worker=urls.worker,
        database_owner=urls.owner,
        # The keyring knows the roles of the four services; this one has every power.
        keyring=postgres.dsn(KEYRING, "referrals_vault"),
        root_key_file=keys.root,
        checkpoint_key_file=keys.checkpoint(NAME),
        checkpoint_dir=folder / "checkpoints",
        kafka=kafka.bootstrap,
        listen="127.0.0.1:0",
        issuer=issuer.issuer,
        client_secret_file=keys.client_secret(NAME),
        directory_file=DIRECTORY,
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def process(settings: Settings) -> AsyncIterator[Runtime]:
    """Give the parts of one process."""
    async with runtime(COUNTERS, settings) as parts:
        yield parts


@pytest.fixture
def parts(process: Runtime, postgres: Postgres) -> Parts:
    """Give the parts of a process, with an authority of which nothing is recorded yet."""
    own = replace(process, stopping=asyncio.Event())
    return Parts(own, uuid4(), postgres.databases.urls(NAME).superuser)
