"""Prepares an installation of containers: `python -m stack.prepare secrets`, then `provision`.

`tell` prints, for whoever runs the installation, how its stores are read and its logs verified.

Each container gets a folder of secrets of its own under /secrets, and sees no other.
"""

import asyncio
import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from stack import topics
from stack.databases import SERVICES, Databases, Passwords
from stack.environment import ISSUER, PREFIX, Whereabouts
from stack.errors import StackError
from stack.keyring import provision
from stack.keys import Keys
from stack.remembered import write_private

SECRETS = Path("/secrets")
OWN = SECRETS / "prepare"
POSTGRES = SECRETS / "postgres"
FILES = Path("/app/files")
ENVIRONMENT = "environment"
OWNER = PREFIX + "DATABASE_OWNER"
GRPC_PORT = 50051
ISSUER_PORT = 8080
# The server's own user reads it, whichever number it has; nobody else gets this folder.
READABLE = 0o444


def make_secrets() -> None:
    """Make keys and passwords, and put into each container's folder what is its own."""
    keys = Keys(OWN / "keys")
    keys.make(SERVICES)
    password = POSTGRES / "password"
    if not password.exists():
        write_private(password, Passwords(OWN / "passwords.json").of("postgres").encode())
    password.chmod(READABLE)
    for service in SERVICES:
        own = Keys(SECRETS / service)
        own.clients.mkdir(parents=True, exist_ok=True)
        shutil.copy2(keys.root, own.root)
        shutil.copy2(keys.checkpoint(service), own.checkpoint(service))
        shutil.copy2(keys.client_secret(service), own.client_secret(service))
    issuing = Keys(SECRETS / ISSUER)
    shutil.copy2(keys.issuer, issuing.issuer)
    shutil.copytree(keys.clients, issuing.clients, dirs_exist_ok=True)


async def make_ready() -> None:
    """Make databases, roles and topics, and write down for each container what it is told."""
    password = (POSTGRES / "password").read_text()
    superuser = f"postgresql://postgres:{password}@postgres:5432/postgres"
    databases = Databases(superuser, Passwords(OWN / "passwords.json"))
    await provision(databases)
    await topics.provision("kafka:9092", topics.declared(FILES / "topics.json"))
    for service in SERVICES:
        told = _whereabouts(databases, service).of(service)
        # Only what migrates a database acts as the owner of its tables.
        owner = {OWNER: told.pop(OWNER)}
        _write(SECRETS / service / ENVIRONMENT, told)
        _write(SECRETS / f"{service}-owner" / ENVIRONMENT, owner)
    issuer = _whereabouts(databases, ISSUER).of_issuer(f"0.0.0.0:{ISSUER_PORT}")
    _write(SECRETS / ISSUER / ENVIRONMENT, issuer)


def _whereabouts(databases: Databases, container: str) -> Whereabouts:
    return Whereabouts(
        databases=databases,
        kafka="kafka:9092",
        listen=dict.fromkeys(SERVICES, f"0.0.0.0:{GRPC_PORT}"),
        peers={service: f"{service}:{GRPC_PORT}" for service in SERVICES},
        issuer=f"http://{ISSUER}:{ISSUER_PORT}",
        smtp="mailcatcher:1025",
        keys=Keys(SECRETS / container),
        checkpoints=Path("/checkpoints"),
        directory_file=FILES / "directory.json",
        people_file=FILES / "people.json",
        telemetry={"OTLP_ENDPOINT": os.environ["OTLP_ENDPOINT"]},
    )


def _write(file: Path, told: Mapping[str, str]) -> None:
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in told.items()]
    write_private(file, "".join(lines).encode())


def tell() -> None:
    """Print the public keys of the logs, and the passwords with which the stores are read."""
    keys, passwords = Keys(OWN / "keys"), Passwords(OWN / "passwords.json")
    told = {
        "public_keys": {service: keys.public(service).hex() for service in SERVICES},
        "worker_passwords": {service: passwords.of(f"{service}_worker") for service in SERVICES},
    }
    sys.stdout.write(json.dumps(told) + "\n")


def main(step: str) -> None:
    """Do one step, or say what stops it."""
    try:
        match step:
            case "secrets":
                make_secrets()
            case "provision":
                asyncio.run(make_ready())
            case "tell":
                tell()
            case _:
                sys.exit(f"{step} is no step: secrets, provision, tell")
    except StackError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
