"""What can be asked of a transfer on the side that has the case, with what was looked up for it."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from casework.cases.case import Case
from casework.transfers.codes import Ground, Kind, Part, Reason, RefuseReason, RevokeReason
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class Whither:
    """To whom: a team, an authority's code, or an agency's; `authority` where it keeps a record."""

    kind: Kind
    to: str
    authority: UUID | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """The family's consent to share with those to whom it goes was looked up, and holds."""


@dataclass(frozen=True, slots=True)
class NotAgreed:
    """No such consent holds."""


Consented: TypeAlias = Agreed | NotAgreed


@dataclass(frozen=True, slots=True)
class Offer:
    """Offer the case; the case and the consent were looked up."""

    transfer: UUID
    case: Case
    whither: Whither
    ground: Ground
    consent: Consented
    reason: Reason
    parts: frozenset[Part]
    words: Plain[str | None]


@dataclass(frozen=True, slots=True)
class Revoke:
    """Take the offer back."""

    reason: RevokeReason


@dataclass(frozen=True, slots=True)
class NoteGivenBack:
    """The other authority let go of it, unanswered."""

    transfer: UUID


@dataclass(frozen=True, slots=True)
class NoteRefused:
    """Those to whom it was offered refused it; for an authority, as heard from it."""

    transfer: UUID
    reason: RefuseReason


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A team or agency accepts. `lead`: who leads in the team, None at an agency."""

    lead: UUID | None


@dataclass(frozen=True, slots=True)
class PassCustody:
    """A worker of the other authority accepted it: pass the case on; the case was looked up."""

    transfer: UUID
    case: Case
    from_authority: UUID
    lead: UUID
    accepted_by: UUID


@dataclass(frozen=True, slots=True)
class NoteBack:
    """Another authority passed the case on to this one, by that event."""

    transfer: UUID
    by: UUID


TransferCommand: TypeAlias = (
    Offer | Revoke | NoteGivenBack | NoteRefused | TakeOver | PassCustody | NoteBack
)
