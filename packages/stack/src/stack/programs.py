"""The programs of an installation on one machine: four services, a token issuer, a mail catcher."""

import asyncio
import sys
from collections.abc import Sequence

from stack.databases import SERVICES
from stack.environment import ISSUER, MAILCATCHER
from stack.health import serves
from stack.ports import answers
from stack.stack import Stack
from stack.supervisor import Program, Ready, Supervisor

MIGRATE = "migrate"
ROLES = ("serve", "relay", "project", "react", "clock", "notarise")


async def up(stack: Stack) -> None:
    """Start servers and programs; return when all are ready. What runs already is kept."""
    await stack.start()
    supervisor = Supervisor(stack.settings.places)
    services = [service(stack, name, (MIGRATE, *ROLES)) for name in SERVICES]
    await supervisor.up([issuer(stack), mailcatcher(stack), *services])


async def down(stack: Stack) -> None:
    """End programs, then servers. Data stays."""
    await Supervisor(stack.settings.places).down()
    await stack.stop()


def service(stack: Stack, name: str, roles: Sequence[str] = (), instance: str = "") -> Program:
    """Return a process of a service: all roles, or those named; `migrate` may come before them.

    A further process of the same service needs an instance name of its own; only one may `serve`
    at the service's address.
    """
    environment = stack.service_environment(name)
    if instance:
        environment["THROUGHLINE_INSTANCE"] = instance
    serving = not roles or "serve" in roles
    address = stack.address(name)
    return Program(
        name=f"{name}-{instance}" if instance else name,
        command=(sys.executable, "-m", name, *roles),
        environment=environment,
        address=address if serving else "",
        ready=_serving(address) if serving else None,
    )


def migration(stack: Stack, name: str) -> Program:
    """Return what brings a service's database up to date, to be run to its end."""
    return Program(
        name=f"{name}-{MIGRATE}",
        command=(sys.executable, "-m", name, MIGRATE),
        environment=stack.service_environment(name),
    )


def issuer(stack: Stack) -> Program:
    """Return the local token issuer."""
    address = stack.address(ISSUER)
    return Program(
        name=ISSUER,
        command=(sys.executable, "-m", "chassis.identity.issuer"),
        environment=stack.issuer_environment(),
        address=address,
        ready=_listening(address),
    )


def mailcatcher(stack: Stack) -> Program:
    """Return the mail catcher."""
    address = stack.address(MAILCATCHER)
    folder = str(stack.settings.places.mail)
    return Program(
        name=MAILCATCHER,
        command=(sys.executable, "-m", "stack.mailcatcher", address, folder),
        address=address,
        ready=_listening(address),
    )


def _serving(address: str) -> Ready:
    async def ready() -> bool:
        return await serves(address)

    return ready


def _listening(address: str) -> Ready:
    port = int(address.rpartition(":")[2])

    async def ready() -> bool:
        return await asyncio.to_thread(answers, port)

    return ready
