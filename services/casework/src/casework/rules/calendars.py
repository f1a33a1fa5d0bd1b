"""The calendar of working days that is in force, under a version that changes when it does."""

import tomllib
from datetime import date
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from ledger.working_days import ENGLAND_AND_WALES, Calendar


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    version: str
    added: list[date]
    removed: list[date]


def read_calendar(text: str) -> Calendar:
    """Read what sets the bank holidays right, from TOML. Raises ValueError."""
    written = _Written.model_validate(tomllib.loads(text))
    return Calendar(
        f"{ENGLAND_AND_WALES.version}/{written.version}",
        frozenset(written.added),
        frozenset(written.removed),
    )


@lru_cache
def in_force() -> Calendar:
    """Return the calendar that comes with the service."""
    return read_calendar(files(__package__).joinpath("calendar.toml").read_text(encoding="utf-8"))
