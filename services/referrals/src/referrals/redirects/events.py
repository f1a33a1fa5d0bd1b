"""What can have happened to a redirect on the side that began it: its events."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn
from referrals.redirects.reasons import Ground, ReturnReason

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class RedirectOffered:
    """A referral was offered to the authority that owes the service, to answer by an instant.

    `recipient` names the consent that it rests on, None where the ground is another; `words` say
    why it is made, or why consent was not asked. `outside`: the authority has no records on this
    installation, and `how_sent` says how the worker told it. `rule`: the rule set of the time.
    """

    redirect: UUID
    referral: UUID
    child: UUID
    to: str
    to_authority: UUID
    outside: bool
    ground: Ground
    recipient: str | None
    answer_by: datetime
    rule: str
    words: MaybeWords
    how_sent: MaybeWords


@dataclass(frozen=True, slots=True)
class RedirectDelivered:
    """The other authority has the copy; nobody there has acknowledged it yet."""

    redirect: UUID


@dataclass(frozen=True, slots=True)
class RedirectAskedBack:
    """The redirect is to end unless it was acknowledged meanwhile: the other side decides."""

    redirect: UUID
    to_authority: UUID
    reason: ReturnReason


@dataclass(frozen=True, slots=True)
class RedirectTakenOver:
    """The other authority acknowledged the referral; `how` says so of one outside."""

    redirect: UUID
    child: UUID
    how: MaybeWords


@dataclass(frozen=True, slots=True)
class RedirectCameBack:
    """The redirect did not stand: the referral is again with the authority that offered it."""

    redirect: UUID
    referral: UUID
    reason: ReturnReason


RedirectEvent: TypeAlias = (
    RedirectOffered | RedirectDelivered | RedirectAskedBack | RedirectTakenOver | RedirectCameBack
)
