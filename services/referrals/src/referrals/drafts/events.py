"""What can have happened to a draft of a referral."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn


@dataclass(frozen=True, slots=True)
class DraftStarted:
    """Somebody began to write. `owner`: their opaque id; `enquiry`: where it came from, if any."""

    draft: UUID
    owner: str
    enquiry: UUID | None


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """The content as it stood. `number` counts the savings; `policy` is the rules' version.

    Unless it is saved again, its owner is warned at `warn_at` and it expires at `expires_at`.
    """

    draft: UUID
    number: int
    content: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="draft")]
    policy: str
    saved_at: datetime
    warn_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DraftExpiring:
    """The draft expires soon; its owner is to be warned."""

    draft: UUID
    owner: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DraftExpired:
    """The draft was neither saved nor sent in time; it can no longer be sent."""

    draft: UUID
    owner: str


@dataclass(frozen=True, slots=True)
class DraftDiscarded:
    """Its owner let go of the draft."""

    draft: UUID


@dataclass(frozen=True, slots=True)
class DraftSent:
    """The draft was received as a submission of the draft's id, and these referrals came of it."""

    draft: UUID
    referrals: tuple[UUID, ...]


DraftEvent: TypeAlias = (
    DraftStarted | DraftSaved | DraftExpiring | DraftExpired | DraftDiscarded | DraftSent
)
EVENTS = (DraftStarted, DraftSaved, DraftExpiring, DraftExpired, DraftDiscarded, DraftSent)
