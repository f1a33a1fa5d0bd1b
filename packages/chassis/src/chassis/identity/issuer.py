"""The local token issuer of demo and tests, on this machine only, as a program."""

import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from pydantic import Field, FilePath
from pydantic_settings import BaseSettings

from chassis.directory import BadDirectory, Directory
from chassis.identity.issuer_server import Grants, http_server
from chassis.identity.local_issuer import LocalIssuer, WrongIssuer, ensure_key
from chassis.identity.people import BadPeople, load_people
from chassis.identity.service_tokens import ServiceTokens
from chassis.running.settings import (
    WRONG_SETTINGS_STATUS,
    Environment,
    HostPort,
    Settings,
    Url,
    settings_or_exit,
)


class IssuerSettings(BaseSettings):
    """What the issuer is told."""

    model_config = Settings.model_config

    environment: Environment = Field(description="demo or test")
    issuer: Url = Field(description="the address that tokens name as theirs")
    issuer_listen: HostPort = Field(description="host:port, on loopback outside containers")
    issuer_key_file: Path = Field(description="a path; a key is made where there is none")
    client_secrets_dir: Path = Field(description="a folder with a file for each service")
    people_file: FilePath = Field(description="a file that is there")
    directory_file: FilePath = Field(description="a file that is there")

    def contradictions(self) -> list[str]:
        """Refuse where people are real."""
        return [] if self.environment.invented else ["environment"]


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    settings = settings_or_exit(IssuerSettings)
    try:
        grants = _grants(settings)
    except (WrongIssuer, BadDirectory, BadPeople) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_SETTINGS_STATUS)
    host, _, port = settings.issuer_listen.rpartition(":")
    with http_server(grants, host.strip("[]"), int(port)) as server:

        def stop(_signal: int, _frame: FrameType | None) -> None:
            # From the serving thread itself it would wait for itself.
            threading.Thread(target=server.shutdown).start()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        server.serve_forever(poll_interval=0.1)


def _grants(settings: IssuerSettings) -> Grants:
    ensure_key(settings.issuer_key_file)
    directory = Directory.load(settings.directory_file)
    return Grants(
        LocalIssuer.from_file(settings.issuer, settings.issuer_key_file, settings.environment),
        load_people(settings.people_file, directory),
        settings.client_secrets_dir,
        directory.tenants,
    )


__all__ = ["IssuerSettings", "LocalIssuer", "ServiceTokens", "ensure_key", "main"]

if __name__ == "__main__":
    main()
