"""The service as it runs, on a real PostgreSQL and a real Kafka, with callers of any role."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import grpc.aio
import pytest_asyncio

from chassis.edge.calling import connect
from chassis.identity.issuer_server import Grants, http_server
from chassis.identity.local_issuer import LocalIssuer
from chassis.main import EVIDENCE, ROLES
from chassis.roles import Role
from chassis.running.assembly import runtime
from chassis.running.settings import ClockMode, Environment, Settings
from chassis.runtime import Runtime
from groups.__main__ import SERVICE
from ledger.clock import london_day
from stack.ports import choose
from stack.testing import Kafka, Postgres
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline.groups.v1 import groups_pb2 as pb
from throughline.groups.v1.groups_pb2_grpc import GroupsServiceStub
from vault.keys import FileRootKey

DIRECTORY = Path(__file__).parents[3] / "demo" / "directory.json"
WESTMARCH, HARROWDALE, SALTBY, NORTHMOOR = (
    UUID(f"0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a{n:02x}") for n in range(1, 5)
)
PATIENCE_S = 30.0
BEGINNING = datetime(2025, 1, 5, 9, tzinfo=UTC)


async def until(true: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for a condition, at most for so long."""
    end = time.monotonic() + PATIENCE_S
    while not await true():
        assert time.monotonic() < end, f"not within {PATIENCE_S} s: {what}"
        await asyncio.sleep(0.01)


@dataclass
class Running:
    """One process's parts with its roles as tasks, each of which can be stopped and begun again."""

    parts: Runtime
    issuer: LocalIssuer
    superuser: str
    roles: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def begin(self, *names: str) -> None:
        """Begin roles."""
        for name in names:
            self.roles[name] = asyncio.create_task(ROLES[name](self.parts))

    async def break_off(self, name: str) -> None:
        """End a role where it stands, as if its process had gone."""
        role = self.roles.pop(name)
        role.cancel()
        await asyncio.wait([role], timeout=PATIENCE_S)

    async def fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the database as its superuser."""
        connection = await asyncpg.connect(self.superuser)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
        finally:
            await connection.close()
        return rows

    async def today(self) -> date:
        """Return the day in London by the service's clock."""
        [row] = await self.fetch("select es.now() as now")
        return london_day(row["now"])

    async def pass_days(self, days: int) -> None:
        """Move the service's clock."""
        days_on = timedelta(days=days)
        await self.fetch("update es.clock set at = at + $1 returning 1", days_on)

    @asynccontextmanager
    async def calling(self, role: Role, *tenants: UUID) -> AsyncIterator["Calling"]:
        """Call as somebody in a role, for some authorities."""
        worker = uuid4()
        token = self.issuer.mint(worker, [role], tenants)

        async def source() -> str:
            return token

        async with connect(self.parts.settings.listen, source) as channel:
            yield Calling(self, GroupsServiceStub(channel), tenants[0], worker)


