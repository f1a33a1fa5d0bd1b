"""What is told of proposals and decisions: ids, codes, days. Never a text, a word or a reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from casework.decisions import notice_events as told
from ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class NoticeIssued:
    """A statutory notice is to be served on its addressee, in that version of its text.

    `document`: proposal or decision.
    """

    notice_id: UUID
    document: str
    text_version: int
    addressee: UUID


@dataclass(frozen=True, slots=True)
class NoticeWithdrawn:
    """A statutory notice is not to be served any more: the authority does not go on with it."""

    notice_id: UUID
    document: str
    text_version: int


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A proposal was decided on: kept, changed or dropped; what it changes, from that day."""

    notice_id: UUID
    proposal: str
    outcome: str
    on: date
    from_day: date | None


EVENTS: tuple[type, ...] = (NoticeIssued, NoticeWithdrawn, DecisionMade)

Public: TypeAlias = NoticeIssued | NoticeWithdrawn | DecisionMade


def publish(recorded: Recorded[Any]) -> Public | None:
    """Return what others are told of a fact of a proposal, if anything."""
    match recorded.event:
        case told.NoticeIssued(notice_id, addressee=to, text_version=version):
            return NoticeIssued(notice_id, told.Document.PROPOSAL.value, version, to)
        case told.DecisionNoticeIssued(notice_id, addressee=to, text_version=version):
            return NoticeIssued(notice_id, told.Document.DECISION.value, version, to)
        case told.ProposalWithdrawn(notice_id, issued_version=int() as version):
            return NoticeWithdrawn(notice_id, told.Document.PROPOSAL.value, version)
        case told.DecisionMade(notice_id) as event:
            proposal, outcome = event.proposal.value, event.outcome.value
            return DecisionMade(notice_id, proposal, outcome, event.on, event.from_day)
        case _:
            return None
