"""The servers in containers of the official images, started through testcontainers.

A container is found again by its labels, so that it can be stopped by another process than the one
that started it. It listens on the loopback port that belongs to the server here.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import asyncpg
from docker.errors import DockerException
from docker.models.containers import Container
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient
from testcontainers.core.exceptions import ContainerStartException
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from stack.databases import Passwords
from stack.errors import StackError
from stack.kafka import PROPERTIES
from stack.ports import LOOPBACK, port_of
from stack.postgres import OPTIONS, SUPERUSER
from stack.server import Status
from stack.settings import Purpose, Settings

POSTGRES_IMAGE = "postgres:18"
KAFKA_IMAGE = "apache/kafka:4.3.1"
START_SECONDS = 120
STOP_SECONDS = 20
PAUSE_SECONDS = 0.2
LAST_LINES = 20
STACK, SERVER = "throughline.stack", "throughline.server"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What one container is made of. `data` is the folder inside that outlives the container."""

    server: str
    image: str
    port: int
    data: str
    environment: Mapping[str, str]
    command: list[str] | None = None


@dataclass(frozen=True, slots=True)
class ContainerPostgres:
    """PostgreSQL in a container."""

    settings: Settings

    async def start(self) -> None:
        """Return when it lets us in."""
        await asyncio.to_thread(_start, self.settings, self._recipe())
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                connection = await asyncpg.connect(self.superuser_url(), timeout=PAUSE_SECONDS * 10)
            except (OSError, asyncpg.PostgresError) as error:
                if time.monotonic() > end:
                    raise StackError(f"The container of {POSTGRES_IMAGE}: {error}.") from error
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                await connection.close()
                return

    async def stop(self) -> None:
        """Stop and remove the container; its data stays, except that of tests."""
        await asyncio.to_thread(_stop, self.settings, "postgres")

    def status(self) -> Status:
        """Return how the container stands."""
        return _status(self.settings, "PostgreSQL", "postgres")

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the superuser's URL."""
        password = quote(Passwords(self.settings.places.passwords).of(SUPERUSER), safe="")
        port = port_of(self.settings.places, "postgres")
        return f"postgresql://{SUPERUSER}:{password}@{LOOPBACK}:{port}/{database}"

    def _recipe(self) -> Recipe:
        own = {"listen_addresses": "*", "shared_buffers": self.settings.shared_buffers}
        options = {**OPTIONS, **own, "unix_socket_directories": "/var/run/postgresql"}
        return Recipe(
            server="postgres",
            image=POSTGRES_IMAGE,
            port=5432,
            data="/var/lib/postgresql",
            environment={
                "POSTGRES_PASSWORD": Passwords(self.settings.places.passwords).of(SUPERUSER)
            },
            command=[word for key, value in options.items() for word in ("-c", f"{key}={value}")],
        )


@dataclass(frozen=True, slots=True)
class ContainerKafka:
    """Kafka in a container."""

    settings: Settings

    async def start(self) -> None:
        """Return when the broker says that it has started."""
        await asyncio.to_thread(_start, self.settings, self._recipe(), "Kafka Server started")

    async def stop(self) -> None:
        """Stop and remove the container; its data stays, except that of tests."""
        await asyncio.to_thread(_stop, self.settings, "kafka")

    def status(self) -> Status:
        """Return how the container stands."""
        return _status(self.settings, "Kafka", "kafka")

    @property
    def bootstrap(self) -> str:
        """Where clients find it."""
        return f"{LOOPBACK}:{port_of(self.settings.places, 'kafka')}"

    def _recipe(self) -> Recipe:
        own = {
            "listeners": "PLAINTEXT://:9092,CONTROLLER://:9093",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "controller.quorum.voters": "1@localhost:9093",
            "log.dirs": "/var/lib/kafka/data",
        }
        return Recipe(
            server="kafka",
            image=KAFKA_IMAGE,
            port=9092,
            data="/var/lib/kafka/data",
            environment={
                **{_variable(key): value for key, value in {**PROPERTIES, **own}.items()},
                "KAFKA_HEAP_OPTS": f"-Xms128m -Xmx{self.settings.broker_heap_mb}m",
            },
        )


def _variable(name: str) -> str:
    """Return the image's variable for one of Kafka's properties."""
    return "KAFKA_" + name.upper().replace(".", "_")


def _start(settings: Settings, recipe: Recipe, wait_for: str | None = None) -> None:
    # The library's own reaper would end what is to stay when this process has ended.
    keeps = settings.purpose is Purpose.DEMO
    testcontainers_config.ryuk_disabled = keeps or testcontainers_config.ryuk_disabled
    try:
        there = _find(settings, recipe.server)
        if there is not None and there.status == "running":
            return
        if there is not None:
            there.remove(force=True)
        container = _container(settings, recipe)
        if wait_for is not None:
            strategy = LogMessageWaitStrategy(re.compile(wait_for))
            container.waiting_for(strategy.with_startup_timeout(START_SECONDS))
        container.start()
    except (DockerException, ContainerStartException, TimeoutError, RuntimeError) as error:
        raise _failed(settings, recipe, error) from error


def _container(settings: Settings, recipe: Recipe) -> DockerContainer:
    container = DockerContainer(recipe.image, **_options(recipe)).with_envs(**recipe.environment)
    container.ports = _published(settings, recipe)
    container.with_kwargs(labels={STACK: str(settings.places.folder), SERVER: recipe.server})
    if settings.purpose is Purpose.DEMO:
        container.with_volume_mapping(_volume(settings, recipe.server), recipe.data, "rw")
    return container


def _options(recipe: Recipe) -> dict[str, Any]:
    return {"command": recipe.command} if recipe.command else {}


def _published(settings: Settings, recipe: Recipe) -> dict[str, Any]:
    return {f"{recipe.port}/tcp": (LOOPBACK, port_of(settings.places, recipe.server))}


def _volume(settings: Settings, server: str) -> str:
    """Return the name of the volume that belongs to this folder's server."""
    which = sha256(str(settings.places.folder).encode()).hexdigest()[:12]
    return f"throughline-{which}-{server}"


def _stop(settings: Settings, server: str) -> None:
    try:
        container = _find(settings, server)
        if container is not None:
            hurry = settings.purpose is Purpose.TEST
            container.stop(timeout=0 if hurry else STOP_SECONDS)
            container.remove(force=True, v=True)
    except DockerException as error:
        raise _no_engine(server, error) from error


def _find(settings: Settings, server: str) -> Container | None:
    labels = [f"{STACK}={settings.places.folder}", f"{SERVER}={server}"]
    found = DockerClient().client.containers.list(all=True, filters={"label": labels})
    return found[0] if found else None


def _status(settings: Settings, name: str, server: str) -> Status:
    address = f"{LOOPBACK}:{port_of(settings.places, server)}"
    try:
        container = _find(settings, server)
    except DockerException:
        container = None
    return Status(name, container is not None and container.status == "running", address)


def _failed(settings: Settings, recipe: Recipe, error: Exception) -> StackError:
    """Return the error for a container that did not start; with its last words if it had any."""
    try:
        container = _find(settings, recipe.server)
        said = container.logs(tail=LAST_LINES).decode(errors="replace") if container else ""
    except DockerException:
        said = ""
    if said:
        return StackError(f"The container of {recipe.image} did not start. It said last:\n{said}")
    return _no_engine(recipe.image, error)


def _no_engine(what: str, error: Exception) -> StackError:
    return StackError(
        f"The container engine could not run {what}: {error}. Does an engine run (docker info), and"
        " does DOCKER_HOST name it? Without one, use the embedded servers."
    )
