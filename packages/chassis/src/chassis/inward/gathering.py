"""A store whose readings go together: what is asked for during a reading goes in the next."""

import asyncio
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ledger.commands import Answer, AppendCommand, Claim, Duplicate, Loaded, Snapshot, StoredEvent
from ledger.store import NO_FOLDS, NOTHING_KNOWN, READ_LIMIT, Begun, Store


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One reading that somebody waits for."""

    tenant: UUID
    versions: Mapping[UUID, int]
    folds: Mapping[UUID, str]
    answer: "asyncio.Future[dict[UUID, Loaded]]"


class Gathering:
    """A store for the commands of one batch, of which it is known which were accepted before.

    One reading at a time; those that are asked for meanwhile become one, for each authority.
    Whoever asks acts for no other authority than the one he asks for.
    """

    def __init__(
        self,
        store: Store,
        accepted: Mapping[tuple[UUID, UUID], Duplicate],
        looked_up: AbstractSet[tuple[UUID, UUID]],
    ) -> None:
        self._store = store
        self._accepted = accepted
        self._looked_up = looked_up
        self._asked: list[_Asked] = []
        self._reading: asyncio.Task[None] | None = None
        self._beginning: dict[UUID, asyncio.Task[Begun]] = {}

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append as the store does."""
        return await self._store.append(batch)

    async def begin(self, tenant: UUID, scope: frozenset[UUID], command_id: UUID | None) -> Begun:
        """Read the clock and look a command id up."""
        if (tenant, command_id) not in self._looked_up:
            return await self._store.begin(tenant, scope, command_id)
        found = self._accepted.get((tenant, command_id)) if command_id else None
        return Begun(await self._clock(tenant), found)

    async def load(
        self,
        tenant: UUID,
        scope: frozenset[UUID],
        stream_ids: Sequence[UUID],
        command_id: UUID | None = None,
        after: Mapping[UUID, int] = NOTHING_KNOWN,
        folds: Mapping[UUID, str] = NO_FOLDS,
    ) -> dict[UUID, Loaded]:
        """Read streams as of one moment, together with what others ask for."""
        found: Duplicate | None = None
        if command_id is not None:
            if (tenant, command_id) not in self._looked_up:
                return await self._store.load(tenant, scope, stream_ids, command_id, after, folds)
            found = self._accepted.get((tenant, command_id))
        versions = {each: after.get(each, 0) for each in stream_ids}
        loaded = await self._ask(tenant, versions, folds)
        if found is not None:
            return {each: replace(loaded[each], duplicate=found) for each in versions}
        return loaded

    async def keep_snapshot(self, tenant: UUID, stream_id: UUID, snapshot: Snapshot) -> None:
        """Keep a snapshot as the store does."""
        await self._store.keep_snapshot(tenant, stream_id, snapshot)

    async def holder(self, tenant: UUID, claim: Claim) -> UUID | None:
        """Return the stream that holds a claim."""
        return await self._store.holder(tenant, claim)

    async def read(
        self, tenant: UUID, stream_id: UUID, after_version: int = 0, limit: int = READ_LIMIT
    ) -> list[StoredEvent]:
        """Read a stream's events in order, after a version."""
        return await self._store.read(tenant, stream_id, after_version, limit)

    async def _clock(self, tenant: UUID) -> datetime:
        """Read the clock, once for all who ask while it is being read: it is the same for all."""
        beginning = self._beginning.get(tenant)
        if beginning is None or beginning.done():
            asking = self._store.begin(tenant, frozenset([tenant]), None)
            beginning = asyncio.create_task(asking, name="gathered beginning")
            # A failure is told to whoever waits; where nobody does any more it need not be told.
            beginning.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._beginning[tenant] = beginning
        return (await asyncio.shield(beginning)).now

    async def _ask(
        self, tenant: UUID, versions: Mapping[UUID, int], folds: Mapping[UUID, str]
    ) -> dict[UUID, Loaded]:
        answer: asyncio.Future[dict[UUID, Loaded]] = asyncio.get_running_loop().create_future()
        self._asked.append(_Asked(tenant, versions, folds, answer))
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_all(), name="gathered reading")
        return await answer

    async def _read_all(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, []
            for tenant in dict.fromkeys(each.tenant for each in asked):
                await self._read(tenant, [each for each in asked if each.tenant == tenant])

    async def _read(self, tenant: UUID, asked: Sequence[_Asked]) -> None:
        # Of a stream that is asked for twice, the longer part.
        after: dict[UUID, int] = {}
        by: dict[UUID, set[str]] = {}
        for each in asked:
            for stream, version in each.versions.items():
                after[stream] = min(version, after.get(stream, version))
                by.setdefault(stream, set()).add(each.folds.get(stream, ""))
        # A snapshot is of use only where all want the same.
        folds = {stream: fold for stream, [fold, *more] in by.items() if fold and not more}
        scope = frozenset([tenant])
        try:
            loaded = await self._store.load(tenant, scope, [*after], after=after, folds=folds)
        except Exception as error:  # noqa: BLE001 # whoever asked is told
            for each in asked:
                if not each.answer.done():
                    each.answer.set_exception(error)
            return
        for each in asked:
            if not each.answer.done():
                each.answer.set_result(
                    {
                        stream: _behind(loaded[stream], version)
                        for stream, version in each.versions.items()
                    }
                )


def _behind(loaded: Loaded, version: int) -> Loaded:
    """Return a stream without the events that are known already."""
    if not loaded.events or loaded.events[0].version > version:
        return loaded
    return replace(loaded, events=tuple(each for each in loaded.events if each.version > version))
