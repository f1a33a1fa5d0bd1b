"""The environment of a process, parsed once; whatever is wrong is named and nothing starts.

No error repeats a value: it may be a secret.
"""

import difflib
import os
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    FilePath,
    ValidationError,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from chassis.edge.strict_json import read_json
from ledger.sharding import MOST_SHARDS

PREFIX = "THROUGHLINE_"
WRONG_SETTINGS_STATUS = 2

_HOST_PORT = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_MAX_PORT = 65535
# How alike two names are when one is a slip of the other.
_NEAR = 0.9

S = TypeVar("S", bound=BaseSettings)


class Environment(StrEnum):
    """Where the process runs: parts that are not for real people's data run in demo and test."""

    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"

    @property
    def invented(self) -> bool:
        """Whether all people in it are invented."""
        return self is not Environment.PRODUCTION


class ClockMode(StrEnum):
    """Whose time rules what is recorded."""

    SYSTEM = "system"
    SIMULATED = "simulated"


class WrongSettings(Exception):  # noqa: N818 # the process ends with it
    """Some variables are missing or not allowed: one line for each."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def _host_port(text: str) -> str:
    form = _HOST_PORT.fullmatch(text)
    if form is None or int(form[2]) > _MAX_PORT:
        raise ValueError("form")
    return text


def _host_ports(text: str) -> str:
    for each in text.split(","):
        _host_port(each.strip())
    return text


def _dsn(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ValueError("form")
    return text


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("form")
    return text.rstrip("/")


def _peers(given: object) -> object:
    peers = read_json(given.encode()) if isinstance(given, str) else given
    if not isinstance(peers, dict) or not all(_NAME.fullmatch(str(name)) for name in peers):
        raise ValueError("form")
    return peers


HostPort = Annotated[str, AfterValidator(_host_port)]
Dsn = Annotated[str, AfterValidator(_dsn)]
Url = Annotated[str, AfterValidator(_url)]

A_DSN = "postgresql://user:password@host:port/database"


class Settings(BaseSettings):
    """What a service process is told; the description of a field is what it allows."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        validate_default=False,
    )

    environment: Environment = Field(description="demo, test or production")
    database_handler: Dsn = Field(repr=False, description=A_DSN)
    database_worker: Dsn = Field(repr=False, description=A_DSN)
    # Only migrations and rebuilds own tables.
    database_owner: Dsn | None = Field(None, repr=False, description=A_DSN)
    keyring: Dsn = Field(repr=False, description=A_DSN)
    root_key_file: FilePath = Field(description="a file that is there")
    checkpoint_key_file: Path = Field(description="a path")
    checkpoint_dir: Path = Field(description="a path")
    kafka: Annotated[str, AfterValidator(_host_ports)] = Field(
        description="host:port, several with commas between"
    )
    listen: HostPort = Field(description="host:port; port 0 takes a free one")
    issuer: Url = Field(description="an https:// address (http:// only in demo and test)")
    client_secret_file: FilePath = Field(description="a file that is there")
    directory_file: FilePath = Field(description="a file that is there")
    peers: Annotated[dict[str, HostPort], NoDecode, BeforeValidator(_peers)] = Field(
        default_factory=dict, description='JSON: {"service": "host:port", ...}'
    )
    instance: str = Field(
        "1",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$",
        description="a name that is this process's own among those of its service",
    )
    clock: ClockMode = Field(
        ClockMode.SYSTEM, description="system, or (only in demo and test) simulated"
    )
    clock_start: AwareDatetime = Field(
        datetime(2025, 1, 1, tzinfo=UTC),
        description="an instant with its offset, at which simulated time begins",
    )
    project_shards: int = Field(
        1, ge=1, le=MOST_SHARDS, description=f"a number from 1 to {MOST_SHARDS}"
    )
    traces_file: Path | None = Field(None, description="a path; not together with OTLP_ENDPOINT")
    otlp_endpoint: Url | None = Field(None, description="an http:// or https:// address")
    log_file: Path | None = Field(None, description="a path; without it, standard error")
    smtp: HostPort | None = Field(None, description="host:port")

    def contradictions(self) -> list[str]:
        """Return the fields that do not go with the others."""
        wrong = []
        if self.clock is ClockMode.SIMULATED and not self.environment.invented:
            wrong.append("clock")
        if self.issuer.startswith("http:") and not self.environment.invented:
            wrong.append("issuer")
        if self.traces_file and self.otlp_endpoint:
            wrong.append("traces_file")
        return wrong


class MigrationSettings(BaseSettings):
    """What it takes to migrate a service's database."""

    model_config = Settings.model_config

    database_owner: Dsn = Field(repr=False, description=A_DSN)


def read_settings(kind: type[S]) -> S:
    """Parse the environment. Raises WrongSettings with a line for each variable that is wrong."""
    lines = _misspelt(kind)
    try:
        settings = kind()
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        wrong = {str(each["loc"][0]): each["type"] for each in found}
        lines += [_line(kind, name, problem) for name, problem in wrong.items()]
    else:
        check = getattr(settings, "contradictions", list)
        lines += [_line(kind, name, "contradiction") for name in check()]
        if not lines:
            return settings
    raise WrongSettings(lines)


def settings_or_exit(kind: type[S]) -> S:
    """Parse the environment, or say on standard error what is wrong with it and end, status 2."""
    try:
        return read_settings(kind)
    except WrongSettings as error:
        sys.stderr.write("".join(f"{line}\n" for line in error.lines))
        sys.exit(WRONG_SETTINGS_STATUS)


def _line(kind: type[BaseSettings], name: str, problem: str) -> str:
    state = "is missing" if problem == "missing" else "has a value that is not allowed"
    return f"{PREFIX}{name.upper()} {state}; allowed: {kind.model_fields[name].description}"


def _misspelt(kind: type[BaseSettings]) -> list[str]:
    """Find variables that look like one of ours that is not given."""
    names = {PREFIX + name.upper() for name in kind.model_fields}
    absent = sorted(names - os.environ.keys())
    ours = [name for name in sorted(os.environ.keys() - names) if name.startswith(PREFIX)]
    near = {name: difflib.get_close_matches(name, absent, 1, _NEAR) for name in ours}
    return [f"{name} is not known; allowed: {found[0]}" for name, found in near.items() if found]
