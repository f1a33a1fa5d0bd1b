"""Starting and ending the platform of a checkout: servers, databases, the issuer, the services."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chassis.directory import Directory
from evidence.notes import Signer, origin_of, read_private_key
from ledger.migrate import migrate
from stack.databases import KEYRING
from stack.environment import Whereabouts
from stack.jars import Progress
from stack.places import Places, checkout
from stack.programs import ALL_ROLES, MIGRATE, issuer, mailcatcher, service
from stack.remembered import write_private
from stack.server import Status
from stack.settings import Provider
from stack.stack import Stack, settings_of_checkout, stack_of
from stack.supervisor import Program, Supervisor
from throughline_cli.reaching import SERVICES
from vault.postgres import MIGRATIONS as VAULT_MIGRATIONS

Say = Callable[[str], None]


def untold(what: str, done: int, total: int) -> None:
    """Say nothing of a download's progress."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The platform of one checkout, its services on this machine, over a stack of servers.

    The services named in `split` run as a process a role, as on a large installation.
    """

    root: Path
    stack: Stack
    clock: str = "simulated"
    split: frozenset[str] = frozenset()

    @classmethod
    def here(
        cls,
        clock: str = "simulated",
        provider: Provider = Provider.EMBEDDED,
        progress: Progress = untold,
    ) -> "Embedded":
        """Return the platform of the checkout this command was installed from."""
        return cls(checkout(), stack_of(settings_of_checkout(provider), progress), clock)

    @property
    def places(self) -> Places:
        """Where everything of it lies."""
        return self.stack.settings.places

    @property
    def platform_file(self) -> Path:
        """Where a running platform is described."""
        return self.places.folder / "platform.json"

    async def up(self, say: Say) -> None:
        """Start what does not run yet; return when all of it serves."""
        say("PostgreSQL and Kafka")
        await self.stack.start()
        databases = self.stack.urls().databases
        await migrate(databases.url(KEYRING, f"{KEYRING}_owner"), [VAULT_MIGRATIONS])
        say("services")
        self.describe()
        supervisor = Supervisor(self.places)
        for name in self.split:
            await supervisor.run(self.service(name, (MIGRATE,)))
        await supervisor.up(self.programs())

    async def down(self, say: Say) -> None:
        """End everything that `up` started."""
        say("services")
        await Supervisor(self.places).down()
        say("PostgreSQL and Kafka")
        await self.stack.stop()

    def status(self) -> list[Status]:
        """Return how each server and program stands."""
        return [*self.stack.status(), *Supervisor(self.places).status()]

    def programs(self) -> list[Program]:
        """Return all programs, each service in one process unless it is split."""
        programs = [issuer(self.stack), mailcatcher(self.stack)]
        for name in SERVICES:
            if name in self.split:
                programs += [self.service(name, (role,)) for role in ALL_ROLES]
            else:
                programs.append(self.service(name))
        return programs

    def service(self, name: str, roles: Sequence[str] = (MIGRATE, *ALL_ROLES)) -> Program:
        """Return the program of a service: all roles in one process, unless some are named."""
        return service(self._whereabouts(), self.places.logs, name, roles)

    def _whereabouts(self) -> Whereabouts:
        return replace(self.stack.whereabouts(), clock=self.clock)

    def describe(self) -> None:
        """Write down, for the command, where this platform is and how it is reached."""
        whereabouts = self._whereabouts()
        keys_file = self.places.folder / "verifier-keys.txt"
        vkeys = verifier_keys(whereabouts.directory_file, whereabouts.keys.checkpoint)
        keys_file.write_text("".join(f"{each}\n" for each in vkeys), encoding="utf-8")
        described = {
            "services": dict(whereabouts.listen),
            "issuer": whereabouts.issuer,
            "kafka": whereabouts.kafka,
            "directory_file": str(whereabouts.directory_file),
            "people_file": str(whereabouts.people_file),
            "keys_file": str(keys_file),
            "checkpoints": str(whereabouts.checkpoints),
            "databases": {name: whereabouts.databases.urls(name).worker for name in SERVICES},
        }
        write_private(self.platform_file, json.dumps(described, indent=1).encode())


def verifier_keys(directory_file: Path, key_of: Callable[[str], Path]) -> list[str]:
    """Return the public keys of all logs, one a (service, authority), as C2SP note keys."""
    directory = Directory.load(directory_file)
    return [
        str(Signer(origin_of(service, tenant), key).verifier)
        for service in SERVICES
        for key in [read_private_key(key_of(service).read_bytes())]
        for tenant in directory.tenants
    ]
