"""What came along with a case: a copy of the other authority's entries, each with its origin.

The copy is kept as it came, beside the authority's own record and never as a part of it: nobody
here vouches for it, and nothing is decided by it alone. Each entry names the event that it is a
copy of, and that event's leaf hash, so that it can be held against the log it came from.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from casework.transfers.codes import Part
from ledger.decider import Decider
from ledger.personal import Block, Personal, SealedIn


@dataclass(frozen=True, slots=True)
class Origin:
    """The event that an entry is a copy of. `leaf_hash` is in hexadecimal."""

    authority: UUID
    stream_id: UUID
    version: int
    event_id: UUID
    leaf_hash: str
    type: str
    occurred_at: datetime
    precision: str
    recorded_at: datetime
    actor_role: str


@dataclass(frozen=True, slots=True)
class EntryCopied:
    """One entry of the record of whoever held the case before, as it was written there.

    `said` are its clear fields as JSON; `narrative` and `health` its words, as JSON by field.
    """

    transfer: UUID
    case_id: UUID
    child: UUID
    part: Part
    origin: Origin
    said: str
    narrative: Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]
    health: Annotated[Personal[str | None], SealedIn(Block.HEALTH, of="child")]


@dataclass(frozen=True, slots=True)
class KeepEntries:
    """Keep entries of one stream, in the order of their versions there."""

    entries: tuple[EntryCopied, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """Up to which version the other stream is here; 0: nothing of it."""

    version: int = 0


RecordEvent: TypeAlias = EntryCopied


def decide(command: KeepEntries, copied: Copied) -> list[RecordEvent]:
    """Keep what is not here yet; what came before came once."""
    return [each for each in command.entries if each.origin.version > copied.version]


def evolve(_copied: Copied, event: RecordEvent) -> Copied:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    return Copied(event.origin.version)


DECIDER: Decider[KeepEntries, Copied, RecordEvent] = Decider(
    "TransferredRecord", Copied(), decide, evolve
)
