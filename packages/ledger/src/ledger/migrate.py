"""Migrations: numbered SQL files, each applied once, under a lock, checked by hash."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from ledger.connect import Connection

ENGINE: tuple[str, Path] = ("ledger", Path(__file__).parent / "migrations")
"""The ledger's own migrations; every service's database begins with them."""

_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_LOCK_S = 60
_STATEMENT_S = 300
# Any number of our own: all migrations of a database take turns on it.
_LOCK = 0x7468726561642E6D

_TABLE = """
create schema if not exists es;
create table if not exists es.migrations (
    source text not null,
    number integer not null,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default clock_timestamp(),
    primary key (source, number)
);
"""
_APPLIED = "select number, name, sha256 from es.migrations where source = $1"
_REMEMBER = "insert into es.migrations (source, number, name, sha256) values ($1, $2, $3, $4)"


class MigrationError(Exception):
    """The migrations and the database do not fit; the words name the file."""


@dataclass(frozen=True, slots=True)
class _File:
    number: int
    name: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


async def migrate(owner_dsn: str, sources: Sequence[tuple[str, Path]]) -> list[str]:
    """Apply what is missing of each (name, folder), in order; the names of what was applied.

    Each file is one transaction. Raises MigrationError if a file that was applied has changed or is
    gone, if one comes late between others, or if its SQL fails.
    """
    connection = await asyncpg.connect(owner_dsn, command_timeout=_STATEMENT_S)
    try:
        await connection.execute("select set_config('lock_timeout', $1, false)", f"{_LOCK_S}s")
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        await connection.execute(_TABLE)
        applied: list[str] = []
        for source, folder in sources:
            applied.extend(await _apply(connection, source, _files(folder)))
        return applied
    finally:
        await connection.close()


async def _apply(connection: Connection, source: str, files: Sequence[_File]) -> list[str]:
    there = {row["number"]: row for row in await connection.fetch(_APPLIED, source)}
    _check(source, files, {number: (row["name"], row["sha256"]) for number, row in there.items()})
    applied = []
    for file in files:
        if file.number not in there:
            try:
                async with connection.transaction():
                    await connection.execute(file.text)
                    await connection.execute(_REMEMBER, source, file.number, file.name, file.sha256)
            except asyncpg.PostgresError as error:
                raise MigrationError(f"{source}/{file.name}: {error}") from error
            applied.append(f"{source}/{file.name}")
    return applied


def _check(source: str, files: Sequence[_File], applied: dict[int, tuple[str, str]]) -> None:
    by_number = {file.number: file for file in files}
    for number, (name, sha256) in applied.items():
        file = by_number.get(number)
        if file is None:
            raise MigrationError(f"{source}/{name} was applied and its file is gone")
        if file.sha256 != sha256:
            raise MigrationError(
                f"{source}/{file.name} has changed since it was applied: write a new file instead"
            )
    last = max(applied, default=0)
    for file in files:
        if file.number < last and file.number not in applied:
            raise MigrationError(f"{source}/{file.name} comes before one that is already applied")


def _files(folder: Path) -> list[_File]:
    if not folder.is_dir():
        raise MigrationError(f"{folder} is no folder")
    files: dict[int, _File] = {}
    for path in sorted(folder.glob("*.sql")):
        named = _FILE_NAME.fullmatch(path.name)
        if named is None:
            raise MigrationError(f"{path.name}: a migration is named 0001_what_it_makes.sql")
        number = int(named[1])
        if number in files:
            raise MigrationError(f"{path.name} has the number of {files[number].name}")
        files[number] = _File(number, path.name, path.read_text())
    return list(files.values())
