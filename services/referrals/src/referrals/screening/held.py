"""Which safeguarding screen counts for a referral."""

from uuid import UUID

from referrals.codes import Check
from referrals.life.desk import Desk
from referrals.life.events import CheckAnswered
from referrals.streams import screen_of


def screen_held(desk: Desk) -> UUID:
    """Return the referral's own screen, unless one was taken over that was held before."""
    named = [
        each.refers_to
        for each in desk.checks
        if isinstance(each, CheckAnswered) and each.check is Check.SAFEGUARDING
    ]
    return next((each for each in named if each), screen_of(desk.said.referral))
