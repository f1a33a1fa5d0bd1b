"""What a keyring is: the place that keeps wrapped keys, and nothing that could unwrap them.

A keyring decides two things for all processes together: which key there is for a name (the first
one offered, whoever else offers at the same time) and that a shredded subject never gets one again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
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
    """An authority key, wrapped by the root key. The highest version wraps what is new."""

    tenant: UUID
    version: int
    key_id: UUID
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DataRow:
    """A data key, wrapped by a version of its authority's key."""

    name: KeyName
    key_id: UUID
    authority_version: int
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IndexRow:
    """The key of one kind of blind index at one authority, wrapped as data keys are."""

    tenant: UUID
    kind: str
    key_id: UUID
    authority_version: int
    wrapped: bytes = field(repr=False)


class NoKey(Enum):
    """Why a name has no key to give."""

    SHREDDED = "shredded"
    NOT_GRANTED = "not-granted"
    ABSENT = "absent"


Found: TypeAlias = DataRow | NoKey


class Keyring(Protocol):
    """Keeps wrapped keys. Every method is one round trip and safe to repeat.

    All raise KeyringUnavailable where the answer did not come in time.
    """

    async def authority_keys(self, tenant: UUID) -> Sequence[AuthorityRow]:
        """Return the authority's keys by version, lowest first."""

    async def offer_authority_key(self, offered: AuthorityRow) -> Sequence[AuthorityRow]:
        """Keep a key unless there is one of its version; answer all there are now."""

    async def offer(self, offered: Sequence[DataRow]) -> Mapping[KeyName, Found]:
        """Keep each key whose name has none; answer what each name has now (never ABSENT)."""

    async def find(self, names: Sequence[KeyName]) -> Mapping[KeyName, Found]:
        """Return what each name has."""

    async def offer_index_key(self, offered: IndexRow) -> IndexRow | NoKey:
        """Keep the key of a kind of blind index unless there is one; answer the one there is."""

    async def shred(self, tenant: UUID, subject: UUID) -> int:
        """Delete all of a subject's keys, for ever; answer how many there were."""
