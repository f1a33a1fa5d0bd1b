"""What every event store promises: the contract that its implementations share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from ledger.commands import Answer, AppendCommand, Claim, Duplicate, Loaded, Snapshot, StoredEvent

READ_LIMIT = 1_000
"""How many events `read` answers at most, unless it is told otherwise."""

HEAD_ONLY = 2**31 - 1
"""In `load(after=…)`: give the head of a stream and none of its events."""

NOTHING_KNOWN: Mapping[UUID, int] = MappingProxyType({})

NO_FOLDS: Mapping[UUID, str] = MappingProxyType({})


class StoreUnavailable(Exception):  # noqa: N818 # named for the state that the caller finds
    """The store cannot be reached or took too long.

    An append is then *in doubt*: it may be committed. The same command id sent again tells.
    """


class StoreFault(Exception):  # noqa: N818 # named for what it is
    """The database refused a statement: a fault of the program, and nothing was written.

    The words hold the kind of the fault alone; the database's own might quote what was sent.
    """


class NotInScope(Exception):  # noqa: N818 # named for what was found
    """The authority asked for is not in the caller's scope."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What a command needs to know first: the store's clock, and whether it was accepted before."""

    now: datetime
    duplicate: Duplicate | None


class Store(Protocol):
    """Streams of events, each written at its end only, and claims that are unique across them."""

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append the commands in one transaction; one answer each, in the order given.

        A command has all of its effects or none. Commands on one stream form a chain, each made on
        the outcome of the one before, and stand or fall as one; a command over several streams
        shares none of them with another. No two share a command id, or a claim that is taken.
        Raises StoreUnavailable when in doubt.
        """

    async def begin(self, tenant: UUID, scope: frozenset[UUID], command_id: UUID | None) -> Begun:
        """Read the clock and look a command id up. Raises NotInScope, StoreUnavailable."""

    async def load(
        self,
        tenant: UUID,
        scope: frozenset[UUID],
        stream_ids: Sequence[UUID],
        command_id: UUID | None = None,
        after: Mapping[UUID, int] = NOTHING_KNOWN,
        folds: Mapping[UUID, str] = NO_FOLDS,
    ) -> dict[UUID, Loaded]:
        """Read streams as of one moment, in one round trip; `after`: versions already known.

        `folds`: by stream, the fold of which a snapshot may stand for the stream's beginning.
        A stream that is not there is loaded as version 0. Raises NotInScope, StoreUnavailable.
        """

    async def keep_snapshot(self, tenant: UUID, stream_id: UUID, snapshot: Snapshot) -> None:
        """Keep a snapshot in the place of an older one, or of one of another fold."""

    async def holder(self, tenant: UUID, claim: Claim) -> UUID | None:
        """Return the stream that holds a claim."""

    async def read(
        self, tenant: UUID, stream_id: UUID, after_version: int = 0, limit: int = READ_LIMIT
    ) -> list[StoredEvent]:
        """Read a stream's events in order, after a version."""
