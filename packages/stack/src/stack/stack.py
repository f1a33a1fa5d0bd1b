"""The servers of an installation, whoever runs them, made ready for the services."""

import asyncio
import os
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from stack import topics
from stack.databases import SERVICES, Databases, Passwords
from stack.environment import ISSUER, MAILCATCHER, Whereabouts
from stack.errors import StackError
from stack.external import ExternalKafka, ExternalPostgres
from stack.jars import Progress
from stack.kafka import EmbeddedKafka, silent
from stack.keyring import provision
from stack.keys import Keys
from stack.locks import alone
from stack.places import Places, checkout
from stack.ports import LOOPBACK, port_of
from stack.postgres import EmbeddedPostgres
from stack.server import KafkaServer, PostgresServer, Status
from stack.settings import External, Provider, Purpose, Settings

TURN_SECONDS = 120.0
POSTGRES_VARIABLE = "THROUGHLINE_STACK_POSTGRES"
KAFKA_VARIABLE = "THROUGHLINE_STACK_KAFKA"


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the servers are. The databases' URLs have passwords in them."""

    kafka: str
    databases: Databases


@dataclass(frozen=True, slots=True)
class Stack:
    """PostgreSQL and Kafka with all that services need of them: databases, roles, topics, keys.

    Starting what runs changes nothing. What is started stays up when this process ends.
    """

    settings: Settings
    postgres: PostgresServer
    kafka: KafkaServer

    async def start(self) -> None:
        """Return when both servers answer and everything in them is made."""
        self.settings.places.make()
        async with alone(self.settings.places.folder / "lock", TURN_SECONDS):
            Keys(self.settings.places.keys).make(SERVICES)
            await _both(self._start_postgres(), self._start_kafka())

    async def stop(self) -> None:
        """Return when both servers have ended. Data stays."""
        async with alone(self.settings.places.folder / "lock", TURN_SECONDS):
            await _both(self.postgres.stop(), self.kafka.stop())

    def status(self) -> list[Status]:
        """Return how each server stands."""
        return [self.postgres.status(), self.kafka.status()]

    def urls(self) -> Urls:
        """Return where the servers are."""
        passwords = Passwords(self.settings.places.passwords)
        return Urls(self.kafka.bootstrap, Databases(self.postgres.superuser_url(), passwords))

    def address(self, name: str) -> str:
        """Return where a program listens: a service, `issuer` or `mailcatcher`."""
        return f"{LOOPBACK}:{port_of(self.settings.places, name)}"

    def whereabouts(self) -> Whereabouts:
        """Return where everything is for services on this machine."""
        places = self.settings.places
        addresses = {service: self.address(service) for service in SERVICES}
        return Whereabouts(
            databases=self.urls().databases,
            kafka=self.kafka.bootstrap,
            listen=addresses,
            peers=addresses,
            issuer=f"http://{self.address(ISSUER)}",
            smtp=self.address(MAILCATCHER),
            keys=Keys(places.keys),
            checkpoints=places.checkpoints,
            directory_file=self.settings.directory_file,
            people_file=self.settings.people_file,
            traces=places.traces,
            environment=self.settings.purpose.value,
        )

    def issuer_environment(self) -> dict[str, str]:
        """Return all THROUGHLINE_* variables of the local issuer."""
        return self.whereabouts().of_issuer(self.address(ISSUER))

    async def _start_postgres(self) -> None:
        await self.postgres.start()
        await provision(self.urls().databases)

    async def _start_kafka(self) -> None:
        await self.kafka.start()
        await topics.provision(self.kafka.bootstrap, topics.declared(self.settings.topics_file))


async def _both(one: Awaitable[None], other: Awaitable[None]) -> None:
    """Wait for both to be over, also when one fails; then raise what failed."""
    outcomes = await asyncio.gather(one, other, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


def stack_of(settings: Settings, progress: Progress = silent) -> Stack:
    """Return the stack that the settings ask for. Nothing is started."""
    match settings.provider:
        case Provider.EMBEDDED:
            kafka = EmbeddedKafka(settings, progress)
            return Stack(settings, EmbeddedPostgres(settings), kafka)
        case Provider.CONTAINERS:
            # Only who uses containers waits for their library.
            from stack.containers import ContainerKafka, ContainerPostgres  # noqa: PLC0415 # as said

            return Stack(settings, ContainerPostgres(settings), ContainerKafka(settings))
        case Provider.EXTERNAL:
            if settings.external is None:
                raise StackError("External servers need their URLs in the settings.")
            external = settings.external
            return Stack(
                settings, ExternalPostgres(external.postgres), ExternalKafka(external.kafka)
            )


def settings_of_checkout(
    provider: Provider = Provider.EMBEDDED, environment: Mapping[str, str] = os.environ
) -> Settings:
    """Return the settings of this checkout's own stack."""
    root = checkout()
    return Settings(
        places=Places.of(root),
        topics_file=root / "deploy" / "topics.json",
        provider=provider,
        purpose=Purpose.DEMO,
        external=_external(environment) if provider is Provider.EXTERNAL else None,
    )


def service_environment(
    name: str, provider: Provider = Provider.EMBEDDED, environment: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return all THROUGHLINE_* variables of a service of this checkout's stack."""
    return stack_of(settings_of_checkout(provider, environment)).whereabouts().of(name)


def _external(environment: Mapping[str, str]) -> External:
    missing = [each for each in (POSTGRES_VARIABLE, KAFKA_VARIABLE) if not environment.get(each)]
    if missing:
        raise StackError(
            f"Servers of your own are named by {' and '.join(missing)}: a superuser's URL"
            " (postgresql://user:password@host:port/postgres), and host:port of Kafka."
        )
    return External(environment[POSTGRES_VARIABLE], environment[KAFKA_VARIABLE])
