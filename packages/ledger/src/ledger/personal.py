"""Personal values in event types: plain while a command is decided, sealed ever after.

An event type marks each personal field with its block and the field that names the subject:

    given_name: Annotated[Personal[str], SealedIn(Block.IDENTITY, of="person")]

In a decision the field holds `Plain(value)`; the shell seals it before the append. What is read
back holds a `Handle`: where the sealed block is and which field of it; only `vault` opens one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

T = TypeVar("T")


class Block(StrEnum):
    """The classes of personal data; each (subject, block) has a key of its own."""

    IDENTITY = "identity"
    ADDRESS = "address"
    CONTACT = "contact"
    HEALTH = "health"
    NARRATIVE = "narrative"
    BIRTH_FAMILY = "birth-family"
    PRE_ADOPTION_LINK = "pre-adoption-link"


@dataclass(frozen=True, slots=True)
class SealedIn:
    """Marks a personal field: its block, and the event's field that holds the subject's id."""

    block: Block
    of: str


@dataclass(frozen=True, slots=True, repr=False)
class Plain(Generic[T]):
    """A personal value on its way in. Its repr shows nothing. JSON-able: text, or None."""

    value: T

    def __repr__(self) -> str:
        return "Plain(…)"


@dataclass(frozen=True, slots=True)
class SealedBlock:
    """One sealed block and all that its opening is bound to; safe to copy."""

    tenant: UUID
    stream_id: UUID
    version: int
    type: str
    schema_version: int
    subject: UUID
    block: Block
    key_id: UUID
    nonce: bytes
    ciphertext: bytes
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Handle(Generic[T]):
    """A personal value that is sealed: the block that holds it and the field's name in there."""

    sealed: SealedBlock
    field: str


Personal: TypeAlias = Plain[T] | Handle[T]


@dataclass(frozen=True, slots=True)
class OpenBlock:
    """The personal fields of one event for one (subject, block), before they are sealed."""

    subject: UUID
    block: Block
    fields: Mapping[str, object] = field(repr=False)
