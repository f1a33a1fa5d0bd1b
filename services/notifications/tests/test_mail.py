"""What a mail server's answer means for a message, tried on a real SMTP server.

Refused for ever, refused for now, in doubt or taken over: never one taken for another, since in
doubt means that it is sent again, and for ever that it is not.
"""

import email
import email.policy
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from notifications.letter import Reason
from notifications.mail import (
    Connection,
    Connections,
    Never,
    NotNow,
    ServerAway,
    TakenOver,
    Unclear,
    as_mail,
)
from notifications.wording import Rendered

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
HEADER = "<7d1e0b5c-0000-4000-8000-000000000001@throughline.invalid>"
WORDS = Rendered("We have what you sent us: K7P2", "Hello,\n\nThank you — Amélie.\n.\nBye\n")
MAIL = as_mail(WORDS, "amy@example.org", "no-reply@throughline.invalid", HEADER, NOW)


@pytest_asyncio.fixture(loop_scope="session")
async def connection(mail_server: Any) -> AsyncIterator[Connection]:
    """Give a connection that is ready."""
    found = Connection(mail_server.settings)
    await found.ready()
    yield found
    found.close()


async def test_what_is_taken_over_arrives_as_it_was_written(
    mail_server: Any, connection: Connection
) -> None:
    assert await connection.hand_over("amy@example.org", MAIL) == TakenOver()
    [mail] = mail_server.mails
    assert mail["Subject"] == WORDS.subject
    assert mail["To"] == "amy@example.org"
    assert mail["From"] == "no-reply@throughline.invalid"
    assert mail["Message-ID"] == HEADER
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == WORDS.text
    assert mail_server.addressed == ["amy@example.org"]


async def test_one_connection_carries_many_mails(mail_server: Any) -> None:
    connections = Connections(mail_server.settings)
    for _ in range(5):
        async with connections.leased() as connection:
            assert await connection.hand_over("amy@example.org", MAIL) == TakenOver()
    connections.close()
    assert len(mail_server.mails) == 5
    assert mail_server.conversations == 1


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("on_mail", "451 4.3.0 later", NotNow(Reason.TRY_LATER)),
        ("on_mail", "550 5.7.1 you are nobody", NotNow(Reason.SENDER_REFUSED)),
        ("on_rcpt", "450 4.2.1 busy", NotNow(Reason.TRY_LATER)),
        ("on_rcpt", "552 5.2.2 full", NotNow(Reason.TRY_LATER)),
        ("on_rcpt", "550 5.1.1 nobody here", Never(Reason.RECIPIENT_REFUSED)),
        ("on_data", "452 4.3.1 no room", NotNow(Reason.TRY_LATER)),
        ("on_data", "554 5.6.0 never", Never(Reason.CONTENT_REFUSED)),
    ],
)
async def test_a_refusal_is_for_now_or_for_ever_by_its_code(
    mail_server: Any, connection: Connection, step: str, answer: str, outcome: object
) -> None:
    getattr(mail_server, step).append(answer)
    assert await connection.hand_over("amy@example.org", MAIL) == outcome
    assert mail_server.mails == []
    # The connection is fit for the next message.
    await connection.ready()
    assert await connection.hand_over("amy@example.org", MAIL) == TakenOver()
    assert mail_server.conversations == 1


@pytest.mark.parametrize("step", ["on_mail", "on_rcpt"])
async def test_a_connection_lost_before_the_message_went_is_no_doubt(
    mail_server: Any, faults: Any, connection: Connection, step: str
) -> None:
    getattr(mail_server, step).append(faults.GONE)
    assert await connection.hand_over("a@example.org", MAIL) == NotNow(Reason.CONNECTION_LOST)


@pytest.mark.parametrize("fault", ["SILENT_AFTER_ACCEPT", "GONE_AFTER_ACCEPT", "GONE"])
async def test_without_an_answer_after_the_message_went_it_is_in_doubt(
    mail_server: Any, faults: Any, fault: str
) -> None:
    mail_server.patience_s = 0.3
    mail_server.on_data.append(faults[fault])
    connection = Connection(mail_server.settings)
    await connection.ready()
    assert await connection.hand_over("a@example.org", MAIL) == Unclear(Reason.TIMED_OUT)
    assert len(mail_server.mails) == (0 if fault == "GONE" else 1)


async def test_a_server_that_is_away_is_told_from_a_message_that_failed(mail_server: Any) -> None:
    await mail_server.stop()
    with pytest.raises(ServerAway):
        await Connection(mail_server.settings).ready()


async def test_a_connection_that_the_server_closed_is_made_anew(
    mail_server: Any, connection: Connection
) -> None:
    mail_server.on_rcpt.append("421 4.3.2 closing")
    assert await connection.hand_over("a@example.org", MAIL) == NotNow(Reason.TRY_LATER)
    await connection.ready()
    assert await connection.hand_over("a@example.org", MAIL) == TakenOver()
    assert mail_server.conversations == 2


async def test_what_went_wrong_is_said_without_an_address(mail_server: Any) -> None:
    await mail_server.stop()
    with pytest.raises(ServerAway) as raised:
        await Connection(mail_server.settings).ready()
    assert raised.value.__cause__ is None
    assert str(raised.value) == "SMTPConnectError"


def test_a_message_goes_to_one_recipient_and_nobody_in_copy() -> None:
    parsed = email.message_from_bytes(MAIL, policy=email.policy.default)
    assert parsed.get_all("To") == ["amy@example.org"]
    assert not {"Cc", "Bcc", "Reply-To"} & set(parsed.keys())


def test_a_message_id_is_never_folded_or_encoded() -> None:
    header = f"<7d1e0b5c-0000-4000-8000-000000000001@{'a' * 60}.example.org>"
    wire = as_mail(WORDS, "amy@example.org", "no-reply@throughline.invalid", header, NOW)
    assert header.encode() in wire


def test_a_subject_of_any_letters_is_one_header() -> None:
    words = Rendered("Réponse avant " + "é" * 180, "-")
    wire = as_mail(words, "amy@example.org", "no-reply@throughline.invalid", HEADER, NOW)
    parsed = email.message_from_bytes(wire, policy=email.policy.default)
    assert parsed["Subject"] == words.subject
    assert wire.isascii()
    assert max(len(line) for line in wire.split(b"\r\n")) <= 998
