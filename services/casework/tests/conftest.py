"""Casework as a process has it: database, keyring, gRPC server; others are heard without Kafka."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import grpc
import pytest
import pytest_asyncio

from casework.__main__ import SERVICE
from chassis.followers.clockwork import fire_deadlines
from chassis.followers.project import project
from chassis.inward.hearing import Hearing
from chassis.main import EVIDENCE
from chassis.outward.records import Arrived
from chassis.queries.positions import PositionToken
from chassis.roles import Role
from chassis.running.assembly import runtime
from chassis.running.serving import facts_of, policy_of, servicers_of
from chassis.running.settings import Environment, Settings
from chassis.runtime import Runtime
from chassis.testing import Served, served
from services.casework.tests.own_news import News
from services.casework.tests.speaking import ON_REGISTER, Speaker, Stubs
from stack.testing import Postgres
from throughline.casework.v1 import casework_pb2 as pb
from vault.keys import FileRootKey

DIRECTORY = Path(__file__).parents[3] / "demo" / "directory.json"
WESTMARCH, HARROWDALE = (UUID(f"0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a{n:02x}") for n in (1, 2))
DATABASE, KEYRING = "casework_tests", "casework_tests_keyring"
BEGINS = datetime(2025, 9, 1, 9, tzinfo=UTC)
PATIENCE_S = 30.0


@dataclass
class Office:
    """The running service, and the news that it hears."""

    parts: Runtime
    server: Served
    superuser: str
    owner: str
    closing: AsyncExitStack
    today: datetime = BEGINS

    def speaker(self, role: Role, *, sub: UUID | None = None, at: UUID = WESTMARCH) -> Speaker:
        """Give somebody in a role."""
        who = sub or uuid4()
        channel = self.server.channel(str(who), [role], [WESTMARCH, HARROWDALE, at])
        self.closing.push_async_callback(channel.close)
        return Speaker(Stubs(channel), at, who)

    def record(
        self,
        service: str,
        name: str,
        data: dict[str, Any],
        case_id: UUID | None,
        at: UUID = WESTMARCH,
    ) -> Arrived:
        """Make the record of another service's event, the first of a stream of its own."""
        tenant = str(at)
        headers = {
            "ce_id": str(uuid4()),
            "ce_source": f"/throughline/{service}",
            "ce_type": f"throughline.{service}.{name}.v1",
            "ce_subject": str(uuid4()),
            "ce_time": self.today.isoformat(),
            "ce_timeprecision": "instant",
            "ce_recordedtime": self.today.isoformat(),
            "ce_sequence": f"{1:020d}",
            "ce_tenant": tenant,
            "ce_category": "Any",
            "ce_correlationid": str(uuid4()),
        }
        if case_id:
            headers["ce_caseid"] = str(case_id)
        return Arrived(
            topic=f"throughline.{service}.v1",
            partition=0,
            offset=0,
            key=f"{tenant}:{case_id or headers['ce_subject']}".encode(),
            value=json.dumps(data).encode(),
            headers=tuple((name, text.encode()) for name, text in headers.items()),
        )

    async def hear(self, *records: Arrived) -> None:
        """Hear records as one batch."""
        await Hearing(self.parts).batch(records)

    @staticmethod
    def acceptance(child: UUID) -> dict[str, Any]:
        """Make what referrals tells of an acceptance."""
        return {
            "referral_id": str(uuid4()),
            "reference": "WM-25-7K4",
            "family_id": str(uuid4()),
            "child": str(child),
            "referrer": str(uuid4()),
            "contact": str(uuid4()),
            "needs": ["sleep"],
            "duty_holder": "westmarch",
        }

    async def accept(self, child: UUID, case_id: UUID, at: UUID = WESTMARCH) -> Arrived:
        """Hear that a referral was accepted; answer its record."""
        record = self.record("referrals", "ReferralAccepted", self.acceptance(child), case_id, at)
        await self.hear(record)
        return record

    async def registered(
        self,
        kind: str,
        at: UUID = WESTMARCH,
        registrations: tuple[pb.Registration, ...] | None = None,
    ) -> Speaker:
        """Register a worker; answer him as a speaker."""
        worker = self.speaker(Role(kind), at=at)
        manager = self.speaker(Role.TEAM_MANAGER, at=at)
        await manager.do(
            "RegisterWorker",
            worker_id=str(worker.id),
            kind=kind,
            display_name=f"Name of {worker.id}",
            teams=["north"],
            skills=["ddp"],
            registrations=ON_REGISTER.get(kind, ()) if registrations is None else registrations,
        )
        worker.seen = manager.seen
        return worker

    async def led_case(self, lead: Speaker) -> UUID:
        """Open a case and let a worker lead it; answer the case's id."""
        case_id = uuid4()
        await self.accept(uuid4(), case_id, lead.authority)
        manager = self.speaker(Role.TEAM_MANAGER, at=lead.authority)
        await manager.do(
            "AllocateCase", case_id=str(case_id), worker_id=str(lead.id), reason="new-case"
        )
        lead.seen = manager.seen
        return case_id

    async def newest(self) -> str:
        """Return a position token that sees everything committed."""
        position = await self.parts.feed.last_position()
        return PositionToken(SERVICE.name, position).encode()

    async def has_case(self, by: Speaker, case_id: UUID) -> bool:
        """Whether there is such a case."""
        try:
            await by.ask("GetCase", case_id=str(case_id))
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.NOT_FOUND:
                raise
            return False
        return True

    async def until(self, true: Callable[[], Awaitable[bool]], what: str) -> None:
        """Wait for a condition, at most for so long."""
        end = time.monotonic() + PATIENCE_S
        while not await true():
            assert time.monotonic() < end, f"not within {PATIENCE_S} s: {what}"
            await asyncio.sleep(0.01)

    async def let_pass(self, days: int) -> None:
        """Move the simulated clock forward."""
        await self.go_to(self.today + timedelta(days=days))

    async def go_to(self, instant: datetime) -> None:
        """Set the simulated clock; it never goes back."""
        assert instant >= self.today
        self.today = instant
        await self.parts.worker_pool.execute("update es.clock set at = $1", self.today)
        self.parts.pulse.wake()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def office(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    """Run the roles serve, project and clock, and the reactors, on databases of their own."""
    folder = tmp_path_factory.mktemp("casework")
    urls = await postgres.create_database(DATABASE, [EVIDENCE, (SERVICE.name, SERVICE.migrations)])
    await postgres.create_vault(KEYRING)
    connection = await asyncpg.connect(urls.superuser)
    await connection.execute("update es.clock set mode = 'simulated', at = $1", BEGINS)
    await connection.close()
    FileRootKey.write_new(folder / "root.key")
    (folder / "secret").write_text("a secret of this test")
    settings = Settings.model_validate(
        {
            "environment": Environment.TEST,
            "database_handler": urls.handler,
            "database_worker": urls.worker,
            "keyring": postgres.dsn(KEYRING, "casework_vault"),
            "root_key_file": folder / "root.key",
            "checkpoint_key_file": folder / "checkpoint.key",
            "checkpoint_dir": folder,
            "kafka": "127.0.0.1:9",
            "listen": "127.0.0.1:0",
            "issuer": "http://127.0.0.1:9",
            "client_secret_file": folder / "secret",
            "directory_file": DIRECTORY,
            "clock": "simulated",
        }
    )
    async with AsyncExitStack() as parts:
        running = await parts.enter_async_context(runtime(SERVICE, settings))
        server = await parts.enter_async_context(
            served(servicers_of(running), policy_of(SERVICE), facts_of(running))
        )
        tasks = [
            asyncio.create_task(each(running))
            for each in (project, fire_deadlines, *SERVICE.reactors)
        ]
        yield Office(running, server, urls.superuser, urls.owner, parts)
        running.stopping.set()
        running.pulse.wake()
        await asyncio.gather(*tasks)


@pytest_asyncio.fixture(loop_scope="session")
async def news(office: Office) -> News:
    """Give what casework tells itself from now on, to be delivered by hand."""
    return News(office, await office.parts.feed.last_position())
