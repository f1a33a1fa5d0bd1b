"""What a stack is to be: which provider, for what purpose, where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from stack.places import Places, checkout


class Provider(StrEnum):
    """Who runs the servers."""

    EMBEDDED = "embedded"
    CONTAINERS = "containers"
    EXTERNAL = "external"


class Purpose(StrEnum):
    """What the servers are for. Tests get less memory, and their data is thrown away."""

    DEMO = "demo"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class External:
    """Servers that somebody else runs: a superuser's URL of PostgreSQL, Kafka's host:port list."""

    postgres: str = field(repr=False)
    kafka: str


@dataclass(frozen=True, slots=True)
class Settings:
    """One stack. `room_bytes` is what must be free on the disk before servers are started."""

    places: Places
    topics_file: Path
    provider: Provider = Provider.EMBEDDED
    purpose: Purpose = Purpose.DEMO
    external: External | None = None
    room_bytes: int = 1_000_000_000
    broker_heap_mb: int = 384
    # Further ways to the embedded broker, for who puts something between: by name (capitals) the
    # port it listens on, and the port that clients who came that way are told.
    broker_listeners: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    directory_file: Path = field(default_factory=lambda: checkout() / "demo" / "directory.json")
    people_file: Path = field(default_factory=lambda: checkout() / "demo" / "people.json")

    @property
    def shared_buffers(self) -> str:
        """PostgreSQL's own memory."""
        return "256MB" if self.purpose is Purpose.TEST else "2GB"
