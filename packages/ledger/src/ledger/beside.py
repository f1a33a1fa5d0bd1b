"""The tables of a rebuild, as their owner makes, remembers, switches and drops them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from ledger import cutting
from ledger.connect import Connection
from ledger.feed import Cursor

_SHAPE = "select string_agg(es.shape_of(t::regclass), ' ' order by t) from unnest($1::text[]) t"
_STANDING = """
select bool_and(to_regclass(es.beside(t::regclass)) is not null) from unnest($1::text[]) t
"""
_FOUND = """
select run, code, shape, shards, until, position, event_id from es.rebuilds where name = $1
"""
_FORGET = "delete from es.rebuilds where name = $1"
_REMEMBER = """
insert into es.rebuilds (name, shard, shards, run, code, shape, until)
select $1, shard, $2, $3, $4, $5, $6 from generate_series(0, $2 - 1) shard
"""
_EVENTS = "select max(events) from es.rebuilds where name = $1"
_BEGIN = "select es.begin_rebuild($1::text::regclass)"
_ANALYZE = "select es.analyze_beside($1::text::regclass)"
_GUARD = "select es.protect(es.beside($1::text::regclass)::regclass)"
_SWITCH_IN = "select es.switch_in($1::text::regclass)"
_END = "select es.end_rebuild($1::text::regclass)"
_BOUND = "select set_config('lock_timeout', $1, true)"
_HOLD = "select position from es.checkpoints where name = $1 order by shard for update"
_MOVE = """
insert into es.checkpoints (name, shard, position, event_id, seen_to) values ($1, 0, $2, $3, $4)
"""
_MOVE_ALL = """
update es.checkpoints set position = $2, event_id = $3, seen_to = greatest(seen_to, $4)
 where name = $1
"""


class TablesChanged(Exception):  # noqa: N818 # named for what has happened
    """The live tables are no longer like those that were made beside them."""


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at a rebuild, from its beginning on; `at`: the places its shards stand at."""

    id: UUID
    shards: int
    until: int
    at: tuple[Cursor, ...]

    @property
    def made(self) -> int:
        """Up to where the log is made into rows, all shards taken together."""
        return sum(each.position for each in self.at) // len(self.at)


@dataclass(frozen=True, slots=True)
class End:
    """Up to where the tables beside are complete."""

    cursor: Cursor
    seen_to: int


class Beside:
    """What the owner of a read model does for its rebuild. One at a time: the caller sees to it."""

    def __init__(self, owner: Connection, name: str, tables: Sequence[str]) -> None:
        self._owner = owner
        self._name = name
        self._tables = tuple(tables)

    async def found(self, code: str) -> Run | None:
        """Return the run that may be gone on with: by the same code, for tables still the same."""
        rows = await self._owner.fetch(_FOUND, self._name)
        if not rows or len(rows) != rows[0]["shards"]:
            return None
        if (rows[0]["code"], rows[0]["shape"]) != (code, await self._shape()):
            return None
        if not await self._owner.fetchval(_STANDING, self._tables):
            return None
        at = tuple(Cursor(row["position"], row["event_id"]) for row in rows)
        return Run(rows[0]["run"], len(rows), rows[0]["until"], at)

    async def begin(self, code: str, shards: int, until: int) -> Run:
        """Make empty tables like the live ones, and remember that nothing is in them yet."""
        run = Run(uuid4(), shards, until, (Cursor(),) * shards)
        shape = await self._shape()
        async with self._owner.transaction():
            await self._owner.execute(_FORGET, self._name)
            await self._each(_BEGIN)
            await self._owner.execute(_REMEMBER, self._name, shards, run.id, code, shape, until)
        return run

    async def analyze(self) -> None:
        """Let the planner know the tables before they are asked."""
        await self._each(_ANALYZE)

    async def let_go(self) -> None:
        """Drop what was made: the next rebuild begins anew."""
        async with self._owner.transaction():
            await self._each(_END)
            await self._owner.execute(_FORGET, self._name)

    async def switch(self, catch_up: Callable[[int], Awaitable[End]], lock: str) -> int:
        """Change the tables over, in one transaction that waits for no lock longer than told.

        `catch_up` fills the tables beside up to where the live ones are; those stand still
        meanwhile. Answers how many events went in. Raises TablesChanged, and what PostgreSQL raises
        where a lock is not to be had: then nothing is changed.
        """
        async with self._owner.transaction():
            await self._owner.execute(_BOUND, lock)
            await cutting.hold(self._owner, self._name)
            held = await self._owner.fetch(_HOLD, self._name)
            end = await catch_up(max((row["position"] for row in held), default=0))
            rows = await self._owner.fetch(_FOUND, self._name)
            if {row["shape"] for row in rows} != {await self._shape()}:
                raise TablesChanged(self._name)
            events: int = await self._owner.fetchval(_EVENTS, self._name)
            await self._each(_GUARD)
            await self._each(_SWITCH_IN)
            at = end.cursor
            place = (self._name, at.position, at.event_id, end.seen_to)
            await self._owner.execute(_MOVE_ALL if held else _MOVE, *place)
            await self._owner.execute(_FORGET, self._name)
        return events

    async def _each(self, statement: str) -> None:
        for table in self._tables:
            await self._owner.execute(statement, table)

    async def _shape(self) -> str:
        shape: str = await self._owner.fetchval(_SHAPE, self._tables)
        return shape
