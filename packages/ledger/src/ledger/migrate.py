"""Migrations: numbered SQL files, each applied once, under a lock, checked by hash."""

from collections.abc import Sequence
from pathlib import Path

ENGINE: tuple[str, Path] = ("ledger", Path(__file__).parent / "migrations")
"""The ledger's own migrations; every service's database begins with them."""


class MigrationError(Exception):
    """The migrations and the database do not fit; the words name the file."""


async def migrate(owner_dsn: str, sources: Sequence[tuple[str, Path]]) -> list[str]:
    """Apply what is missing of each (name, folder), in order; the names of what was applied."""
    raise NotImplementedError
