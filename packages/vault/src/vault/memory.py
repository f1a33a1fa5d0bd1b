"""A keyring in memory, for tests of `execute` and of deciders with personal fields."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from ledger.personal import Block
from vault.access import NotGranted
from vault.keyring import AuthorityRow, DataRow, Found, IndexRow, KeyName, NoKey


class MemoryKeyring:
    """Keeps wrapped keys as long as the process lives; same promises as the one on PostgreSQL."""

    def __init__(self) -> None:
        self._authority: dict[tuple[UUID, int], AuthorityRow] = {}
        self._data: dict[KeyName, DataRow] = {}
        self._index: dict[tuple[UUID, str], IndexRow] = {}
        self._shredded: set[tuple[UUID, UUID]] = set()
        self._granted = frozenset(Block)
        self._indexes = self._shreds = True

    def granting(self, blocks: Iterable[Block]) -> "MemoryKeyring":
        """Return another service's sight of this keyring: these blocks, no index, no shredding."""
        other = MemoryKeyring()
        other._authority, other._data = self._authority, self._data
        other._index, other._shredded = self._index, self._shredded
        other._granted = frozenset(blocks)
        other._indexes = other._shreds = False
        return other

    async def authority_keys(self, tenant: UUID) -> Sequence[AuthorityRow]:
        """Return the authority's keys by version, lowest first."""
        return self._versions(tenant)

    async def offer_authority_key(self, offered: AuthorityRow) -> Sequence[AuthorityRow]:
        """Keep a key unless there is one of its version; answer all there are now."""
        self._authority.setdefault((offered.tenant, offered.version), offered)
        return self._versions(offered.tenant)

    async def offer(self, offered: Sequence[DataRow]) -> Mapping[KeyName, Found]:
        """Keep each key whose name has none; answer what each name has now."""
        for row in offered:
            if self._found(row.name) is NoKey.ABSENT:
                self._data[row.name] = row
        return {row.name: self._found(row.name) for row in offered}

    async def find(self, names: Sequence[KeyName]) -> Mapping[KeyName, Found]:
        """Return what each name has."""
        return {name: self._found(name) for name in names}

    async def offer_index_key(self, offered: IndexRow) -> IndexRow | NoKey:
        """Keep the key of a kind of blind index unless there is one; answer the one there is."""
        if not self._indexes:
            return NoKey.NOT_GRANTED
        return self._index.setdefault((offered.tenant, offered.kind), offered)

    async def shred(self, tenant: UUID, subject: UUID) -> int:
        """Delete all of a subject's keys, for ever; answer how many there were."""
        if not self._shreds:
            raise NotGranted("this service may not shred")
        self._shredded.add((tenant, subject))
        names = [KeyName(tenant, subject, block) for block in Block]
        return sum(self._data.pop(name, None) is not None for name in names)

    def _versions(self, tenant: UUID) -> list[AuthorityRow]:
        return [self._authority[key] for key in sorted(self._authority) if key[0] == tenant]

    def _found(self, name: KeyName) -> Found:
        if name.block not in self._granted:
            return NoKey.NOT_GRANTED
        if (name.tenant, name.subject) in self._shredded:
            return NoKey.SHREDDED
        return self._data.get(name, NoKey.ABSENT)
