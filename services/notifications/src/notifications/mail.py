"""Handing a message to the mail server (RFC 5321), and what its answers mean for the message.

No error that leaves here holds an address or a word: the library's own would.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from enum import StrEnum
from typing import TypeAlias

import aiosmtplib
from aiosmtplib import SMTP

from notifications.letter import Reason
from notifications.wording import Rendered

_TEMPORARY_CODES = range(400, 500)
_SERVER_CLOSES = 421
# RFC 5321 §4.5.3.1.10: a full mailbox or too many recipients, told as if it were for ever.
_TOO_MUCH_FOR_NOW = 552


class Security(StrEnum):
    """How the connection to the mail server is kept private."""

    # Only where all people are invented.
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and how to speak with it. `domain` is the one we give as ours."""

    host: str
    port: int
    security: Security
    sender: str
    domain: str
    user: str = ""
    password: str = field(default="", repr=False)
    connections: int = 4
    timeout_s: float = 20.0


class ServerAway(Exception):  # noqa: N818 # named for the state the server is in
    """The mail server cannot be reached or does not want to talk now. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The server answers for the message from now on."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """The message was certainly not taken over; the next attempt may succeed."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Never:
    """The message was not taken over and never will be."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Unclear:
    """The message was handed over and no answer came: nobody knows."""

    reason: Reason


HandedOver: TypeAlias = TakenOver | NotNow | Never | Unclear


def as_mail(words: Rendered, address: str, sender: str, header: str, now: datetime) -> bytes:
    """Write a message as it goes over the wire: one recipient, plain text, seven bits."""
    mail = EmailMessage(policy=WIRE)
    mail["From"] = sender
    mail["To"] = address
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = header
    # RFC 3834: nobody's out-of-office answers it.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(words.text, charset="utf-8", cte="quoted-printable")
    return mail.as_bytes()


class Connection:
    """One connection to the mail server, used by one message after the other."""

    def __init__(self, server: MailServer) -> None:
        self._sender = server.sender
        self._smtp = SMTP(
            hostname=server.host,
            port=server.port,
            timeout=server.timeout_s,
            local_hostname=server.domain,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            username=server.user or None,
            password=server.password or None,
        )

    async def ready(self) -> None:
        """Connect, or make sure that the server is still there. Raises ServerAway."""
        try:
            if self._smtp.is_connected:
                try:
                    await self._smtp.noop()
                except (aiosmtplib.SMTPException, OSError):
                    # A server may close what stood idle; that says nothing of the next connection.
                    self.close()
            if not self._smtp.is_connected:
                await self._smtp.connect()
                await self._smtp.ehlo()
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError, TimeoutError) as error:
            self.close()
            raise ServerAway(type(error).__name__) from None

    async def hand_over(self, address: str, mail: bytes) -> HandedOver:
        """Hand a message over on a connection that is ready."""
        try:
            await self._smtp.mail(self._sender)
            await self._smtp.rcpt(address)
        except aiosmtplib.SMTPResponseException as error:
            return await self._refused(error)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            self.close()
            return NotNow(Reason.CONNECTION_LOST)
        try:
            await self._smtp.data(mail)
        except aiosmtplib.SMTPResponseException as error:
            return await self._refused(error)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            # From here on the server may have the message, whatever becomes of the connection.
            self.close()
            return Unclear(Reason.TIMED_OUT)
        return TakenOver()

    async def _refused(self, error: aiosmtplib.SMTPResponseException) -> NotNow | Never:
        await self._start_over(error.code)
        match error:
            case _ if error.code in _TEMPORARY_CODES:
                return NotNow(Reason.TRY_LATER)
            case aiosmtplib.SMTPSenderRefused():
                return NotNow(Reason.SENDER_REFUSED)
            case aiosmtplib.SMTPRecipientRefused(code=code) if code == _TOO_MUCH_FOR_NOW:
                return NotNow(Reason.TRY_LATER)
            case aiosmtplib.SMTPRecipientRefused():
                return Never(Reason.RECIPIENT_REFUSED)
            case _:
                return Never(Reason.CONTENT_REFUSED)

    async def _start_over(self, code: int) -> None:
        """Make the connection fit for the next message, or close it."""
        if code == _SERVER_CLOSES:
            self.close()
            return
        try:
            await self._smtp.rset()
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._smtp.close()


class Connections:
    """Connections to the mail server that are used again. Whoever leases bounds how many."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._idle: list[Connection] = []

    @asynccontextmanager
    async def leased(self) -> AsyncIterator[Connection]:
        """Give a connection that is ready. Raises ServerAway."""
        connection = self._idle.pop() if self._idle else Connection(self._server)
        try:
            await connection.ready()
            yield connection
        except BaseException:
            # Cancelled in the middle of a conversation, it would answer the wrong question next.
            connection.close()
            raise
        if len(self._idle) < self._server.connections:
            self._idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Let all idle connections go."""
        while self._idle:
            self._idle.pop().close()
