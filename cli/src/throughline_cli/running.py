"""Starting and ending the embedded platform: servers, databases, the issuer, the four services."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chassis.directory import Directory
from evidence.notes import Signer, origin_of, read_private_key
from ledger.migrate import migrate
from stack.databases import KEYRING, Databases, Passwords
from stack.environment import PREFIX, Whereabouts
from stack.health import serves
from stack.kafka import EmbeddedKafka
from stack.keys import Keys
from stack.places import Places, checkout
from stack.ports import answers, port_of
from stack.postgres import EmbeddedPostgres
from stack.remembered import write_private
from stack.server import Status
from stack.settings import Settings
from stack.supervisor import Program, Supervisor
from stack.topics import declared, provision
from vault.postgres import MIGRATIONS as VAULT_MIGRATIONS

from throughline_cli.reaching import SERVICES

ISSUER = "issuer"
MAIL = "mail"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Embedded:
    """The platform of one checkout, on this machine."""

    root: Path
    places: Places
    clock: str = "simulated"

    @classmethod
    def here(cls, clock: str = "simulated") -> "Embedded":
        """Return the platform of the checkout this command was installed from."""
        root = checkout()
        return cls(root, Places.of(root), clock)

    @property
    def platform_file(self) -> Path:
        """Where a running platform is described."""
        return self.places.folder / "platform.json"

    async def up(self, say: Say) -> None:
        """Start what does not run yet; return when all of it serves."""
        settings = self._settings()
        self.places.make()
        postgres, kafka = EmbeddedPostgres(settings), EmbeddedKafka(settings)
        say("PostgreSQL")
        await postgres.start()
        say("Kafka")
        await kafka.start()
        say("databases and topics")
        databases = Databases(postgres.superuser_url(), Passwords(self.places.passwords))
        await databases.provision(SERVICES)
        await provision(kafka.bootstrap, declared(settings.topics_file))
        await migrate(databases.url(KEYRING, f"{KEYRING}_owner"), [VAULT_MIGRATIONS])
        keys = Keys(self.places.keys)
        keys.make(SERVICES)
        say("services")
        whereabouts = self._whereabouts(databases, kafka.bootstrap, keys)
        self._describe(databases, keys, whereabouts)
        await Supervisor(self.places).up(self._programs(whereabouts))

    async def down(self, say: Say) -> None:
        """End everything that `up` started."""
        say("services")
        await Supervisor(self.places).down()
        settings = self._settings()
        say("Kafka")
        await EmbeddedKafka(settings).stop()
        say("PostgreSQL")
        await EmbeddedPostgres(settings).stop()

    def status(self) -> list[Status]:
        """Return how each server and program stands."""
        settings = self._settings()
        servers = [EmbeddedPostgres(settings).status(), EmbeddedKafka(settings).status()]
        return [*servers, *Supervisor(self.places).status()]

    def service_program(self, service: str, *roles: str) -> Program:
        """Return the program of a service; roles named, one that runs only those."""
        settings = self._settings()
        postgres, kafka = EmbeddedPostgres(settings), EmbeddedKafka(settings)
        databases = Databases(postgres.superuser_url(), Passwords(self.places.passwords))
        whereabouts = self._whereabouts(databases, kafka.bootstrap, Keys(self.places.keys))
        return self._service(service, whereabouts, roles)

    def _settings(self) -> Settings:
        return Settings(self.places, self.root / "deploy" / "topics.json")

    def _address(self, name: str) -> str:
        return f"127.0.0.1:{port_of(self.places, name)}"

    def _whereabouts(self, databases: Databases, kafka: str, keys: Keys) -> Whereabouts:
        addresses = {name: self._address(name) for name in SERVICES}
        return Whereabouts(
            databases=databases,
            kafka=kafka,
            listen=addresses,
            peers=addresses,
            issuer=f"http://{self._address(ISSUER)}",
            smtp=self._address(MAIL),
            keys=keys,
            checkpoints=self.places.folder / "checkpoints",
            directory_file=self.root / "demo" / "directory.json",
            telemetry={},
            clock=self.clock,
        )

    def _programs(self, whereabouts: Whereabouts) -> list[Program]:
        return [
            self._issuer(whereabouts),
            self._mail(),
            *(self._service(name, whereabouts, ()) for name in SERVICES),
        ]

    def _issuer(self, whereabouts: Whereabouts) -> Program:
        address = self._address(ISSUER)
        keys = Keys(self.places.keys)
        return Program(
            ISSUER,
            (sys.executable, "-m", "chassis.issuer"),
            {
                f"{PREFIX}ENVIRONMENT": "demo",
                f"{PREFIX}ISSUER": whereabouts.issuer,
                f"{PREFIX}ISSUER_LISTEN": address,
                f"{PREFIX}ISSUER_KEY_FILE": str(keys.issuer),
                f"{PREFIX}CLIENT_SECRETS_DIR": str(keys.client_secret("referrals").parent),
                f"{PREFIX}PEOPLE_FILE": str(self.root / "demo" / "people.json"),
                f"{PREFIX}DIRECTORY_FILE": str(self.root / "demo" / "directory.json"),
            },
            address,
            _answering(address),
        )

    def _mail(self) -> Program:
        address = self._address(MAIL)
        command = (sys.executable, "-m", "stack.mailcatcher", address, str(self.places.mail))
        return Program(MAIL, command, {}, address, _answering(address))

    def _service(self, name: str, whereabouts: Whereabouts, roles: tuple[str, ...]) -> Program:
        address = whereabouts.listen[name]
        environment = whereabouts.of(name) | {
            f"{PREFIX}LOG_FILE": str(self.places.logs / f"{name}.jsonl"),
            f"{PREFIX}TRACES_FILE": str(self.places.folder / "traces" / f"{name}.jsonl"),
        }
        if not roles:
            return Program(
                name,
                (sys.executable, "-m", name, "migrate", *ALL_ROLES),
                environment,
                address,
                lambda: serves(address),
            )
        label = f"{name}-{'-'.join(roles)}"
        environment[f"{PREFIX}INSTANCE"] = "-".join(roles)[:60]
        serving = "serve" in roles
        return Program(
            label,
            (sys.executable, "-m", name, *roles),
            environment,
            address if serving else "",
            (lambda: serves(address)) if serving else None,
        )

    def _describe(self, databases: Databases, keys: Keys, whereabouts: Whereabouts) -> None:
        directory = Directory.load(whereabouts.directory_file)
        vkeys = [
            str(Signer(origin_of(service, tenant), key).verifier)
            for service in SERVICES
            for key in [read_private_key(keys.checkpoint(service).read_bytes())]
            for tenant in directory.tenants
        ]
        keys_file = self.places.folder / "verifier-keys.txt"
        keys_file.write_text("".join(f"{each}\n" for each in vkeys), encoding="utf-8")
        described = {
            "services": dict(whereabouts.listen),
            "issuer": whereabouts.issuer,
            "kafka": whereabouts.kafka,
            "directory_file": str(whereabouts.directory_file),
            "people_file": str(self.root / "demo" / "people.json"),
            "keys_file": str(keys_file),
            "checkpoints": str(whereabouts.checkpoints),
            "databases": {name: databases.urls(name).worker for name in SERVICES},
        }
        write_private(self.platform_file, json.dumps(described, indent=1).encode())


ALL_ROLES = ("serve", "relay", "project", "react", "clock", "notarise")


def _answering(address: str) -> "Callable[[], object]":
    port = int(address.rpartition(":")[2])

    async def ready() -> bool:
        return answers(port)

    return ready
