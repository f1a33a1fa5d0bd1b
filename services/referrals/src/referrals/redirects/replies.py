"""Answers on redirects written: each side as it knows the redirect."""

from collections.abc import Mapping
from typing import TypeAlias

from referrals.redirects.incoming import Acknowledged, GivenBack, Refused, Waiting
from referrals.redirects.redirect import AskedBack, CameBack, Offered, TakenOver
from referrals.redirects.redirects import Listed, State
from referrals.streams import referral_of_redirect
from throughline.referrals.v1 import redirects_pb2 as pb

Sent: TypeAlias = Offered | AskedBack | TakenOver | CameBack
Came: TypeAlias = Waiting | Acknowledged | Refused | GivenBack

_SENT: Mapping[type, str] = {
    Offered: "offered",
    AskedBack: "asked-back",
    TakenOver: "taken-over",
    CameBack: "came-back",
}
_CAME: Mapping[type, State] = {
    Waiting: State.WAITING,
    Acknowledged: State.ACKNOWLEDGED,
    Refused: State.REFUSED,
    GivenBack: State.GIVEN_BACK,
}


def sent(state: Sent) -> pb.GetRedirectResponse:
    """Write a redirect as its sender knows it, its words sealed."""
    said = state.said
    answer = pb.GetRedirectResponse(
        redirect_id=str(said.redirect),
        state=_SENT[type(state)],
        referral_id=str(said.referral),
        other_authority=said.to,
        sent=True,
        outside=said.outside,
        ground=said.ground.value,
    )
    answer.answer_by.FromDatetime(said.answer_by)
    if not said.outside:
        answer.other_referral_id = str(referral_of_redirect(said.redirect))
    match state:
        case Offered(delivered=delivered):
            answer.delivered = delivered
        case AskedBack(reason=reason) | CameBack(reason=reason):
            answer.reason = reason.value
        case TakenOver():
            answer.delivered = True
    return answer


def came(state: Came) -> pb.GetRedirectResponse:
    """Write a redirect as its receiver knows it."""
    said = state.said
    answer = pb.GetRedirectResponse(
        redirect_id=str(said.redirect),
        state=_CAME[type(state)].value,
        referral_id=str(said.referral),
        other_referral_id=str(said.sent_referral),
        other_authority=said.sent_by,
        ground=said.ground.value,
        delivered=True,
        consent=said.consent or "",
        consent_from=said.consent_from.isoformat() if said.consent_from else "",
    )
    if isinstance(state, Refused):
        answer.reason = state.reason.value
    return answer


def listed(row: Listed) -> pb.IncomingRedirect:
    """Write a row of the list."""
    shown = pb.IncomingRedirect(
        redirect_id=str(row.redirect_id),
        state=row.state,
        referral_id=str(row.referral_id),
        sent_by=row.sent_by,
        ground=row.ground,
    )
    shown.arrived_at.FromDatetime(row.arrived_at)
    return shown
