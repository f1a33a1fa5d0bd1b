"""Notifications on a real store, with real read models, and a stand-in for who knows addresses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import grpc
import grpc.aio
import pytest_asyncio

from chassis.acting import Act, Done
from chassis.edge.statuses import Failure
from chassis.followers.project import project
from chassis.main import EVIDENCE
from chassis.running.assembly import runtime
from chassis.runtime import Runtime
from ledger.ids import new_id
from ledger.migrate import migrate
from notifications import message
from notifications.__main__ import SERVICE
from notifications.compose import message_stream
from notifications.contacts import Contacts
from notifications.delivery import ACTOR, Delivery
from notifications.letter import Fact, Letter, Placeholder, TemplateCode, message_id
from notifications.mail import Connections
from notifications.message_commands import QueueMessage
from notifications.message_states import Message
from notifications.retries import Retries
from notifications.sender import Sender
from notifications.settings import NotificationsSettings
from notifications.wording import KINDS
from stack.databases import SERVICES
from stack.keys import Keys
from stack.testing import Postgres
from throughline.referrals.v1 import referrals_pb2
from vault.postgres import MIGRATIONS

DATABASE, KEYRING = "notifications_tests", "notifications_tests_keyring"
DIRECTORY = Path(__file__).parents[4] / "demo" / "directory.json"
WESTMARCH = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
FACTS = {
    TemplateCode.REFERRAL_ACKNOWLEDGEMENT: (
        Fact(Placeholder.REFERENCE, "K7P2-M4Q"),
        Fact(Placeholder.RECEIVED_ON, "2025-03-03"),
    ),
    TemplateCode.CASE_ALLOCATED: (
        Fact(Placeholder.CASE, "7d1e0b5c-0000-4000-8000-000000000001"),
        Fact(Placeholder.ALLOCATED_ON, "2025-03-03"),
    ),
    TemplateCode.FAMILY_DECLINED: (
        Fact(Placeholder.REFERENCE, "K7P2-M4Q"),
        Fact(Placeholder.WORDS, "7d1e0b5c-0000-4000-8000-000000000005"),
    ),
    TemplateCode.PLACE_OFFERED: (Fact(Placeholder.ANSWER_BY, "2025-03-10"),),
    TemplateCode.CONCERN_RAISED: (
        Fact(Placeholder.CONCERN, "7d1e0b5c-0000-4000-8000-000000000009"),
    ),
}


@dataclass
class AddressBook:
    """Answers `GetContact` as the front door would: an address, or a status."""

    addresses: dict[UUID, str] = field(default_factory=dict)
    failures: dict[UUID, Failure] = field(default_factory=dict)
    # What else is known of a person: fields of the answer.
    known: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    # What was written to a person of a family, and who asked for it why.
    words: dict[UUID, str] = field(default_factory=dict)
    asked_words: list[tuple[str, str, str, str]] = field(default_factory=list)

    async def get_contact(
        self, request: referrals_pb2.GetContactRequest, context: Any
    ) -> referrals_pb2.GetContactResponse:
        """Answer as laid down, and note who asked for what purpose and why."""
        metadata = dict(context.invocation_metadata())
        self.asked.append(
            (request.person_id, request.context.purpose, metadata["throughline-cause"])
        )
        person = UUID(request.person_id)
        if person in self.failures:
            failure = self.failures[person]
            await context.abort(failure.code, failure.words, failure.trailing_metadata())
        if person not in self.addresses:
            await context.abort(grpc.StatusCode.NOT_FOUND, "not found")
        answer: dict[str, Any] = {"email": self.addresses[person]} | self.known.get(person, {})
        return referrals_pb2.GetContactResponse(
            person_id=request.person_id, name="Amy Hartley", **answer
        )

    async def get_words(
        self, request: referrals_pb2.GetWordsToFamilyRequest, context: Any
    ) -> referrals_pb2.GetWordsToFamilyResponse:
        """Answer what was written to a family, as laid down."""
        cause = dict(context.invocation_metadata())["throughline-cause"]
        said = request.context
        self.asked_words.append((request.referral_id, request.person_id, said.purpose, cause))
        if UUID(request.person_id) not in self.words:
            await context.abort(grpc.StatusCode.NOT_FOUND, "not found")
        return referrals_pb2.GetWordsToFamilyResponse(words=self.words[UUID(request.person_id)])

    def serve(self) -> tuple[grpc.aio.Server, int]:
        """Make a server that is not started yet, and its port."""
        contact = grpc.unary_unary_rpc_method_handler(
            self.get_contact,
            request_deserializer=referrals_pb2.GetContactRequest.FromString,
            response_serializer=referrals_pb2.GetContactResponse.SerializeToString,
        )
        words = grpc.unary_unary_rpc_method_handler(
            self.get_words,
            request_deserializer=referrals_pb2.GetWordsToFamilyRequest.FromString,
            response_serializer=referrals_pb2.GetWordsToFamilyResponse.SerializeToString,
        )
        server = grpc.aio.server()
        server.add_generic_rpc_handlers(
            (
                grpc.method_handlers_generic_handler(
                    "throughline.referrals.v1.ReferralsService",
                    {"GetContact": contact, "GetWordsToFamily": words},
                ),
            )
        )
        return server, server.add_insecure_port("127.0.0.1:0")


@dataclass
class Stage:
    """The parts of a process, and what a test does with them."""

    runtime: Runtime
    book: AddressBook
    channel: grpc.aio.Channel

    def person(self, address: str, **known: Any) -> UUID:
        """Make somebody who can be written to."""
        person = uuid4()
        self.book.addresses[person] = address
        self.book.known[person] = known
        return person

    async def queue(
        self,
        recipient: UUID,
        code: TemplateCode = TemplateCode.REFERRAL_ACKNOWLEDGEMENT,
        tenant: UUID = WESTMARCH,
    ) -> UUID:
        """Queue a message about something new; return its id."""
        about = uuid4()
        letter = Letter(
            message_id(tenant, about, code, recipient),
            code,
            KINDS[code].channel,
            recipient,
            about,
            FACTS[code],
        )
        await self.execute(QueueMessage(letter), tenant)
        return letter.message_id

    async def execute(self, command: object, tenant: UUID = WESTMARCH) -> Done:
        """Carry a command out as this service."""
        act = Act(new_id(), tenant, frozenset([tenant]), ACTOR, command)
        return await self.runtime.shell.execute(act)

    def delivery(self, server: Any, retries: Retries | None = None) -> Delivery:
        """Give what brings messages on to a mail server."""
        return Delivery(
            shell=self.runtime.shell,
            directory=self.runtime.directory,
            contacts=Contacts(self.channel),
            connections=Connections(server),
            server=server,
            retries=retries or Retries(0.05, 4),
        )

    @asynccontextmanager
    async def sending(self, delivery: Delivery) -> AsyncIterator["asyncio.Task[None]"]:
        """Run a sender; when the body ends it is killed, as a process would be."""
        parts = self.runtime
        sender = Sender(delivery, parts.worker_pool, parts.pulse, at_once=4)
        task = asyncio.create_task(sender.run(asyncio.Event()))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            delivery.connections.close()

    async def state(self, message_id: UUID, tenant: UUID = WESTMARCH) -> Message:
        """Return how far a message came."""
        stream = message_stream(message_id)
        return await self.runtime.shell.state(tenant, message.DECIDER, stream)

    async def events(self, message_id: UUID, tenant: UUID = WESTMARCH) -> list[Any]:
        """Return what was recorded of a message."""
        found = await self.runtime.shell.store.read(tenant, message_stream(message_id))
        return [self.runtime.shell.registry.decode(each) for each in found]

    async def comes_to(
        self, message_id: UUID, *kinds: type, tenant: UUID = WESTMARCH, within_s: float = 15.0
    ) -> Message:
        """Wait until a message is in a state of one of these kinds."""

        async def there() -> bool:
            return isinstance(await self.state(message_id, tenant), kinds)

        await self.until(there, within_s)
        return await self.state(message_id, tenant)

    async def has(self, message_id: UUID, kind: type, tenant: UUID = WESTMARCH) -> None:
        """Wait until an event of a kind is recorded of a message."""

        async def there() -> bool:
            found = await self.events(message_id, tenant)
            return any(isinstance(each.event, kind) for each in found)

        await self.until(there)

    async def until(self, condition: Callable[[], Awaitable[bool]], within_s: float = 15.0) -> None:
        """Wait for a condition, within bounds."""
        async with asyncio.timeout(within_s):
            while not await condition():  # noqa: ASYNC110 # what it asks is a database
                await asyncio.sleep(0.01)

    async def counted(self, name: str) -> int:
        """Return a counter as an operator sees it."""
        async with self.runtime.worker_pool.acquire(timeout=5) as connection:
            return (await SERVICE.counters(connection)).get(name, 0)

    async def pending(self) -> int:
        """Return how many messages are not at their end."""
        async with self.runtime.worker_pool.acquire(timeout=5) as connection:
            return await SERVICE.pending(connection)

    async def read_models_are_there(self) -> None:
        """Wait until the read models have seen all that is stored."""
        rows = self.runtime.rows
        await rows.seen(rows.followers, await self.runtime.feed.last_position())


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole_stage(postgres: Postgres, tmp_path_factory: Any) -> AsyncIterator[Stage]:
    """Give a process with its read models running, on databases of its own."""
    folder: Path = tmp_path_factory.mktemp("notifications")
    keys = Keys(folder)
    keys.make(SERVICES)
    urls = await postgres.create_database(
        DATABASE, [EVIDENCE, ("notifications", SERVICE.migrations)]
    )
    await migrate(await postgres.create_keyring(SERVICES, KEYRING), [MIGRATIONS])
    book = AddressBook()
    server, port = book.serve()
    await server.start()
    settings = NotificationsSettings.model_validate(
        {
            "environment": "test",
            "database_handler": urls.handler,
            "database_worker": urls.worker,
            "keyring": postgres.dsn(KEYRING, "notifications_vault"),
            "root_key_file": keys.root,
            "checkpoint_key_file": keys.checkpoint("notifications"),
            "checkpoint_dir": folder / "checkpoints",
            "kafka": "127.0.0.1:9",
            "listen": "127.0.0.1:0",
            "issuer": "http://127.0.0.1:9",
            "client_secret_file": keys.client_secret("notifications"),
            "directory_file": DIRECTORY,
            "peers": {"referrals": f"127.0.0.1:{port}"},
            "smtp": "127.0.0.1:9",
        }
    )
    async with (
        runtime(SERVICE, settings) as parts,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        projecting = asyncio.create_task(project(parts))
        yield Stage(parts, book, channel)
        parts.stopping.set()
        await asyncio.wait_for(projecting, 10)
    await server.stop(0)


@pytest_asyncio.fixture(loop_scope="session")
async def stage(whole_stage: Stage) -> AsyncIterator[Stage]:
    """Give the process, with nothing left to send by the tests before."""
    yield whole_stage
    await whole_stage.read_models_are_there()
    async with whole_stage.runtime.worker_pool.acquire(timeout=5) as connection:
        await connection.execute("delete from read.pending")
    whole_stage.book.failures.clear()
    whole_stage.book.asked.clear()
    whole_stage.book.asked_words.clear()
