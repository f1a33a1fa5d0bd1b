"""For tests: a recorder that remembers, and a value sealed in a few words."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ledger.personal import Block, Handle, OpenBlock
from vault.access import Access, Opening
from vault.vault import Vault

STREAM = UUID(int=7)


class Remembered:
    """A recorder that keeps the accesses in a list; with `fails` set it raises that instead."""

    def __init__(self) -> None:
        self.accesses: list[tuple[Access, Sequence[Opening]]] = []
        self.fails: Exception | None = None

    async def __call__(self, access: Access, openings: Sequence[Opening]) -> None:
        """Remember an access."""
        if self.fails is not None:
            raise self.fails
        self.accesses.append((access, openings))


async def sealed(
    vault: Vault,
    tenant: UUID,
    subject: UUID,
    block: Block = Block.IDENTITY,
    version: int = 3,
    **fields: object,
) -> list[Handle[Any]]:
    """Seal fields as one event's only block; answer a handle for each, in their order."""
    blocks = await vault.seal(
        tenant, STREAM, version, "PersonNamed", 1, [OpenBlock(subject, block, fields)]
    )
    return [Handle(blocks[0], name) for name in fields]
