"""A store whose readings go together: what is wanted during a reading goes in the next one."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from ledger.commands import Answer, AppendCommand, Claim, Loaded, Snapshot, StoredEvent
from ledger.looking import Found, Wanted
from ledger.store import READ_LIMIT, NotInScope, Store, StoreFault

K = TypeVar("K")
V = TypeVar("V")

TOGETHER = 256
"""Who may share one reading at most; the others go in the next."""


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One reading that somebody waits for."""

    wanted: Wanted
    answer: "asyncio.Future[Found]"

    def told(self, found: Found) -> None:
        if not self.answer.done():
            self.answer.set_result(_part(found, self.wanted))

    def failed(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


class Gathering:
    """A store in front of another one. Of an authority one reading is under way at a time.

    A lone reading waits for nobody, and shares nobody's fate: others neither wait for its caller
    nor end with it. Whoever asks sees what the store held after he asked.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked: dict[UUID, list[_Asked]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append as the store does."""
        return await self._store.append(batch)

    async def look(self, tenant: UUID, scope: frozenset[UUID], wanted: Wanted) -> Found:
        """Read what is wanted, together with what others want of the same authority."""
        if tenant not in scope:
            raise NotInScope(tenant)
        waiting = self._asked.get(tenant)
        if waiting is not None:
            asked = _Asked(wanted, asyncio.get_running_loop().create_future())
            waiting.append(asked)
            return await asked.answer
        self._asked[tenant] = []
        try:
            return await self._look(tenant, wanted)
        finally:
            self._go_on(tenant)

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

    async def _look(self, tenant: UUID, wanted: Wanted) -> Found:
        # Nobody's other authorities are in scope of what is read for several.
        return await self._store.look(tenant, frozenset([tenant]), wanted)

    def _go_on(self, tenant: UUID) -> None:
        """Read what was asked for meanwhile, or leave the authority to who comes next."""
        waiting = [each for each in self._asked.pop(tenant) if not each.answer.done()]
        if waiting:
            self._asked[tenant] = waiting[TOGETHER:]
            task = asyncio.create_task(
                self._read(tenant, waiting[:TOGETHER]), name="gathered reading"
            )
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read(self, tenant: UUID, asked: Sequence[_Asked]) -> None:
        try:
            found = await self._look(tenant, _together(each.wanted for each in asked))
        except StoreFault as fault:
            if len(asked) == 1:
                asked[0].failed(fault)
            else:
                # One of them wants what cannot be asked for: it fails alone.
                await asyncio.gather(*(self._read_alone(tenant, each) for each in asked))
        except Exception as error:  # noqa: BLE001 # whoever asked is told
            for each in asked:
                each.failed(error)
        else:
            for each in asked:
                each.told(found)
        finally:
            self._go_on(tenant)

    async def _read_alone(self, tenant: UUID, asked: _Asked) -> None:
        try:
            asked.told(await self._look(tenant, asked.wanted))
        except Exception as error:  # noqa: BLE001 # whoever asked is told
            asked.failed(error)


def _together(wanted: Iterable[Wanted]) -> Wanted:
    """Return one reading that holds several; of a stream that two want, the longer part."""
    streams: dict[UUID, int] = {}
    folds: dict[UUID, set[str]] = {}
    commands: dict[UUID, None] = {}
    claims: dict[Claim, None] = {}
    for each in wanted:
        commands.update(dict.fromkeys(each.commands))
        claims.update(dict.fromkeys(each.claims))
        for stream, version in each.streams.items():
            streams[stream] = min(version, streams.get(stream, version))
            folds.setdefault(stream, set()).add(each.folds.get(stream, ""))
    # A snapshot is of use only where all want the same.
    one_fold = {stream: fold for stream, [fold, *more] in folds.items() if fold and not more}
    return Wanted(streams, one_fold, [*commands], [*claims])


def _part(found: Found, wanted: Wanted) -> Found:
    """Return what one of several wanted."""
    return Found(
        found.now,
        {each: _behind(found.streams[each], known) for each, known in wanted.streams.items()},
        _only(found.accepted, wanted.commands),
        _only(found.holders, wanted.claims),
    )


def _only(found: Mapping[K, V], keys: Iterable[K]) -> dict[K, V]:
    return {each: found[each] for each in keys if each in found}


def _behind(loaded: Loaded, version: int) -> Loaded:
    """Return a stream without the events that are known already."""
    if not loaded.events or loaded.events[0].version > version:
        return loaded
    return replace(loaded, events=tuple(each for each in loaded.events if each.version > version))
