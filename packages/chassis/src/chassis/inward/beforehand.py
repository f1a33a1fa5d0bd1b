"""A store for the commands of one batch, of which it is known which were accepted before."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from uuid import UUID

from ledger.commands import Answer, AppendCommand, Duplicate, Snapshot, StoredEvent
from ledger.looking import Found, Wanted
from ledger.store import READ_LIMIT, Store


class Beforehand:
    """Asks the store for no command id that was looked up with what was heard of the batch."""

    def __init__(
        self,
        store: Store,
        accepted: Mapping[tuple[UUID, UUID], Duplicate],
        looked_up: AbstractSet[tuple[UUID, UUID]],
    ) -> None:
        self._store = store
        self._accepted = accepted
        self._looked_up = looked_up

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append as the store does."""
        return await self._store.append(batch)

    async def look(self, tenant: UUID, scope: frozenset[UUID], wanted: Wanted) -> Found:
        """Read what is wanted, but for commands of which it is known what became of them."""
        unknown = [each for each in wanted.commands if (tenant, each) not in self._looked_up]
        found = await self._store.look(tenant, scope, replace(wanted, commands=unknown))
        known = {
            each: self._accepted[tenant, each]
            for each in wanted.commands
            if (tenant, each) in self._accepted
        }
        return replace(found, accepted={**found.accepted, **known}) if known else found

    async def keep_snapshot(self, tenant: UUID, stream_id: UUID, snapshot: Snapshot) -> None:
        """Keep a snapshot as the store does."""
        await self._store.keep_snapshot(tenant, stream_id, snapshot)

    async def read(
        self, tenant: UUID, stream_id: UUID, after_version: int = 0, limit: int = READ_LIMIT
    ) -> list[StoredEvent]:
        """Read a stream's events in order, after a version."""
        return await self._store.read(tenant, stream_id, after_version, limit)

    async def of_case(self, tenant: UUID, case_id: UUID) -> dict[UUID, str]:
        """Return the streams of a case as the store does."""
        return await self._store.of_case(tenant, case_id)

    async def claimed(self, tenant: UUID, kind: str, limit: int) -> frozenset[str]:
        """Return the values of a kind that streams hold as the store does."""
        return await self._store.claimed(tenant, kind, limit)
