"""What the shell itself records in every store: who read sealed data, what was left out."""

from dataclasses import dataclass
from uuid import UUID

from ledger.registry import Registry

ACCESS = "access"
OPERATIONS = "operations"
RELAY = "relay"
"""The consumer that is the service's own relay, as checkpoints and parked streams name it."""

OWN_CATEGORIES = frozenset({ACCESS, OPERATIONS})


@dataclass(frozen=True, slots=True)
class SealedDataRead:
    """A person, or a service on its own account, read sealed data of one subject.

    One for each request and subject, recorded before the answer leaves. `blocks` are the classes
    of data that were opened, `fields` their names, `events` of how many events they were.
    """

    subject: UUID
    reader: str
    purpose: str
    blocks: tuple[str, ...]
    fields: tuple[str, ...]
    events: int


@dataclass(frozen=True, slots=True)
class ParkedRecordSkipped:
    """An operator left out the first record of a parked stream; the stream went on without it."""

    consumer: str
    stream_id: UUID
    version: int
    reason: str


OWN = Registry().register(ACCESS, SealedDataRead).register(OPERATIONS, ParkedRecordSkipped)
