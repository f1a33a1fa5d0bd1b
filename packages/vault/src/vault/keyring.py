"""What a keyring is: the place that keeps wrapped keys, and nothing that could unwrap them.

A keyring decides two things for all processes together: which key there is for a name (the first
one offered, whoever else offers at the same time) and that a shredded subject never gets one again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from uuid import UUID

from ledger.personal import Block


@dataclass(frozen=True, slots=True)
class KeyName:
    """What a data key is for: one class of one subject's data, at one authority."""

    tenant: UUID
    subject: UUID
    block: Block


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """An authority key, wrapped by the root key."""

    tenant: UUID
    version: int
    key_id: UUID
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class DataRow:
    """A data key, wrapped by a version of its authority's key."""

    name: KeyName
    key_id: UUID
    authority_version: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class IndexRow:
    """The key of one kind of blind index at one authority, wrapped as data keys are."""

    tenant: UUID
    kind: str
    key_id: UUID
    authority_version: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Gone:
    """The subject of this name is shredded."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """The block of this name is not granted to this service."""


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no key of this name (only `find` answers so)."""


Offered: TypeAlias = DataRow | Gone | Withheld
Found: TypeAlias = DataRow | Gone | Withheld | Absent


class Keyring(Protocol):
    """Keeps wrapped keys. Every method is one round trip and safe to repeat.

    Raises KeyringUnavailable where the answer did not come in time.
    """

    async def authority_keys(self, offered: AuthorityRow) -> Sequence[AuthorityRow]:
        """Return an authority's keys by version; keep the one offered if there was none."""

    async def offer(self, offered: Sequence[DataRow]) -> Mapping[KeyName, Offered]:
        """Keep each key whose name has none; answer the key that each name has now."""

    async def find(self, names: Sequence[KeyName]) -> Mapping[KeyName, Found]:
        """Return the keys of these names."""

    async def index_key(self, offered: IndexRow) -> IndexRow | Withheld:
        """Return the key of a kind of blind index; keep the one offered if there was none."""

    async def shred(self, tenant: UUID, subject: UUID) -> int:
        """Delete all of a subject's keys, for ever; answer how many there were."""
