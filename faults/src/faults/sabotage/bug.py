"""A planted bug: what it does, where it is put, and which programme must catch it."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Edit:
    """Other words in a function's source. Where the old words are not there, planting fails."""

    module: str
    function: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Value:
    """Another value for a name of a module: in its text the old words become the new ones."""

    module: str
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Function:
    """Other words in a function of the database, as it is once migrations are done."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that the owner of a service's database carries out after its migrations."""

    sql: str


Change: TypeAlias = Edit | Value | Function | Statement


@dataclass(frozen=True, slots=True)
class Bug:
    """`programme`: tests (files or node ids) of which at least one must fail, none without it.

    `campaign F01 F03` is a short campaign with these classes, judged by the checker.
    """

    name: str
    what: str
    changes: tuple[Change, ...]
    programme: tuple[str, ...]
