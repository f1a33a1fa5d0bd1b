"""Sealing, opening, shredding: the one place where personal data is plain and keys are at hand."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from ledger.personal import Block, OpenBlock, Personal, SealedBlock
from vault.access import Access, Recorder
from vault.keyring import Keyring
from vault.keys import RootKey


class Vault:
    """Seals and opens personal data with keys of a keyring, cached for at most 60 seconds.

    `record` is called for every reading of sealed data before anything is returned. A shred takes
    effect here at once, and in every other process within those 60 seconds.
    """

    def __init__(self, keyring: Keyring, root: RootKey, record: Recorder) -> None:
        raise NotImplementedError

    async def warm(self, tenant: UUID, keys: Iterable[tuple[UUID, Block]]) -> None:
        """Get or make the keys of many (subject, block) in one round trip."""
        raise NotImplementedError

    async def seal(  # noqa: PLR0917 # an event's address has five parts
        self,
        tenant: UUID,
        stream_id: UUID,
        version: int,
        type: str,  # noqa: A002 # the column's name
        schema_version: int,
        blocks: Sequence[OpenBlock],
    ) -> list[SealedBlock]:
        """Seal the personal blocks of one event, in their order.

        Raises NotGranted, SubjectShredded or KeyringUnavailable.
        """
        raise NotImplementedError

    async def open(self, values: Sequence[Personal[Any]], access: Access) -> list[object]:
        """Record the access, then return the plain values, in order.

        A `Plain` answers its own value. A shredded subject's answers `Shredded`. Raises
        ReadRefused (nothing is opened), NotGranted, SealBroken or KeyringUnavailable.
        """
        raise NotImplementedError

    async def shred(self, tenant: UUID, subject: UUID) -> int:
        """Destroy a subject's data keys for ever; answer how many there were.

        Its blind indexes stand in claims, which are the caller's to release.
        """
        raise NotImplementedError

    async def blind_index(self, tenant: UUID, kind: str, normalised: str) -> str:
        """Return the blind index of a normalised text, 32 hex characters.

        Equal for equal texts within (authority, kind), and telling nothing elsewhere.
        """
        raise NotImplementedError
