"""A draft of a referral: saved as far as it is written, sent, let go of, or expired unsent.

Its whole content is sealed as one text under the draft's own id.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Personal
from referrals.drafts.events import (
    DraftDiscarded,
    DraftEvent,
    DraftExpired,
    DraftExpiring,
    DraftSaved,
    DraftSent,
    DraftStarted,
)

CATEGORY = "Draft"


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a draft that is saved now is kept, and by which version of the rules."""

    policy: str
    saved_at: datetime
    warn_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StartDraft:
    """Begin to write."""

    started: DraftStarted
    content: Personal[str]
    terms: Terms


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Save the whole content."""

    draft: UUID
    content: Personal[str]
    terms: Terms


@dataclass(frozen=True, slots=True)
class SaveUnchanged:
    """Save the content that is saved already."""

    draft: UUID


@dataclass(frozen=True, slots=True)
class DiscardDraft:
    """Let go of the draft."""

    draft: UUID


@dataclass(frozen=True, slots=True)
class NoteSent:
    """Note the referrals that the draft becomes."""

    draft: UUID
    referrals: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class NoteWarningDue:
    """The day to warn the owner is there."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class NoteExpiryDue:
    """The draft's time is over."""

    due_at: datetime


DraftCommand: TypeAlias = (
    StartDraft
    | SaveDraft
    | SaveUnchanged
    | DiscardDraft
    | NoteSent
    | NoteWarningDue
    | NoteExpiryDue
)


@dataclass(frozen=True, slots=True)
class NotStarted:
    """There is no such draft."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Started; in the same append it is saved."""

    started: DraftStarted


@dataclass(frozen=True, slots=True)
class Open:
    """May be written on and sent. `warned`: since it was last saved."""

    started: DraftStarted
    saved: DraftSaved
    warned: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """Received as a submission."""

    before: Open
    referrals: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Expired:
    """Its time is over."""

    before: Open


@dataclass(frozen=True, slots=True)
class Discarded:
    """Let go of."""

    before: Open


Draft: TypeAlias = NotStarted | Begun | Open | Sent | Expired | Discarded


class DraftIsSent(Refusal):
    """The draft was sent."""


class DraftIsExpired(Refusal):
    """The draft's time is over."""


class DraftIsDiscarded(Refusal):
    """The draft was let go of."""


def decide(  # noqa: C901, PLR0911 # a row of the table is a return
    command: DraftCommand, draft: Draft
) -> list[DraftEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, draft:
        case StartDraft(started=started), NotStarted():
            return [started, _saved(started.draft, 1, command.content, command.terms)]
        case SaveDraft(content=content), Open(saved=held) if content != held.content:
            return [_saved(held.draft, held.number + 1, content, command.terms)]
        case NoteWarningDue(due_at=due_at), Open(started=by, saved=held, warned=False) if (
            due_at >= held.warn_at
        ):
            return [DraftExpiring(held.draft, by.owner, held.expires_at)]
        case NoteExpiryDue(due_at=due_at), Open(started=by, saved=held) if (
            due_at >= held.expires_at
        ):
            return [DraftExpired(held.draft, by.owner)]
        case DiscardDraft(), Open(saved=held):
            return [DraftDiscarded(held.draft)]
        case NoteSent(referrals=referrals), Open(saved=held):
            return [DraftSent(held.draft, referrals)]
        # The same again is the same answer, so that callers may retry.
        case StartDraft(), Open() | Sent() | Expired() | Discarded():
            return []
        case SaveDraft() | SaveUnchanged(), Open():
            return []
        case (DiscardDraft(), Discarded()) | (NoteSent(), Sent()):
            return []
        # Saved meanwhile, or done with.
        case NoteWarningDue() | NoteExpiryDue(), Open() | Sent() | Expired() | Discarded():
            return []
        case _:
            raise _refusal(command, draft)


def evolve(draft: Draft, event: DraftEvent) -> Draft:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, draft:
        case DraftStarted(), _:
            folded: Draft = Begun(event)
        case DraftSaved(), Begun(started=started) | Open(started=started):
            folded = Open(started, event)
        case DraftExpiring(), Open():
            folded = replace(draft, warned=True)
        case DraftExpired(), Open():
            folded = Expired(draft)
        case DraftDiscarded(), Open():
            folded = Discarded(draft)
        case DraftSent(referrals=referrals), Open():
            folded = Sent(draft, referrals)
        case _:
            folded = draft
    return folded


def written(draft: Draft) -> Open | None:
    """Return the draft as it was last written, if there is one."""
    match draft:
        case NotStarted() | Begun():
            return None
        case Open():
            return draft
        case Sent(before=before) | Expired(before=before) | Discarded(before=before):
            return before
        case _:
            assert_never(draft)


DRAFT: Decider[DraftCommand, Draft, DraftEvent] = Decider(CATEGORY, NotStarted(), decide, evolve)


def _saved(draft: UUID, number: int, content: Personal[str], terms: Terms) -> DraftSaved:
    return DraftSaved(
        draft, number, content, terms.policy, terms.saved_at, terms.warn_at, terms.expires_at
    )


def _refusal(command: DraftCommand, draft: Draft) -> Refusal:
    match draft:
        case Sent():
            return DraftIsSent()
        case Expired():
            return DraftIsExpired()
        case Discarded():
            return DraftIsDiscarded()
        case _:
            return Refusal(type(command), type(draft))
