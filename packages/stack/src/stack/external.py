"""Servers that somebody else runs: never started or stopped here, only used."""

import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from stack.errors import StackError
from stack.server import Status

ANSWER_SECONDS = 5.0
POSTGRES_PORT = 5432
KAFKA_PORT = 9092


@dataclass(frozen=True, slots=True)
class ExternalPostgres:
    """Somebody's PostgreSQL, by the URL of a role that may make databases and roles."""

    url: str = field(repr=False)

    async def start(self) -> None:
        """Raise if nobody listens there."""
        _refuse_absent(self.status())

    async def stop(self) -> None:
        """Leave it running."""

    def status(self) -> Status:
        """Return whether somebody listens there."""
        parts = urlsplit(self.url)
        host, port = parts.hostname or "localhost", parts.port or POSTGRES_PORT
        return Status("PostgreSQL", _answers(host, port), f"{host}:{port}")

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the URL for a database."""
        return urlsplit(self.url)._replace(path=f"/{database}").geturl()


@dataclass(frozen=True, slots=True)
class ExternalKafka:
    """Somebody's Kafka, by host:port or several with commas."""

    bootstrap: str

    async def start(self) -> None:
        """Raise if nobody listens there."""
        _refuse_absent(self.status())

    async def stop(self) -> None:
        """Leave it running."""

    def status(self) -> Status:
        """Return whether one of them listens."""
        servers = [each.strip().rpartition(":") for each in self.bootstrap.split(",")]
        listens = any(_answers(host or port, _port(host, port)) for host, _, port in servers)
        return Status("Kafka", listens, self.bootstrap)


def _port(host: str, port: str) -> int:
    return int(port) if host and port.isdigit() else KAFKA_PORT


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=ANSWER_SECONDS):
            return True
    except OSError:
        return False


def _refuse_absent(status: Status) -> None:
    if not status.running:
        raise StackError(
            f"{status.name} does not answer at {status.address}. Is the address right, and does it"
            " run?"
        )
