"""Sealing, opening, shredding: the one place where personal data is plain and keys are at hand."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from ledger.personal import Block, Handle, OpenBlock, Personal, SealedBlock
from vault.access import (
    Access,
    NotGranted,
    Opening,
    ReadRefused,
    Recorder,
    SealBroken,
    Shredded,
    SubjectShredded,
)
from vault.cache import CACHE_SECONDS, KeyCache
from vault.hierarchy import Held, KeySource
from vault.keyring import KeyName, Keyring, NoKey
from vault.keys import DataKey, RootKey
from vault.sealing import Place, broken, open_block, seal_block
from vault.together import Together

CACHED_KEYS: Final = 50_000

TURN: Final = 500
"""Blocks that are opened before whoever else waits in the process has his turn."""


class Vault:
    """Seals and opens personal data with keys of a keyring, cached for at most 60 seconds.

    `record` is called for every reading of sealed data before anything is opened. A shred takes
    effect here at once, and in every other process within those 60 seconds.
    """

    def __init__(
        self,
        keyring: Keyring,
        root: RootKey,
        record: Recorder,
        *,
        cached_keys: int = CACHED_KEYS,
        cache_seconds: float = CACHE_SECONDS,
    ) -> None:
        if not 0 <= cache_seconds <= CACHE_SECONDS:
            raise ValueError(f"keys are cached for 0 to {CACHE_SECONDS:.0f} seconds")
        self._keyring, self._record = keyring, record
        self._source = KeySource(keyring, root, cache_seconds)
        self._cache: KeyCache[KeyName, DataKey] = KeyCache(cached_keys, cache_seconds)

    async def warm(self, tenant: UUID, keys: Iterable[tuple[UUID, Block]]) -> None:
        """Get or make the keys of many (subject, block) in one round trip.

        What a seal would refuse (a shredded subject, a block not granted) is passed over here.
        """
        names = {KeyName(tenant, subject, block) for subject, block in keys}
        await self._held(names, self._source.making)

    async def seal(  # an event's address has five parts
        self,
        tenant: UUID,
        stream_id: UUID,
        version: int,
        type: str,  # noqa: A002 # the column's name
        schema_version: int,
        blocks: Sequence[OpenBlock],
    ) -> list[SealedBlock]:
        """Seal the personal blocks of one event, in their order.

        Raises NotGranted, SubjectShredded, SealBroken (a key was altered) or KeyringUnavailable.
        """
        place = Place(tenant, stream_id, version, type, schema_version)
        names = [KeyName(tenant, each.subject, each.block) for each in blocks]
        held = await self._held(names, self._source.making)
        return [
            seal_block(_sealing_key(held[name], name), place, block)
            for name, block in zip(names, blocks, strict=True)
        ]

    async def open(self, values: Sequence[Personal[Any]], access: Access) -> list[object]:
        """Record the access, then return the plain values, in order.

        A `Plain` answers its own value; a shredded subject's value is a `Shredded`. Raises
        ReadRefused (nothing is opened), NotGranted, SealBroken or KeyringUnavailable.
        """
        handles = [each for each in values if isinstance(each, Handle)]
        if not handles:
            return [each.value for each in values if not isinstance(each, Handle)]
        _allow(handles, access)
        await self._recorded(access, _openings(handles))
        opened = await self._opened({id(each.sealed): each.sealed for each in handles})
        return [
            _field(opened[id(each.sealed)], each) if isinstance(each, Handle) else each.value
            for each in values
        ]

    async def shred(self, tenant: UUID, subject: UUID) -> int:
        """Destroy a subject's data keys for ever; answer how many there were.

        Its blind indexes stand in claims, which are the caller's to release. NotGranted where this
        service may not shred.
        """
        destroyed = await self._keyring.shred(tenant, subject)
        self._cache.drop(KeyName(tenant, subject, block) for block in Block)
        return destroyed

    async def blind_index(self, tenant: UUID, kind: str, normalised: str) -> str:
        """Return the blind index of a normalised text, 32 hex characters.

        Equal for equal texts within (authority, kind), and telling nothing elsewhere. Raises
        NotGranted or KeyringUnavailable.
        """
        key = await self._source.index_key(tenant, kind)
        if isinstance(key, NoKey):
            raise NotGranted("this service may not make blind indexes")
        return key.index(normalised)

    async def _opened(
        self, blocks: Mapping[int, SealedBlock]
    ) -> dict[int, dict[str, Any] | Shredded]:
        """Open blocks, whose reading is recorded, by their identity.

        By identity, since the handles of one event share their block, and hashing it is slow.
        """
        by_key: dict[KeyName, list[SealedBlock]] = {}
        for sealed in blocks.values():
            by_key.setdefault(_name(sealed), []).append(sealed)
        held = await self._held(by_key, self._source.finding)
        opened: dict[int, dict[str, Any] | Shredded] = {}
        for name, under in by_key.items():
            for sealed in under:
                opened[id(sealed)] = _opened(held[name], sealed)
                if len(opened) % TURN == 0:
                    await asyncio.sleep(0)
        return opened

    async def _held(
        self, names: Iterable[KeyName], source: Together[KeyName, Held]
    ) -> dict[KeyName, Held]:
        held: dict[KeyName, Held] = {}
        missing: list[KeyName] = []
        for name in names:
            cached = self._cache.get(name)
            if cached is None:
                missing.append(name)
            else:
                held[name] = cached
        if missing:
            ticket = self._cache.loading()
            loaded = await source.get(missing)
            self._cache.put(
                ticket, [(name, key) for name, key in loaded.items() if isinstance(key, DataKey)]
            )
            held.update(loaded)
        return held

    async def _recorded(self, access: Access, openings: Sequence[Opening]) -> None:
        try:
            await self._record(access, openings)
        except Exception as error:
            raise ReadRefused("the access could not be recorded") from error


def _allow(handles: Iterable[Handle[Any]], access: Access) -> None:
    """Refuse an access that does not say enough, or asks for more than it says."""
    if fault := access.fault():
        raise ReadRefused(f"the access is refused: {fault}")
    for handle in handles:
        if handle.sealed.tenant != access.tenant:
            raise ReadRefused("the access is refused: the data is another authority's")
        if access.subject not in {None, handle.sealed.subject}:
            raise ReadRefused("the access is refused: the data is another subject's")


def _openings(handles: Iterable[Handle[Any]]) -> list[Opening]:
    """Say what is about to be opened, one for each subject."""
    subjects: dict[UUID, list[Handle[Any]]] = {}
    for handle in handles:
        subjects.setdefault(handle.sealed.subject, []).append(handle)
    return [
        Opening(
            subject=subject,
            blocks=tuple(sorted({each.sealed.block for each in own})),
            fields=tuple(sorted({each.field for each in own})),
            events=len({(each.sealed.stream_id, each.sealed.version) for each in own}),
        )
        for subject, own in sorted(subjects.items())
    ]


def _name(sealed: SealedBlock) -> KeyName:
    return KeyName(sealed.tenant, sealed.subject, sealed.block)


def _sealing_key(held: Held, name: KeyName) -> DataKey:
    if isinstance(held, SealBroken):
        raise held
    if held is NoKey.NOT_GRANTED:
        raise NotGranted(f"this service is not granted block {name.block.value}")
    if isinstance(held, NoKey):
        raise SubjectShredded("the subject's keys are destroyed: nothing more is sealed for it")
    return held


def _opened(held: Held, sealed: SealedBlock) -> dict[str, Any] | Shredded:
    if isinstance(held, SealBroken):
        raise held
    if held is NoKey.NOT_GRANTED:
        raise NotGranted(f"this service is not granted block {sealed.block.value}")
    if held is NoKey.ABSENT:
        raise broken(sealed, "its key is lost")
    return Shredded(sealed.block) if isinstance(held, NoKey) else open_block(held, sealed)


def _field(opened: dict[str, Any] | Shredded, handle: Handle[Any]) -> object:
    if isinstance(opened, Shredded):
        return opened
    if handle.field not in opened:
        raise broken(handle.sealed, f"it holds no field {handle.field}")
    return opened[handle.field]
