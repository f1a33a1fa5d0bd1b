"""The front door as a process has it: its database, keyring and gRPC server, without Kafka."""

import asyncio
import copy
import json
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import grpc
import pytest
import pytest_asyncio
from google.rpc import error_details_pb2  # type: ignore[import-untyped] # ships no types
from grpc_status import rpc_status

from chassis.acting import Act, Do, Heard
from chassis.directory import Directory
from chassis.edge.rpc import connect
from chassis.followers.project import project
from chassis.identity.issuer_server import Grants, http_server
from chassis.identity.local_issuer import LocalIssuer
from chassis.identity.people import load_people
from chassis.main import EVIDENCE
from chassis.roles import Role
from chassis.running.assembly import runtime
from chassis.running.serving import serve
from chassis.running.settings import Environment, Settings
from chassis.runtime import Runtime
from ledger.envelope import Actor, Occurred
from ledger.migrate import migrate
from referrals.__main__ import SERVICE
from stack.testing import Postgres
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.referrals_pb2_grpc import ReferralsServiceStub
from vault.keys import FileRootKey
from vault.postgres import MIGRATIONS

DEMO = Path(__file__).parents[3] / "demo"
DATABASE = "referrals_tests"
KEYRING = "referrals_tests_keyring"
SERVICES = ("referrals", "casework", "groups", "notifications")
PATIENCE_S = 30.0
"""For one of a year's submissions, sixteen at once: what is counted is not how long it takes."""

_READINGS = """
select count(*) from es.events
 where type = 'SealedDataRead' and position(convert_to($1, 'UTF8') in payload) > 0
"""


@dataclass(frozen=True)
class FrontDoor:
    """A running referrals service and how to speak with it."""

    runtime: Runtime
    directory: Directory
    # Channels for a role, as the stub of a service (else of ReferralsService).
    speak: Callable[..., Any]
    superuser: str
    owner: str
    slugs: tuple[str, ...] = ("northmoor", "colne-bay", "westmarch", "harrowdale", "saltby")

    @cached_property
    def lines(self) -> list[bytes]:
        """The year's submissions."""
        return (DEMO / "intake-2025.jsonl").read_bytes().splitlines()

    @cached_property
    def expected(self) -> dict[str, Any]:
        """The year's counts."""
        found: dict[str, Any] = json.loads((DEMO / "intake-2025.expected.json").read_bytes())
        return found

    @cached_property
    def good(self) -> dict[str, Any]:
        """One good submission, to northmoor."""
        found: dict[str, Any] = json.loads(self.lines[0])
        return found

    def fresh(self, **child: object) -> dict[str, Any]:
        """Return a submission of one child whom nobody knows yet."""
        document = copy.deepcopy(self.good)
        document["submission_id"] = str(uuid4())
        document["family"]["children"] = [
            document["family"]["children"][0] | {"given_name": f"Name {uuid4()}"} | child
        ]
        return document

    def to(self, slug: str) -> dict[str, str]:
        """Return what a submission to an authority says of it."""
        staff = self.directory.partnership_of(self.directory.authorities[slug].id)
        return {"received_by": slug, "partnership": staff.slug if staff else ""}

    def authority(self, slug: str) -> str:
        """Return an authority's id."""
        return str(self.directory.authorities[slug].id)

    def command(self, slug: str = "northmoor") -> CommandContext:
        """Return the context of a new command."""
        return CommandContext(command_id=str(uuid4()), authority=self.authority(slug))

    def reading(self, slug: str = "northmoor", **fields: str) -> ReadContext:
        """Return the context of a reading."""
        return ReadContext(authority=self.authority(slug), **fields)

    async def submit(
        self, stub: Any, document: Mapping[str, Any] | bytes, slug: str = "northmoor"
    ) -> pb.SubmitReferralResponse:
        """Send a submission."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        answer: pb.SubmitReferralResponse = await stub.SubmitReferral(
            pb.SubmitReferralRequest(context=self.command(slug), submission=body),
            timeout=PATIENCE_S,
        )
        return answer

    async def screen(self, stub: Any, referral: str, slug: str = "northmoor") -> Any:
        """Screen a referral in which nothing is found."""
        return await stub.ScreenReferral(
            pb.ScreenReferralRequest(
                context=self.command(slug),
                referral_id=referral,
                safeguarding="none",
                urgency="routine",
                eligibility="eligible",
                identity="new",
                duplicates="none",
                duty_holder="looked-up",
                conflict_of_interest="none",
                safe_contact="safe",
            )
        )

    @staticmethod
    def details(error: grpc.aio.AioRpcError) -> dict[str, str]:
        """Return what a refusal says beside its reason."""
        status: Any = rpc_status.from_call(error)  # type: ignore[arg-type] # an aio error does too
        info = error_details_pb2.ErrorInfo()
        found = [dict(info.metadata) for detail in status.details if detail.Unpack(info)]
        return found[0] if found else {}

    @staticmethod
    def fault(error: grpc.aio.AioRpcError) -> tuple[str, str]:
        """Return the field and code of the first violation, or the reason of a refusal."""
        status: Any = rpc_status.from_call(error)  # type: ignore[arg-type] # an aio error does too
        for detail in status.details:
            bad, info = error_details_pb2.BadRequest(), error_details_pb2.ErrorInfo()
            if detail.Unpack(bad):
                first = bad.field_violations[0]
                return str(first.field), str(first.reason)
            if detail.Unpack(info):
                return "", str(info.reason)
        return "", ""

    @staticmethod
    def heard(kind: str, tenant: str, minute: int, **data: str) -> Heard:
        """Return what another service would say."""
        at = datetime(2026, 1, 1, 0, minute, tzinfo=UTC)
        return Heard(
            event_id=uuid4(),
            service="any",
            tenant=UUID(tenant),
            category="Any",
            stream_id=uuid4(),
            version=1,
            type=kind,
            schema_version=1,
            occurred=Occurred(at),
            recorded_at=at,
            correlation_id=uuid4(),
            case_id=None,
            data=data,
        )

    async def do(self, asked: Do, tenant: str) -> None:
        """Carry out what follows from something heard, as the role that hears does."""
        await self.runtime.shell.execute(
            Act(
                command_id=uuid4(),
                tenant=UUID(tenant),
                scope=frozenset([UUID(tenant)]),
                actor=Actor("service:referrals", "service"),
                command=asked.command,
            )
        )

    async def seen(self) -> None:
        """Wait until every read model holds everything."""
        position = await self.runtime.feed.last_position()
        await self.runtime.rows.seen(self.runtime.rows.followers, position)

    async def readings_of(self, subject: str) -> int:
        """Count the recorded readings of somebody's sealed data."""
        connection = await asyncpg.connect(self.superuser)
        try:
            return int(await connection.fetchval(_READINGS, subject))
        finally:
            await connection.close()

    async def move_clock(self, instant: str) -> None:
        """Let the clock stand still at an instant."""
        connection = await asyncpg.connect(self.superuser)
        await connection.execute(
            "update es.clock set mode = 'simulated', at = $1::text::timestamptz", instant
        )
        await connection.close()


