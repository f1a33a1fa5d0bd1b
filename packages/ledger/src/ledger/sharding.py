"""Which shard an event falls to: a log is followed in parallel, each key's events in order."""

import re
from enum import Enum, auto
from uuid import UUID

from ledger.commands import StoredEvent

MOST_SHARDS = 64

# As encode_metadata writes it. Within a JSON string each quote is escaped, so no value looks so.
_CASE = re.compile(rb'"case_id":"([0-9a-f-]{36})"')


class By(Enum):
    """What keeps its order when a read model is filled in shards.

    STREAM: no row is written from two streams. CASE: no row is written from two cases, nor from a
    case and from what belongs to none.
    """

    STREAM = auto()
    CASE = auto()


def shard_of(stored: StoredEvent, by: By, shards: int) -> int:
    """Return the shard of an event: the same for all events of its stream, or of its case."""
    if by is By.CASE and (found := _CASE.search(stored.metadata)):
        return UUID(found[1].decode()).int % shards
    return stored.stream_id.int % shards
