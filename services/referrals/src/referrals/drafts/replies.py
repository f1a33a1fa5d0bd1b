"""Drafts written: states and rows as the contract says them."""

from referrals.drafts.draft import Discarded, Draft, Expired, Open, Sent, written
from referrals.drafts.draft_list import Listed, State
from referrals.intake.receiving import Received
from referrals.intake.replies import submitted
from throughline.referrals.v1 import drafts_pb2 as pb

STATES: dict[type, State] = {
    Open: State.OPEN,
    Sent: State.SENT,
    Expired: State.EXPIRED,
    Discarded: State.DISCARDED,
}


def listed(row: Listed) -> pb.DraftSummary:
    """Write a row of the list."""
    summary = pb.DraftSummary(
        draft_id=str(row.draft_id),
        state=row.state,
        enquiry_id=str(row.enquiry_id or ""),
        warned=row.warned,
    )
    summary.saved_at.FromDatetime(row.saved_at)
    summary.expires_at.FromDatetime(row.expires_at)
    return summary


def draft(state: Draft, content: str) -> pb.GetDraftResponse:
    """Write a draft that is there. `content` is empty unless it was opened."""
    last = written(state)
    if last is None:
        raise TypeError(f"{type(state).__name__} is no draft that can be shown")
    summary = pb.DraftSummary(
        draft_id=str(last.saved.draft),
        state=STATES[type(state)].value,
        enquiry_id=str(last.started.enquiry or ""),
        warned=last.warned,
    )
    summary.saved_at.FromDatetime(last.saved.saved_at)
    summary.expires_at.FromDatetime(last.saved.expires_at)
    referrals = state.referrals if isinstance(state, Sent) else ()
    return pb.GetDraftResponse(
        draft=summary, content=content.encode(), referrals=[str(each) for each in referrals]
    )


def sent(received: Received) -> pb.SendDraftResponse:
    """Write what a draft came to."""
    return pb.SendDraftResponse(submitted=submitted(received.answer, received.receipt))
