"""A referral that its sender sends anew: set right in one, and to be looked at once more."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import reduce

from ledger.decider import Refusal
from referrals.codes import AmendReason
from referrals.life.commands import Amend, Recode, Revise
from referrals.life.desk import Desk
from referrals.life.events import ReferralEvent, ReferralReceived
from referrals.life.following import set_anew, with_consequences
from referrals.life.information import ReferralRevised
from referrals.life.refusals import AlreadyDecided, OlderThanKnown, RedirectUnderWay
from referrals.life.states import (
    NotReceived,
    Received,
    Redirected,
    Referral,
    Screened,
    desk_of,
    evolve,
)
from referrals.life.telling import amended, says


def revise(command: Revise, referral: Referral) -> list[ReferralEvent]:
    """Set right all that is said otherwise now; what was said before stays in the record."""
    desk = desk_of(referral)
    if desk is None:
        raise Refusal(Revise, NotReceived)
    match referral:
        # The same again is the same answer, so that callers may retry.
        case _ if any(each.revision == command.revision for each in desk.revised):
            return []
        case Received() | Screened() if command.said_at < _as_of(desk):
            raise OlderThanKnown
        case Received():
            return with_consequences(referral, list(_changed(command, desk.said)), command.targets)
        case Screened():
            events = list(_changed(command, desk.said))
            events.append(set_anew(_desk_after(events, referral) or desk, command.targets))
            return with_consequences(referral, events, command.targets)
        case Redirected():
            raise RedirectUnderWay
        case _:
            raise AlreadyDecided


def _changed(command: Revise, said: ReferralReceived) -> Iterator[ReferralEvent]:
    yield ReferralRevised(said.referral, said.child, command.revision, command.said_at)
    for change in command.changes:
        if isinstance(change, Recode) and says(said, change):
            continue
        yield amended(Amend(AmendReason.REFERRER_CORRECTS, change, command.targets), said)


def _desk_after(events: Sequence[ReferralEvent], referral: Referral) -> Desk | None:
    return desk_of(reduce(evolve, events, referral))


def _as_of(desk: Desk) -> datetime:
    return desk.revised[-1].said_at if desk.revised else desk.said.received_at
