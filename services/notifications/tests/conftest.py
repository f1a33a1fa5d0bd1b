"""A real SMTP server that does what a test tells it to, on a free port of this machine."""

import asyncio
import email
import email.policy
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import Enum
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, Envelope

from notifications.mail import MailServer, Security

TAKEN = "250 OK"


class Fault(Enum):
    """What the server does instead of answering."""

    # It keeps the message, then says nothing more.
    SILENT_AFTER_ACCEPT = "silent-after-accept"
    # It keeps the message, then closes the connection.
    GONE_AFTER_ACCEPT = "gone-after-accept"
    # It closes the connection and keeps nothing.
    GONE = "gone"


@dataclass
class FaultyMailServer:
    """Keeps what it accepts; its next answers can be laid down, after which it says yes."""

    mails: list[EmailMessage] = field(default_factory=list)
    addressed: list[str] = field(default_factory=list)
    conversations: int = 0
    on_mail: deque[str | Fault] = field(default_factory=deque)
    on_rcpt: deque[str | Fault] = field(default_factory=deque)
    on_data: deque[str | Fault] = field(default_factory=deque)
    most_at_once: int = 0
    port: int = 0
    # How long a client waits for an answer; short only where none is to come.
    patience_s: float = 10.0
    _at_once: int = 0
    _server: asyncio.Server | None = None
    _release: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def settings(self) -> MailServer:
        """How to speak with it."""
        return MailServer(
            host="127.0.0.1",
            port=self.port,
            security=Security.NONE,
            sender="no-reply@throughline.invalid",
            domain="throughline.invalid",
            connections=4,
            timeout_s=self.patience_s,
        )

    @property
    def message_ids(self) -> list[str]:
        """The `Message-ID` of each mail that it kept, in order."""
        return [str(each["Message-ID"]) for each in self.mails]

    async def kept_one(self) -> bool:
        """Whether it kept a mail."""
        return bool(self.mails)

    async def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        loop = asyncio.get_running_loop()
        self._release.clear()
        self._server = await loop.create_server(self._conversation, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening; connections that are open fall silent."""
        self._release.set()
        if self._server is not None:
            self._server.close()
            self._server = None

    def _conversation(self) -> SMTP:
        self.conversations += 1
        return SMTP(self, hostname="test", ident="test")

    async def handle_MAIL(  # noqa: N802 # the name that the library calls
        self, server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Answer as laid down."""
        answer = self._next(server, self.on_mail)
        if answer == TAKEN:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802 # the name that the library calls
        self, server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Answer as laid down."""
        answer = self._next(server, self.on_rcpt)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 # the name that the library calls
        self, server: Any, _session: Any, envelope: Envelope
    ) -> str:
        """Keep the mail, or answer as laid down."""
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        # Others have a chance to speak at the same time.
        await asyncio.sleep(0.005)
        self._at_once -= 1
        laid_down = self.on_data.popleft() if self.on_data else TAKEN
        if laid_down is Fault.GONE:
            server.transport.abort()
            return TAKEN
        if isinstance(laid_down, Fault) or laid_down.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            parsed = email.message_from_bytes(content, policy=email.policy.default)
            assert isinstance(parsed, EmailMessage)
            self.mails.append(parsed)
            self.addressed.append(",".join(envelope.rcpt_tos))
        if laid_down is Fault.SILENT_AFTER_ACCEPT:
            async with asyncio.timeout(30):
                await self._release.wait()
        if isinstance(laid_down, Fault):
            server.transport.abort()
            return TAKEN
        return laid_down

    def _next(self, server: Any, answers: "deque[str | Fault]") -> str:
        answer = answers.popleft() if answers else TAKEN
        if isinstance(answer, Fault):
            server.transport.abort()
            return TAKEN
        return answer


@pytest_asyncio.fixture(loop_scope="session")
async def mail_server() -> AsyncIterator[FaultyMailServer]:
    """Give a mail server that says yes to everything until it is told otherwise."""
    server = FaultyMailServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def faults() -> type[Fault]:
    """Give the faults that the mail server knows."""
    return Fault
