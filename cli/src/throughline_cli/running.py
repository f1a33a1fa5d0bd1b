"""Starting and ending the platform of a checkout: servers, databases, the issuer, the services."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chassis.directory import Directory
from evidence.notes import Signer, origin_of, read_private_key
from ledger.migrate import migrate
from stack.databases import KEYRING
from stack.environment import PREFIX, Whereabouts
from stack.health import serves
from stack.jars import Progress
from stack.places import Places, checkout
from stack.ports import answers
from stack.remembered import write_private
from stack.server import Status
from stack.settings import Provider
from stack.stack import Stack, settings_of_checkout, stack_of
from stack.supervisor import Program, Ready, Supervisor
from throughline_cli.reaching import SERVICES
from vault.postgres import MIGRATIONS as VAULT_MIGRATIONS

ISSUER = "issuer"
MAIL = "mailcatcher"
ALL_ROLES = ("serve", "relay", "project", "react", "clock", "notarise")

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
            await supervisor.run(self.service(name, ("migrate",)))
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
        programs = [self._issuer(), self._mail()]
        for name in SERVICES:
            if name in self.split:
                programs += [self.service(name, (role,)) for role in ALL_ROLES]
            else:
                programs.append(self.service(name))
        return programs

    def service(self, name: str, roles: Sequence[str] = ("migrate", *ALL_ROLES)) -> Program:
        """Return the program of a service with some roles; all of them in one process, unless told.

        Without all roles it is named after those it has.
        """
        whereabouts = self._whereabouts()
        address = whereabouts.listen[name]
        whole = set(ALL_ROLES) <= set(roles)
        label = name if whole else f"{name}-{'-'.join(roles)}"
        environment = whereabouts.of(name) | {
            f"{PREFIX}LOG_FILE": str(self.places.logs / f"{label}.jsonl"),
            f"{PREFIX}INSTANCE": label[:60],
        }
        command = (sys.executable, "-m", name, *roles)
        if "serve" not in roles:
            return Program(label, command, environment)
        return Program(label, command, environment, address, lambda: serves(address))

    def _whereabouts(self) -> Whereabouts:
        return replace(self.stack.whereabouts(), clock=self.clock)

    def _issuer(self) -> Program:
        address = self.stack.address(ISSUER)
        whereabouts = self._whereabouts()
        told = {
            "ENVIRONMENT": whereabouts.environment,
            "ISSUER": whereabouts.issuer,
            "ISSUER_LISTEN": address,
            "ISSUER_KEY_FILE": str(whereabouts.keys.issuer),
            "CLIENT_SECRETS_DIR": str(whereabouts.keys.client_secret("referrals").parent),
            "PEOPLE_FILE": str(self._people_file),
            "DIRECTORY_FILE": str(whereabouts.directory_file),
        }
        return Program(
            ISSUER,
            (sys.executable, "-m", "chassis.identity.issuer"),
            {PREFIX + name: value for name, value in told.items()},
            address,
            _answering(address),
        )

    def _mail(self) -> Program:
        address = self.stack.address(MAIL)
        command = (sys.executable, "-m", "stack.mailcatcher", address, str(self.places.mail))
        return Program(MAIL, command, {}, address, _answering(address))

    @property
    def _people_file(self) -> Path:
        return self.stack.settings.directory_file.with_name("people.json")

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
            "people_file": str(self._people_file),
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


def _answering(address: str) -> Ready:
    port = int(address.rpartition(":")[2])

    async def ready() -> bool:
        return answers(port)

    return ready
