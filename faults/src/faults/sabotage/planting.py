"""Planting a bug: modules are changed as they are imported, databases as they are migrated.

Nothing of the shipped code knows of it. What is to be changed must be there, word for word: a bug
that finds nothing to change fails loudly, and leaves no proof that it was planted.
"""

import dataclasses
import functools
import inspect
import os
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from faults.sabotage.bug import Bug, Change, Edit, Function, Statement, Value

VARIABLE = "FAULTS_SABOTAGE"
PROOF = "FAULTS_SABOTAGE_PROOF"
"""The file that gets a line for each place where a change was made."""

SITE = Path(__file__).parent / "site"
MIGRATING = "ledger.migrate"
STARTING = "throughline_cli.running"

Plant = Callable[[ModuleType], None]


class Moved(Exception):  # noqa: N818 # named for what was found
    """What a bug would change is not there (any more): the bug must be written anew."""


def install(bug: Bug) -> None:
    """Let a bug be planted in whatever this process, and what it starts, imports from now on."""
    plants: dict[str, list[Plant]] = {}
    for change in bug.changes:
        if isinstance(change, Edit | Value):
            plants.setdefault(change.module, []).append(functools.partial(_change, change))
    in_database = [each for each in bug.changes if isinstance(each, Function | Statement)]
    if in_database:
        plants.setdefault(MIGRATING, []).append(functools.partial(_migrated, in_database))
    plants.setdefault(STARTING, []).append(_told_to_children)
    for name in plants:
        if name in sys.modules:
            raise Moved(f"{name} is imported already: too late for {bug.name}")
    sys.meta_path.insert(0, _Finder(plants))


class _Finder(MetaPathFinder):
    """Finds the modules that are to be changed, as they are, and changes them when they are run."""

    def __init__(self, plants: dict[str, list[Plant]]) -> None:
        self._plants = plants

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._plants:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Changing(spec.loader, self._plants[name])
        return spec


class _Changing(Loader):
    def __init__(self, inner: Loader, plants: Sequence[Plant]) -> None:
        self._inner = inner
        self._plants = plants

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._inner.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._inner.exec_module(module)
        for plant in self._plants:
            plant(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _change(change: Edit | Value, module: ModuleType) -> None:
    match change:
        case Edit():
            rewrite(module, change)
            _proved(f"{change.module}.{change.function}")
        case Value():
            setattr(module, change.name, other(getattr(module, change.name, None), change))
            _proved(f"{change.module}.{change.name}")


def rewrite(module: ModuleType, edit: Edit) -> None:
    """Put a function with other words in the place of one of a module. Raises Moved."""
    code = compile(respelt(module, edit), f"<sabotage of {edit.function}>", "exec")
    made: dict[str, Any] = {}
    exec(code, module.__dict__, made)  # noqa: S102 # the source is our own, with the bug's words
    *owners, name = edit.function.split(".")
    holder = functools.reduce(getattr, owners, module)
    found = getattr(holder, name)
    if inspect.isfunction(found) and not hasattr(found, "__wrapped__"):
        # Whoever holds the function already, as a list of parts does, gets the bug too.
        found.__code__ = made[name].__code__
    else:
        setattr(holder, name, made[name])


def respelt(module: ModuleType, edit: Edit) -> str:
    """Return a function's source with the bug's words. Raises Moved."""
    found: Any = module
    for name in edit.function.split("."):
        found = getattr(found, name, None)
    if found is None:
        raise Moved(f"{edit.module} has no {edit.function}")
    source = textwrap.dedent(inspect.getsource(found))
    if edit.old not in source:
        raise Moved(f"{edit.module}.{edit.function} has no words {edit.old!r}")
    return source.replace(edit.old, edit.new)


def other(value: object, change: Value) -> object:
    """Return a value with the bug's words. Raises Moved."""
    text = value if isinstance(value, str) else repr(value)
    if value is None or change.old not in text:
        raise Moved(f"{change.module}.{change.name} has no words {change.old!r}")
    made = text.replace(change.old, change.new)
    return made if isinstance(value, str) else eval(made)  # noqa: S307 # a literal of our own


def _migrated(changes: Iterable[Change], module: ModuleType) -> None:
    """Let the owner change the database each time that its migrations were applied."""
    migrate = getattr(module, "migrate", None)
    if migrate is None:
        raise Moved(f"{MIGRATING} has no migrate")

    @functools.wraps(migrate)
    async def migrate_and_change(owner: str, sources: Any) -> Any:
        done = await migrate(owner, sources)
        if any(each == module.ENGINE for each in sources):
            await _in_database(owner, changes)
        return done

    module.migrate = migrate_and_change  # type: ignore[attr-defined] # that is the point


async def _in_database(owner: str, changes: Iterable[Change]) -> None:
    import asyncpg  # noqa: PLC0415 # not before the changed modules are found

    connection = await asyncpg.connect(owner, timeout=10)
    try:
        for change in changes:
            if isinstance(change, Function):
                await connection.execute(await redefined(connection, change))
                _proved(change.name)
            elif isinstance(change, Statement):
                await connection.execute(change.sql)
                _proved(change.sql)
    finally:
        await connection.close(timeout=10)


async def redefined(connection: Any, change: Function) -> str:
    """Return a database function's definition with the bug's words. Raises Moved."""
    found = await connection.fetchval(
        "select pg_get_functiondef(p.oid) from pg_proc p"
        " join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname || '.' || p.proname = $1",
        change.name,
    )
    if found is None or change.old not in found:
        raise Moved(f"{change.name} has no words {change.old!r}")
    return str(found).replace(change.old, change.new)


def _told_to_children(module: ModuleType) -> None:
    """Let the services' processes be changed too; their environment is what they are told."""
    embedded = module.Embedded
    service = embedded.service

    @functools.wraps(service)
    def spoilt(*arguments: Any, **more: Any) -> Any:
        program = service(*arguments, **more)
        told = {name: os.environ[name] for name in (VARIABLE, PROOF) if name in os.environ}
        environment = {**program.environment, **told, "PYTHONPATH": str(SITE)}
        return dataclasses.replace(program, environment=environment)

    embedded.service = spoilt


def _proved(what: str) -> None:
    """Leave a line that says that a change was made."""
    if file := os.environ.get(PROOF):
        with Path(file).open("a", encoding="utf-8") as lines:
            lines.write(f"{os.getpid()} {what}\n")
