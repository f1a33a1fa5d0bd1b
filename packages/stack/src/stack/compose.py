"""The installation in containers that `docker-compose.yml` makes, as it is reached from outside.

Where its services listen on this machine, how its stores are read, the public keys of its logs.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from evidence.notes import Verifier, origin_of
from stack.databases import SERVICES
from stack.errors import StackError
from stack.places import FOLDER
from stack.ports import LOOPBACK
from stack.remembered import write_private

ENGINE = "docker"
COPY = "cp"
PATIENCE_SECONDS = 120
# What docker-compose.yml publishes where no variable THROUGHLINE_<NAME>_PORT says otherwise.
PORTS = {
    "referrals": 25051,
    "casework": 25052,
    "groups": 25053,
    "notifications": 25054,
    "issuer": 28080,
    "kafka": 29092,
    "postgres": 25432,
}


@dataclass(frozen=True, slots=True)
class Compose:
    """The installation of one checkout."""

    root: Path

    def describe(self) -> Path:
        """Write down how the running installation is reached; return the file, a private one.

        Its checkpoints are copied beside it. Raises StackError if it does not run.
        """
        told = json.loads(self._ask("run", "--rm", "--no-deps", "-T", "provision", "tell"))
        folder = self.root / FOLDER / "compose"
        folder.mkdir(parents=True, exist_ok=True)
        self._ask(COPY, "referrals:/checkpoints", str(folder))
        keys = folder / "verifier-keys.txt"
        keys.write_text("".join(f"{key}\n" for key in self._verifiers(told["public_keys"])))
        file = folder / "platform.json"
        write_private(file, json.dumps(self._platform(told, folder), indent=1).encode())
        return file

    def _platform(self, told: Mapping[str, Any], folder: Path) -> dict[str, object]:
        return {
            "services": {service: address(service) for service in SERVICES},
            "issuer": f"http://{address('issuer')}",
            "kafka": address("kafka"),
            "directory_file": str(self._directory),
            "people_file": str(self.root / "demo" / "people.json"),
            "keys_file": str(folder / "verifier-keys.txt"),
            "checkpoints": str(folder / "checkpoints"),
            "databases": {
                service: f"postgresql://{service}_worker:{quote(password, safe='')}"
                f"@{address('postgres')}/{service}"
                for service, password in told["worker_passwords"].items()
            },
        }

    def _verifiers(self, public_keys: Mapping[str, str]) -> list[Verifier]:
        """Return the key of each log: one for each service and authority."""
        authorities = json.loads(self._directory.read_text())["authorities"].values()
        tenants = [UUID(each["id"]) for each in authorities if not each.get("outside")]
        return [
            Verifier(origin_of(service, tenant), bytes.fromhex(key))
            for service, key in public_keys.items()
            for tenant in tenants
        ]

    @property
    def _directory(self) -> Path:
        return self.root / "demo" / "directory.json"

    def _ask(self, *words: str) -> str:
        """Run `docker compose` with these words; return what it prints."""
        engine = shutil.which(ENGINE)
        if engine is None:
            raise StackError(f"There is no command {ENGINE} here; containers need one.")
        try:
            done = subprocess.run(  # noqa: S603 # words of ours
                [engine, "compose", *words],
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise StackError(f"docker compose {words[0]} gave no answer.") from None
        if done.returncode or not (done.stdout or words[0] == COPY):
            raise StackError(
                "The installation in containers does not answer. Start it with `docker compose up"
                f" --build --wait`. It said: {done.stderr.strip()[-500:]}"
            )
        return done.stdout


def address(name: str) -> str:
    """Return where a container is reached from this machine."""
    return f"{LOOPBACK}:{os.environ.get(f'THROUGHLINE_{name.upper()}_PORT', PORTS[name])}"
