"""The environment of a service's process: all it must be told, as THROUGHLINE_* variables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stack.databases import KEYRING, Databases
from stack.keys import Keys

PREFIX = "THROUGHLINE_"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where everything is, as a service sees it. `listen` and `peers` are host:port by service."""

    databases: Databases
    kafka: str
    listen: Mapping[str, str]
    peers: Mapping[str, str]
    issuer: str
    smtp: str
    keys: Keys
    checkpoints: Path
    directory_file: Path
    traces: Path | None = None
    otlp_endpoint: str | None = None
    environment: str = "demo"
    clock: str = "simulated"

    def of(self, service: str) -> dict[str, str]:
        """Return the variables of a service."""
        urls = self.databases.urls(service)
        return {
            PREFIX + name: value
            for name, value in {
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
                **self._telemetry(service),
            }.items()
        }

    def _telemetry(self, service: str) -> dict[str, str]:
        if self.otlp_endpoint:
            return {"OTLP_ENDPOINT": self.otlp_endpoint}
        return {"TRACES_FILE": str(self.traces / f"{service}.jsonl")} if self.traces else {}
