"""A whole platform that is thrown away: servers, processes, and a wire between any two of them."""

import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from chassis.main import EVIDENCE
from faults.fleet import Fleet
from faults.links import Link, stop_all
from ledger.migrate import ENGINE, migrate
from stack.databases import KEYRING
from stack.environment import PREFIX
from stack.places import Places, checkout
from stack.ports import LOOPBACK, port_of
from stack.programs import ALL_ROLES
from stack.settings import Provider
from stack.stack import Stack, stack_of
from stack.supervisor import Program
from stack.testing import discard, throwaway_settings
from throughline_cli.reaching import SERVICES, Platform
from throughline_cli.running import Embedded
from vault.postgres import MIGRATIONS as VAULT_MIGRATIONS

SPLIT = "casework"
"""The service that runs as a process a role, with a second process that waits to lead."""

STANDBY = f"{SPLIT}-standby"
STANDBY_ROLES = ("relay", "project", "react", "clock", "notarise")

CLIENTS = "clients"
POSTGRES = "postgres"
KAFKA = "kafka"
PARTITIONS = 6


@dataclass(frozen=True, slots=True)
class Installation:
    """A platform in a folder of its own; every way between its parts is a link."""

    stack: Stack
    fleet: Fleet
    platform: Platform
    platform_file: Path
    links: Mapping[str, Link] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where everything of it lies."""
        return self.stack.settings.places.folder

    def superuser(self, database: str) -> str:
        """Return a URL that no wall stops."""
        return self.stack.urls().databases.urls(database).superuser

    def owner(self, database: str) -> str:
        """Return the URL of who owns the tables of a service."""
        return self.stack.urls().databases.urls(database).owner

    @property
    def kafka(self) -> str:
        """The broker itself, past all links."""
        return self.stack.kafka.bootstrap

    def processes(self, service: str) -> list[str]:
        """Name the processes of a service."""
        if service != SPLIT:
            return [service]
        return [*(f"{SPLIT}-{role}" for role in ALL_ROLES), STANDBY]

    def working(self, service: str, role: str) -> str:
        """Name the process of a service that has a role."""
        return f"{service}-{role}" if service == SPLIT else service


def topic(service: str) -> str:
    """Return the topic in which a service tells its events."""
    return f"throughline.{service}.v1"


@asynccontextmanager
async def installed() -> AsyncIterator[Installation]:
    """Give a running platform; it ends, process by process, and goes, when the body ends."""
    settings = throwaway_settings(Provider.EMBEDDED)
    ports = _Ports(settings.places)
    listeners = {
        name.upper(): (ports[f"{name}-listener"], ports[f"{name} → {KAFKA}"]) for name in SERVICES
    }
    stack = stack_of(replace(settings, broker_listeners=listeners))
    embedded = Embedded(checkout(), stack)
    links = _links(stack, ports)
    fleet = Fleet(settings.places, {})
    try:
        await stack.start()
        for each in links.values():
            await each.start()
        await _migrated(embedded)
        embedded.describe()
        for program in _programs(embedded, links):
            fleet.programs[program.name] = program
        await fleet.up()
        described = Platform.load(embedded.platform_file)
        ways = {name: f"{LOOPBACK}:{links[f'{CLIENTS} → {name}'].port}" for name in SERVICES}
        platform = replace(described, services=ways)
        yield Installation(stack, fleet, platform, embedded.platform_file, links)
    finally:
        await fleet.down()
        await stop_all(links.values())
        await stack.stop()
        await discard(settings.places.folder)


class _Ports:
    """Ports by the name of what listens there, chosen at first need."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def __getitem__(self, name: str) -> int:
        return port_of(self._places, name)


def _links(stack: Stack, ports: _Ports) -> dict[str, Link]:
    postgres = urlsplit(stack.postgres.superuser_url()).port or 0
    ends: list[tuple[str, str, int]] = []
    for name in SERVICES:
        served = int(stack.address(name).rpartition(":")[2])
        ends.append((CLIENTS, name, served))
        ends += [(other, name, served) for other in SERVICES if other != name]
        ends.append((name, POSTGRES, postgres))
        ends.append((name, KAFKA, ports[f"{name}-listener"]))
    named = [(f"{one} → {other}", target) for one, other, target in ends]
    return {name: Link(name, ports[name], target) for name, target in named}


async def _migrated(embedded: Embedded) -> None:
    """Bring all databases up to date from here: a process each would take many times as long."""
    databases = embedded.stack.urls().databases
    await migrate(databases.url(KEYRING, f"{KEYRING}_owner"), [VAULT_MIGRATIONS])
    for name in SERVICES:
        found = find_spec(name)
        [folder] = (found.submodule_search_locations if found else None) or [""]
        own = (name, Path(folder) / "migrations")
        await migrate(databases.urls(name).owner, [ENGINE, EVIDENCE, own])


def _programs(embedded: Embedded, links: Mapping[str, Link]) -> list[Program]:
    programs = [each for each in embedded.programs() if each.name not in SERVICES]
    for name in SERVICES:
        if name == SPLIT:
            ours = [embedded.service(name, (role,)) for role in ALL_ROLES]
            standby = embedded.service(name, STANDBY_ROLES)
            instance = {f"{PREFIX}INSTANCE": STANDBY}
            told = {**standby.environment, **instance}
            ours.append(replace(standby, name=STANDBY, environment=told))
        else:
            ours = [embedded.service(name, ALL_ROLES)]
        programs += [_wired(each, name, embedded, links) for each in ours]
    return programs


def _wired(
    program: Program, service: str, embedded: Embedded, links: Mapping[str, Link]
) -> Program:
    """Let a service's process reach everything over its links, and die where it is told to."""
    told = dict(program.environment)
    real = urlsplit(embedded.stack.postgres.superuser_url()).port
    to_postgres = links[f"{service} → {POSTGRES}"].port
    for name in ("DATABASE_HANDLER", "DATABASE_WORKER", "DATABASE_OWNER", "KEYRING"):
        told[PREFIX + name] = told[PREFIX + name].replace(f":{real}/", f":{to_postgres}/")
    told[f"{PREFIX}KAFKA"] = f"{LOOPBACK}:{links[f'{service} → {KAFKA}'].port}"
    peers = {
        other: f"{LOOPBACK}:{links[f'{service} → {other}'].port}"
        for other in SERVICES
        if other != service
    }
    told[f"{PREFIX}PEERS"] = json.dumps(peers)
    told[f"{PREFIX}CRASH_ORDERS"] = str(orders(embedded.places.folder, service))
    command = (sys.executable, *program.command[1:])
    return replace(program, command=command, environment=told)


def orders(folder: Path, service: str) -> Path:
    """Return the file that tells the processes of a service at which point one of them dies."""
    return folder / f"{service}.order"
