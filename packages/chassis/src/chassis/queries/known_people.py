"""Who knows whom, as the services whose facts these are told it: he finds nothing of theirs.

A service that hears of it keeps two tables, which it makes in its migrations: `read.known_people`
(tenant, source, worker, known, whole), by the stream that says so, and `read.belonging` (tenant,
holder, member): who and what belongs to somebody or something that may be known.
"""

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from pydantic_core import from_json

from chassis.edge.malformed import a_uuid
from chassis.identity.policy import Facts, FactsSource
from chassis.queries.history import asked_of
from chassis.queries.reading import scoped
from ledger.connect import Connection
from ledger.writes import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chassis.identity.tokens import Caller
    from chassis.runtime import Runtime
    from ledger.commands import StoredEvent

# `whole`: with all to which the one who is known belongs.
KNOWS: Final = Statement(
    "known-people-knows",
    """
    insert into read.known_people (tenant, source, worker, known, whole)
    values ($1, $2, $3, $4, $5)
    on conflict (tenant, source) do update
       set worker = excluded.worker, known = excluded.known, whole = excluded.whole
    """,
)
KNOWS_NOT: Final = Statement(
    "known-people-knows-not", "delete from read.known_people where tenant = $1 and source = $2"
)
BELONGS: Final = Statement(
    "known-people-belongs",
    """
    insert into read.belonging (tenant, holder, member) values ($1, $2, $3) on conflict do nothing
    """,
    key=(0, 1, 2),
)

_OF_KNOWN: Final = """
with known as (
     select known, whole from read.known_people where tenant = $1 and worker = $2),
held as (
     select known as id from known
      union
     select b.holder from known k join read.belonging b on b.tenant = $1 and b.member = k.known
      where k.whole),
everybody as (
     select id from held
      union
     select b.member from held h join read.belonging b on b.tenant = $1 and b.holder = h.id)
select id from everybody
"""


def past_facts(runtime: "Runtime") -> FactsSource:
    """Look up whether the caller knows anybody whom a fact is about whose past he asks for."""

    async def look_up(caller: "Caller", _method: str, request: Any) -> Facts:
        tenant = a_uuid("context.authority", request.context.authority)
        async with scoped(runtime.rows.pool, tenant) as rows:
            known = await of_known(rows, tenant, caller)
        # Nearly everybody knows nobody: whose past it is need not be looked up.
        if not known:
            return Facts()
        async with runtime.rows.complete(tenant) as reading:
            named = named_in(await asked_of(reading, request))
        return Facts(denied=not named.isdisjoint(known))

    return look_up


async def of_known(rows: Connection, tenant: UUID, caller: "Caller") -> list[UUID]:
    """Return all that belongs to whom a caller knows: none of it is there for him."""
    worker = _worker(caller)
    # Whom a service or a system knows nobody can say.
    if worker is None:
        return []
    return [row["id"] for row in await rows.fetch(_OF_KNOWN, tenant, worker)]


def named_in(stored: "Iterable[StoredEvent]") -> frozenset[UUID]:
    """Return every id that facts name: whom they are about, in which file, and of what they tell.

    Of what an id is need not be known: none is two things.
    """
    return frozenset(
        found
        for each in stored
        for document in (each.metadata, each.payload)
        for found in _ids(from_json(document))
    )


def _ids(value: Any) -> "Iterator[UUID]":
    match value:
        case dict():
            for each in value.values():
                yield from _ids(each)
        case list():
            for each in value:
                yield from _ids(each)
        case str():
            found = _uuid(value)
            if found is not None:
                yield found
        case _:
            pass


def _worker(caller: "Caller") -> UUID | None:
    return _uuid(caller.actor.id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
