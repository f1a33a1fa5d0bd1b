"""From names to keys ready for use: authority keys are unwrapped once, data keys under them."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias
from uuid import UUID

from vault.access import SealBroken
from vault.cache import KeyCache
from vault.keyring import DataRow, Found, IndexRow, KeyName, Keyring, NoKey
from vault.keys import AuthorityKey, DataKey, IndexKey, RootKey
from vault.together import Together

CACHED_AUTHORITIES: Final = 1_000

Held: TypeAlias = DataKey | NoKey | SealBroken
"""What asking for a key comes to; SealBroken where its row was altered."""


class KeySource:
    """Gets keys from a keyring and unwraps them. What many ask at once is asked once."""

    def __init__(self, keyring: Keyring, root: RootKey, cache_seconds: float) -> None:
        self._keyring, self._root = keyring, root
        self._authorities: KeyCache[UUID, Mapping[int, AuthorityKey]] = KeyCache(
            CACHED_AUTHORITIES, cache_seconds
        )
        self._indexes: KeyCache[tuple[UUID, str], IndexKey] = KeyCache(
            CACHED_AUTHORITIES, cache_seconds
        )
        self.finding: Together[KeyName, Held] = Together(self._find)
        self.making: Together[KeyName, Held] = Together(self._make)

    async def index_key(self, tenant: UUID, kind: str) -> IndexKey | NoKey:
        """Get or make the key of a kind of blind index."""
        cached = self._indexes.get((tenant, kind))
        if cached is not None:
            return cached
        ticket = self._indexes.loading()
        offered = (await self._newest(tenant)).new_index_key(kind)
        row = await self._keyring.offer_index_key(offered)
        if not isinstance(row, IndexRow):
            return row
        key = (await self._authority(tenant, row.authority_version)).unwrap_index_key(row)
        self._indexes.put(ticket, [((tenant, kind), key)])
        return key

    async def _find(self, names: Sequence[KeyName]) -> Mapping[KeyName, Held]:
        return await self._unwrap(await self._keyring.find(names))

    async def _make(self, names: Sequence[KeyName]) -> Mapping[KeyName, Held]:
        """Get or make keys. Who wins, when two offer one for the same name, the keyring says."""
        held: dict[KeyName, Held] = {}
        offered: list[DataRow] = []
        for name in names:
            try:
                offered.append((await self._newest(name.tenant)).new_data_key(name))
            except SealBroken as broken:
                # One authority's trouble is not that of the others in the batch.
                held[name] = broken
        if offered:
            held.update(await self._unwrap(await self._keyring.offer(offered)))
        return held

    async def _unwrap(self, rows: Mapping[KeyName, Found]) -> dict[KeyName, Held]:
        held: dict[KeyName, Held] = {}
        for name, row in rows.items():
            if not isinstance(row, DataRow):
                held[name] = row
                continue
            try:
                authority = await self._authority(name.tenant, row.authority_version)
                held[name] = authority.unwrap_data_key(row)
            except SealBroken as broken:
                held[name] = broken
        return held

    async def _newest(self, tenant: UUID) -> AuthorityKey:
        keys = self._authorities.get(tenant) or await self._load(tenant)
        return keys[max(keys)]

    async def _authority(self, tenant: UUID, version: int) -> AuthorityKey:
        keys = self._authorities.get(tenant) or await self._load(tenant)
        if version not in keys:
            # Another process may have made a newer one since.
            keys = await self._load(tenant)
        if version not in keys:
            raise SealBroken(f"authority {tenant} has no key of version {version}")
        return keys[version]

    async def _load(self, tenant: UUID) -> Mapping[int, AuthorityKey]:
        ticket = self._authorities.loading()
        rows = await self._keyring.authority_keys(tenant)
        if not rows:
            first = AuthorityKey.new(tenant, 1, self._root)
            rows = await self._keyring.offer_authority_key(first)
        keys = {row.version: AuthorityKey.unwrap(row, self._root) for row in rows}
        self._authorities.put(ticket, [(tenant, keys)])
        return keys
