"""The environment of a service's process: all it must be told, as THROUGHLINE_* variables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stack.databases import KEYRING, Databases
from stack.keys import Keys
from stack.places import checkout

PREFIX = "THROUGHLINE_"
ISSUER = "issuer"
MAILCATCHER = "mailcatcher"
MAIL_CONNECTIONS = 24
"""The stack's own mail server takes many at once, and each brings its records in larger pages."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where everything is, as a service sees it. `listen` and `peers` are host:port by service.

    Spans go to a file for each service in `traces`, or where the variables in `telemetry` say.
    """

    databases: Databases
    kafka: str
    listen: Mapping[str, str]
    peers: Mapping[str, str]
    issuer: str
    smtp: str
    keys: Keys
    checkpoints: Path
    directory_file: Path
    people_file: Path = field(default_factory=lambda: checkout() / "demo" / "people.json")
    telemetry: Mapping[str, str] = field(default_factory=dict)
    traces: Path | None = None
    environment: str = "demo"
    clock: str = "simulated"

    def of(self, service: str) -> dict[str, str]:
        """Return the variables of a service."""
        urls = self.databases.urls(service)
        return _prefixed(
            {
                "ENVIRONMENT": self.environment,
                "DATABASE_OWNER": urls.owner,
                "DATABASE_HANDLER": urls.handler,
                "DATABASE_WORKER": urls.worker,
                "KEYRING": self.databases.url(KEYRING, f"{service}_vault"),
                "ROOT_KEY_FILE": str(self.keys.root),
                "CHECKPOINT_KEY_FILE": str(self.keys.checkpoint(service)),
                "CHECKPOINT_DIR": str(self.checkpoints / service),
                "KAFKA": self.kafka,
                "LISTEN": self.listen[service],
                "ISSUER": self.issuer,
                "CLIENT_SECRET_FILE": str(self.keys.client_secret(service)),
                "PEERS": json.dumps(dict(self.peers)),
                "DIRECTORY_FILE": str(self.directory_file),
                "CLOCK": self.clock,
                "SMTP": self.smtp,
                "SMTP_CONNECTIONS": str(MAIL_CONNECTIONS),
                **({"TRACES_FILE": str(self.traces / f"{service}.jsonl")} if self.traces else {}),
                **self.telemetry,
            }
        )

    def of_issuer(self, listen: str) -> dict[str, str]:
        """Return the variables of the local issuer, which listens at host:port."""
        return _prefixed(
            {
                "ENVIRONMENT": self.environment,
                "ISSUER": self.issuer,
                "ISSUER_LISTEN": listen,
                "ISSUER_KEY_FILE": str(self.keys.issuer),
                "CLIENT_SECRETS_DIR": str(self.keys.clients),
                "PEOPLE_FILE": str(self.people_file),
                "DIRECTORY_FILE": str(self.directory_file),
            }
        )


def _prefixed(variables: Mapping[str, str]) -> dict[str, str]:
    return {PREFIX + name: value for name, value in variables.items()}