@pytest.fixture
def duty(front_door: FrontDoor) -> ReferralsServiceStub:
    """Speak as a duty worker of all authorities."""
    stub: ReferralsServiceStub = front_door.speak(Role.DUTY_WORKER, slugs=front_door.slugs)
    return stub


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def front_door(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[FrontDoor]:
    """Run the service's roles serve and project on databases of their own."""
    folder = tmp_path_factory.mktemp("referrals")
    urls = await postgres.create_database(DATABASE, [EVIDENCE, (SERVICE.name, SERVICE.migrations)])
    await migrate(await postgres.create_keyring(SERVICES, KEYRING), [MIGRATIONS])
    directory = Directory.load(DEMO / "directory.json")
    issuer = LocalIssuer.fresh(f"http://127.0.0.1:{_free_port()}")
    FileRootKey.write_new(folder / "root.key")
    (folder / "secret").write_text(secrets.token_urlsafe(16))
    settings = Settings.model_validate(
        {
            "environment": Environment.TEST,
            "database_handler": urls.handler,
            "database_worker": urls.worker,
            "keyring": postgres.dsn(KEYRING, "referrals_vault"),
            "root_key_file": folder / "root.key",
            "checkpoint_key_file": folder / "checkpoint.key",
            "checkpoint_dir": folder,
            "kafka": "127.0.0.1:9",
            "listen": f"127.0.0.1:{_free_port()}",
            "issuer": issuer.issuer,
            "client_secret_file": folder / "secret",
            "directory_file": DEMO / "directory.json",
        }
    )
    async with AsyncExitStack() as parts:
        _serve_keys(issuer, directory, folder, parts)
        running = await parts.enter_async_context(runtime(SERVICE, settings))
        tasks = [asyncio.create_task(each(running)) for each in (serve, project)]

        def speak(
            *roles: Role,
            slugs: tuple[str, ...],
            sub: str = "",
            stub: Callable[[Any], Any] = ReferralsServiceStub,
        ) -> Any:
            tenants = [directory.authorities[each].id for each in slugs]
            token = issuer.mint(sub or UUID(int=7), roles, tenants)

            async def source() -> str:
                return token

            channel = connect(settings.listen, source)
            parts.push_async_callback(channel.close)
            return stub(channel)

        door = FrontDoor(running, directory, speak, urls.superuser, urls.owner)
        await door.move_clock("2026-01-01T00:00:00Z")
        yield door
        running.stopping.set()
        running.pulse.wake()
        await asyncio.gather(*tasks)


def _serve_keys(
    issuer: LocalIssuer, directory: Directory, folder: Path, parts: AsyncExitStack
) -> None:
    people = load_people(DEMO / "people.json", directory)
    port = int(issuer.issuer.rsplit(":", 1)[1])
    http = http_server(Grants(issuer, people, folder, directory.tenants), "127.0.0.1", port)
    parts.callback(http.server_close)
    parts.callback(http.shutdown)
    threading.Thread(target=http.serve_forever, daemon=True).start()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port
