"""The programs of an installation on one machine: services, a token issuer, a mail catcher."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from stack.environment import ISSUER, MAILCATCHER, PREFIX, Whereabouts
from stack.health import serves
from stack.ports import answers
from stack.stack import Stack
from stack.supervisor import Program, Ready

MIGRATE = "migrate"
ALL_ROLES = ("serve", "relay", "project", "react", "clock", "notarise")


def service(
    whereabouts: Whereabouts, logs: Path, name: str, roles: Sequence[str] = (MIGRATE, *ALL_ROLES)
) -> Program:
    """Return a process of a service, with all roles unless some are named.

    Without all roles it is called after those it has. Only one may `serve` at the service's
    address.
    """
    label = name if set(ALL_ROLES) <= set(roles) else f"{name}-{'-'.join(roles)}"
    environment = whereabouts.of(name) | {
        f"{PREFIX}LOG_FILE": str(logs / f"{label}.jsonl"),
        f"{PREFIX}INSTANCE": label[:60],
    }
    serving = "serve" in roles
    address = whereabouts.listen[name]
    return Program(
        name=label,
        command=(sys.executable, "-m", name, *roles),
        environment=environment,
        address=address if serving else "",
        ready=_serving(address) if serving else None,
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
