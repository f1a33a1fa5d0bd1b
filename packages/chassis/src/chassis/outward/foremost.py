"""What goes out before other news that waits: the end of a sharing, with what its key had before.

A record may come twice, and none may overtake another of its key. So not the one event goes ahead,
but all of its key that were not handed over yet, up to it; in their turn they go once more.
"""

from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID

from pydantic_core import from_json

from ledger import checkpoints
from ledger.commands import StoredEvent
from ledger.connect import ACQUIRE_S, Connection
from ledger.threads import PROJECTION as THREADS

if TYPE_CHECKING:
    from chassis.runtime import Runtime

MOST: Final = 1_000
"""Of a key, and of all keys, that goes ahead at once; where there is more it waits its turn."""

_FIRST = """
select e.position, e.tenant, e.stream_id, e.version, e.event_id, e.command_id, e.type,
       e.schema_version, e.occurred_at, e.occurred_precision, e.recorded_at, e.payload, e.sealed,
       e.metadata, e.blinding, e.leaf_hash
  from es.events e
 where e.position > $1 and e.position <= $2 and e.type = any($3)
 order by e.position
 limit $4
"""

_OF_STREAM = """
select e.position, e.tenant, e.stream_id, e.version, e.event_id, e.command_id, e.type,
       e.schema_version, e.occurred_at, e.occurred_precision, e.recorded_at, e.payload, e.sealed,
       e.metadata, e.blinding, e.leaf_hash
  from es.events e
 where e.tenant = $1 and e.stream_id = $2 and e.position > $3 and e.position <= $4
 order by e.version
 limit $5
"""

_OF_CASE = """
select e.position, e.tenant, e.stream_id, e.version, e.event_id, e.command_id, e.type,
       e.schema_version, e.occurred_at, e.occurred_precision, e.recorded_at, e.payload, e.sealed,
       e.metadata, e.blinding, e.leaf_hash
  from es.threads t
 cross join lateral (
       select * from es.events e
        where e.tenant = t.tenant and e.position >= t.position and e.position <= t.position
        order by e.position limit 1) e
 where t.tenant = $1 and t.thread = $2 and t.position > $3 and t.position <= $4
 order by t.position
 limit $5
"""


class Foremost(Protocol):
    """Knows of news further on in the log that waits for no other."""

    async def beyond(self, after: int, since: int, until: int) -> list[list[StoredEvent]]:
        """Return what goes first, by key, in its order.

        Of each key in which such news stands between `since` and `until`, all events after `after`
        up to it.
        """


class NothingFirst:
    """Stands where all news goes in its turn."""

    async def beyond(self, after: int, since: int, until: int) -> list[list[StoredEvent]]:  # noqa: ARG002 # the protocol's
        """Return nothing."""
        return []


class PostgresForemost:
    """Looks in the service's own store; what it cannot tell to be whole goes in its turn."""

    def __init__(self, runtime: "Runtime") -> None:
        self._pool = runtime.worker_pool
        self._types = sorted(runtime.service.first)

    async def beyond(self, after: int, since: int, until: int) -> list[list[StoredEvent]]:
        """Return what goes first, by key."""
        if not self._types:
            return []
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            rows = await connection.fetch(_FIRST, since, until, self._types, MOST)
            last: dict[tuple[UUID, UUID, bool], int] = {}
            for each in (StoredEvent(*row) for row in rows):
                last[_key(each)] = each.position
            threads = await checkpoints.seen_to(connection, (THREADS.name,)) if last else 0
            found = [
                await _before(connection, key, after, position)
                for key, position in last.items()
                # A thread that lags may lack what came before.
                if not key[2] or threads >= position
            ]
        return [each for each in found if each]


async def _before(
    connection: Connection, key: tuple[UUID, UUID, bool], after: int, until: int
) -> list[StoredEvent]:
    tenant, known_as, is_case = key
    statement = _OF_CASE if is_case else _OF_STREAM
    rows = await connection.fetch(statement, tenant, known_as, after, until, MOST)
    if len(rows) == MOST:
        return []
    found = [StoredEvent(*row) for row in rows]
    # Of a case's thread, what has the case in its key.
    return [each for each in found if _key(each) == key]


def _key(stored: StoredEvent) -> tuple[UUID, UUID, bool]:
    """Return what the key of an event's record is made of: a case, or a stream without one."""
    case_id = from_json(stored.metadata).get("case_id")
    return stored.tenant, UUID(case_id) if case_id else stored.stream_id, case_id is not None
