"""What a stack needs of a server, whoever runs it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a server runs, where it listens, and its process where it is one of ours."""

    name: str
    running: bool
    address: str
    pid: int | None = None


class Server(Protocol):
    """Starts, stops and says where it is. Starting what runs and stopping what does not is fine."""

    async def start(self) -> None:
        """Return when it answers."""

    async def stop(self) -> None:
        """Return when it has ended."""

    def status(self) -> Status:
        """Return how it stands, without waiting."""


class PostgresServer(Server, Protocol):
    """A PostgreSQL server."""

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the URL with which everything may be done. It has a password in it."""


class KafkaServer(Server, Protocol):
    """A Kafka cluster."""

    @property
    def bootstrap(self) -> str:
        """Return host:port, or several with commas."""
