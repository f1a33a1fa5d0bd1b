"""Databases and their roles: made by the superuser, owned and used by others."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from stack.errors import StackError
from stack.remembered import changing

SERVICES = ("referrals", "casework", "groups", "notifications")
KEYRING = "keyring"
ROLES = ("owner", "handler", "worker")
CONNECT_SECONDS = 10.0
# A statement cannot take names as arguments; hence what they may be is narrow.
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """The URLs of one database, by role. Each has a password in it."""

    owner: str = field(repr=False)
    handler: str = field(repr=False)
    worker: str = field(repr=False)
    superuser: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Passwords:
    """The passwords of roles: made at first need and kept in a private file."""

    file: Path

    def of(self, role: str) -> str:
        """Return a role's password."""
        with changing(self.file) as passwords:
            return str(passwords.setdefault(role, secrets.token_urlsafe(24)))


def url_for(superuser_url: str, database: str, role: str, password: str) -> str:
    """Return the URL of the same server for another database and role."""
    parts = urlsplit(superuser_url)
    server = parts.netloc.rpartition("@")[2]
    netloc = f"{role}:{quote(password, safe='')}@{server}"
    return urlunsplit((parts.scheme, netloc, f"/{database}", parts.query, ""))


@dataclass(frozen=True, slots=True)
class Databases:
    """Makes databases and roles on one server. Everything may be made again: nothing is lost."""

    superuser_url: str = field(repr=False)
    passwords: Passwords

    def url(self, database: str, role: str) -> str:
        """Return a role's URL of a database."""
        return url_for(self.superuser_url, database, role, self.passwords.of(role))

    def urls(self, database: str) -> DatabaseUrls:
        """Return the URLs of a service's database."""
        return DatabaseUrls(
            owner=self.url(database, f"{database}_owner"),
            handler=self.url(database, f"{database}_handler"),
            worker=self.url(database, f"{database}_worker"),
            superuser=self._superuser(database),
        )

    async def provision(self, services: Sequence[str] = SERVICES) -> None:
        """Make the databases of the services, and the keyring they share, without tables."""
        for service in services:
            await self.make(service)
        await self.make_keyring(services)

    async def make(self, database: str) -> DatabaseUrls:
        """Make a service's database with its three roles."""
        roles = [f"{database}_{role}" for role in ROLES]
        await self._make(database, roles)
        return self.urls(database)

    async def make_keyring(self, services: Sequence[str], database: str = KEYRING) -> None:
        """Make the database of the keys, with an owner and a role for the vault of each service."""
        await self._make(database, [f"{database}_owner", *(f"{each}_vault" for each in services)])

    async def drop(self, database: str) -> None:
        """Remove a database and whoever is connected to it. Its roles stay."""
        connection = await self._connect("postgres")
        try:
            await connection.execute(f"drop database if exists {_checked(database)} with (force)")
        finally:
            await connection.close()

    async def _make(self, database: str, roles: Sequence[str]) -> None:
        connection = await self._connect("postgres")
        try:
            for role in roles:
                await _make_role(connection, role, self.passwords.of(role))
            there = "select 1 from pg_database where datname = $1"
            if not await connection.fetchval(there, database):
                owner = _checked(roles[0])
                await connection.execute(f"create database {_checked(database)} owner {owner}")
            await _admit_only(connection, database, roles)
        finally:
            await connection.close()

    async def _connect(self, database: str) -> "asyncpg.Connection[asyncpg.Record]":
        try:
            return await asyncpg.connect(self._superuser(database), timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            server = urlsplit(self.superuser_url).netloc.rpartition("@")[2]
            raise StackError(
                f"PostgreSQL at {server} does not let us in: {error}. Are address, user and"
                " password right, and does it run?"
            ) from error

    def _superuser(self, database: str) -> str:
        return urlunsplit(urlsplit(self.superuser_url)._replace(path=f"/{database}"))


async def _make_role(
    connection: "asyncpg.Connection[asyncpg.Record]", role: str, password: str
) -> None:
    if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
        await connection.execute(f"create role {_checked(role)}")
    quoted = await connection.fetchval("select quote_literal($1)", password)
    await connection.execute(
        f"alter role {_checked(role)} login nosuperuser nocreatedb nocreaterole nobypassrls"
        f" noreplication password {quoted}"
    )


async def _admit_only(
    connection: "asyncpg.Connection[asyncpg.Record]", database: str, roles: Sequence[str]
) -> None:
    name = _checked(database)
    await connection.execute(f"revoke all on database {name} from public")
    for role in roles:
        await connection.execute(f"grant connect on database {name} to {_checked(role)}")


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise StackError(
            f"{name!r} is no name for a database or role: small letters, digits and _ only,"
            " a letter first, at most 41."
        )
    return name