@dataclass
class Calling:
    """A caller, who acts for one authority unless told otherwise."""

    running: Running
    stub: Any
    authority: UUID
    worker: UUID

    def context(self, authority: UUID | None = None, **more: Any) -> CommandContext:
        """Make the context of a fresh command."""
        tenant = str(authority or self.authority)
        return CommandContext(**{"command_id": str(uuid4()), "authority": tenant} | more)

    def reading(self, authority: UUID | None = None, token: str = "") -> ReadContext:
        """Make the context of a reading."""
        return ReadContext(authority=str(authority or self.authority), position_token=token)

    async def cohort(self, capacity: int, **more: Any) -> str:
        """Publish a programme and a cohort of it, which starts in nine days; answer its id."""
        programme = await self.stub.PublishProgramme(
            pb.PublishProgrammeRequest(
                context=self.context(), name="Non-violent resistance", usual_sessions=10
            )
        )
        answer = await self.stub.PublishCohort(
            await self.cohort_request(programme.programme_id, capacity_families=capacity, **more)
        )
        return str(answer.cohort_id)

    async def cohort_request(self, programme_id: str, **more: Any) -> pb.PublishCohortRequest:
        """Make a request for a cohort with two sessions."""
        today = await self.running.today()
        fields: dict[str, Any] = {
            "context": self.context(),
            "programme_id": programme_id,
            "capacity_families": 1,
            "session_days": [str(today + timedelta(days=9)), str(today + timedelta(days=16))],
            "offer_days": 4,
            "referral_deadline": str(today + timedelta(days=2)),
        }
        return pb.PublishCohortRequest(**fields | more)

    def place_request(
        self, cohort_id: str, family: UUID, authority: UUID | None = None
    ) -> pb.RequestPlaceRequest:
        """Make a request for a place for a child of a family."""
        return pb.RequestPlaceRequest(
            context=self.context(authority),
            cohort_id=cohort_id,
            family_id=str(family),
            contact=str(uuid4()),
            child=str(uuid4()),
        )

    async def ask(self, cohort_id: str, family: UUID, authority: UUID | None = None) -> str:
        """Ask for a place; answer its id. Asked again until the authority knows of the cohort."""
        request = self.place_request(cohort_id, family, authority)
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                return str((await self.stub.RequestPlace(request)).place_id)
            except grpc.aio.AioRpcError as error:
                if error.details() != "CohortNotOpenHere" or time.monotonic() > end:
                    raise
                await asyncio.sleep(0.01)

    async def until(self, true: Callable[[], Awaitable[bool]], what: str) -> None:
        """Wait for a condition."""
        await until(true, what)

    async def counts(self, cohort_id: str, taken: int, waiting: int) -> None:
        """Wait until so many families hold places of a cohort hosted here, and so many wait."""

        async def so() -> bool:
            request = pb.GetCohortRequest(context=self.reading(), cohort_id=cohort_id)
            families = (await self.stub.GetCohort(request)).cohort.families
            return (families.taken, families.waiting) == (taken, waiting)

        await until(so, f"{taken} families hold places and {waiting} wait")

    async def place(self, place_id: str, authority: UUID | None = None) -> pb.Place:
        """Read a place as it stands."""
        request = pb.GetPlaceRequest(context=self.reading(authority), place_id=place_id)
        answer = await self.stub.GetPlace(request)
        found: pb.Place = answer.place
        return found

    async def stands(self, place_id: str, *statuses: str, authority: UUID | None = None) -> str:
        """Wait until a place stands at one of some statuses; answer which."""

        async def there() -> bool:
            try:
                return (await self.place(place_id, authority)).status in statuses
            except grpc.aio.AioRpcError as error:
                return error.code() is not grpc.StatusCode.NOT_FOUND and _raise(error)

        await until(there, f"{place_id} stands at {statuses}")
        return str((await self.place(place_id, authority)).status)


def _raise(error: grpc.aio.AioRpcError) -> bool:
    raise error


@contextmanager
def issuing(folder: Path) -> Iterator[LocalIssuer]:
    """Run the token issuer of tests."""
    port = choose(())
    issuer = LocalIssuer.fresh(f"http://127.0.0.1:{port}")
    secrets = folder / "secrets"
    secrets.mkdir()
    (secrets / SERVICE.name).write_text("a secret of this test")
    grants = Grants(issuer, {}, secrets, (WESTMARCH, HARROWDALE, SALTBY, NORTHMOOR))
    with http_server(grants, "127.0.0.1", port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield issuer
        server.shutdown()
        thread.join(5)


async def settings_for(
    postgres: Postgres, kafka: str, issuer: LocalIssuer, folder: Path
) -> Settings:
    """Make the service's database and keyring, and the settings that find them."""
    urls = await postgres.create_database(
        SERVICE.name, [EVIDENCE, (SERVICE.name, SERVICE.migrations)]
    )
    await postgres.create_vault()
    FileRootKey.write_new(folder / "root.key")
    listen = f"127.0.0.1:{choose([int(issuer.issuer.rsplit(':', 1)[1])])}"
    return Settings(  # type: ignore[call-arg] # pydantic's defaults, which mypy cannot see
        environment=Environment.TEST,
        database_handler=urls.handler,
        database_worker=urls.worker,
        keyring=postgres.dsn("keyring", f"{SERVICE.name}_vault"),
        root_key_file=folder / "root.key",
        checkpoint_key_file=folder / "checkpoint.key",
        checkpoint_dir=folder / "checkpoints",
        kafka=kafka,
        listen=listen,
        issuer=issuer.issuer,
        client_secret_file=folder / "secrets" / SERVICE.name,
        directory_file=DIRECTORY,
        peers={SERVICE.name: listen},
        clock=ClockMode.SIMULATED,
        clock_start=BEGINNING,
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def groups(postgres: Postgres, kafka: Kafka, tmp_path_factory: Any) -> AsyncIterator[Running]:
    """Give the running service."""
    folder = tmp_path_factory.mktemp("groups")
    with issuing(folder) as issuer:
        settings = await settings_for(postgres, kafka.bootstrap, issuer, folder)
        async with runtime(SERVICE, settings) as parts:
            superuser = postgres.databases.urls(SERVICE.name).superuser
            running = Running(parts, issuer, superuser)
            running.begin("serve", "relay", "project", "react", "clock")
            yield running
            parts.stopping.set()
            parts.pulse.wake()
            await asyncio.wait(running.roles.values(), timeout=PATIENCE_S)
