"""The environment is checked at the start, and mail goes over a private connection by default."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.running.settings import WrongSettings, read_settings
from notifications.circuit import FIRST_PAUSE_S, LONGEST_PAUSE_S, Circuit
from notifications.mail import Security
from notifications.retries import LONGEST_PAUSE, Retries
from notifications.settings import NotificationsSettings

NOW = datetime(2026, 3, 1, tzinfo=UTC)


Read = Callable[..., NotificationsSettings]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Give a reader of the settings of production, with some of them changed."""
    file = tmp_path / "secret"
    file.write_text("s3cret\n")
    names = {
        "ENVIRONMENT": "production",
        "DATABASE_HANDLER": "postgresql://h:p@127.0.0.1/notifications",
        "DATABASE_WORKER": "postgresql://w:p@127.0.0.1/notifications",
        "KEYRING": "postgresql://v:p@127.0.0.1/keyring",
        "ROOT_KEY_FILE": str(file),
        "CHECKPOINT_KEY_FILE": str(file),
        "CHECKPOINT_DIR": str(tmp_path),
        "KAFKA": "127.0.0.1:9092",
        "LISTEN": "127.0.0.1:0",
        "ISSUER": "https://issuer.example",
        "CLIENT_SECRET_FILE": str(file),
        "DIRECTORY_FILE": str(file),
        "PEERS": '{"referrals": "127.0.0.1:1"}',
        "SMTP": "mail.example:587",
    }

    def reader(**more: str) -> NotificationsSettings:
        for name, value in (names | more).items():
            monkeypatch.setenv(f"THROUGHLINE_{name}", value)
        return read_settings(NotificationsSettings)

    return reader


def test_the_mail_server_is_spoken_to_in_private_unless_people_are_invented(read: Read) -> None:
    server = read().mail_server
    assert server.security is Security.STARTTLS
    assert (server.host, server.port) == ("mail.example", 587)
    assert read(ENVIRONMENT="demo").mail_server.security is Security.NONE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP", ""),
        ("SMTP", "mail.example"),
        ("SMTP_SECURITY", "none"),
        ("SMTP_SENDER", "Throughline <no-reply@example.org>"),
        ("SMTP_ATTEMPTS", "0"),
        ("SMTP_USER", "somebody"),
        ("MESSAGE_ID_DOMAIN", "two words"),
        ("PEERS", "{}"),
    ],
)
def test_a_wrong_setting_is_named(read: Read, name: str, value: str) -> None:
    with pytest.raises(WrongSettings) as raised:
        read(**{name: value})
    assert any(line.startswith(f"THROUGHLINE_{name} ") for line in raised.value.lines)


def test_the_password_is_read_from_its_file_and_never_shown(read: Read, tmp_path: Path) -> None:
    file = str(tmp_path / "secret")
    server = read(SMTP_USER="throughline", SMTP_PASSWORD_FILE=file).mail_server
    assert server.password == "s3cret"
    assert "s3cret" not in repr(server)


def test_pauses_between_attempts_double_and_outlast_a_day() -> None:
    retries = Retries(10.0, 16)
    pauses = [retries.after(number, NOW) - NOW for number in range(1, retries.attempts)]
    assert pauses[:3] == [timedelta(seconds=each) for each in (10, 20, 40)]
    assert max(pauses) == LONGEST_PAUSE
    assert sum(pauses, timedelta()) > timedelta(days=1)
    assert Retries(3600.0, 50).after(50, NOW) - NOW == LONGEST_PAUSE


def test_a_circuit_opens_for_a_growing_pause_and_closes_with_an_answer() -> None:
    seconds = 0.0
    circuit = Circuit(lambda: seconds)
    pauses = []
    for _ in range(9):
        circuit.failed()
        circuit.failed()
        began = seconds
        while not circuit.is_closed:
            seconds += FIRST_PAUSE_S
        pauses.append(seconds - began)
    assert pauses[:3] == [FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S]
    assert pauses[-1] == LONGEST_PAUSE_S
    circuit.answered()
    circuit.failed()
    seconds += FIRST_PAUSE_S
    assert circuit.is_closed
