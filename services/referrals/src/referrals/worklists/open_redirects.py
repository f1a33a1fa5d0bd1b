"""Redirects that nobody has acknowledged yet: those that an authority sent, and those it got."""

from collections.abc import Sequence
from typing import Any

from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Rows, Statement, Write
from referrals.redirects.events import RedirectCameBack, RedirectOffered, RedirectTakenOver
from referrals.redirects.incoming import (
    RedirectAcknowledged,
    RedirectArrived,
    RedirectGivenBack,
    RedirectRefused,
)

SENT = "sent"
CAME = "came"

OPENED = Statement(
    "open-redirects-opened",
    """
    insert into read.open_redirects (tenant, redirect_id, side, referral_id, other)
    values ($1, $2, $3, $4, $5)
    """,
    adds=Rows("read.open_redirects", ("tenant", "redirect_id", "side", "referral_id", "other")),
)
ENDED = Statement(
    "open-redirects-ended",
    "delete from read.open_redirects where tenant = $1 and redirect_id = $2",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Return the writes of one stored event."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case RedirectOffered(redirect=redirect, referral=referral, to=other):
            return [OPENED(tenant, redirect, SENT, referral, other)]
        case RedirectArrived(redirect=redirect, referral=referral, sent_by=other):
            return [OPENED(tenant, redirect, CAME, referral, other)]
        case (
            RedirectTakenOver(redirect=redirect)
            | RedirectCameBack(redirect=redirect)
            | RedirectAcknowledged(redirect=redirect)
            | RedirectRefused(redirect=redirect)
            | RedirectGivenBack(redirect=redirect)
        ):
            return [ENDED(tenant, redirect)]
        case _:
            return []


PROJECTION = Projection("open-redirects", project, ("read.open_redirects",), By.STREAM)
