"""How long children wait: from receipt to screening and to decision, and for whom it is longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ledger.clock import london_day
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Rows, Statement, Write
from referrals.life.events import (
    ReferralAccepted,
    ReferralCameBack,
    ReferralDeclined,
    ReferralReceived,
    ReferralRedirected,
    ReferralScreened,
)
from referrals.people.said import ChildDescribed

_RECEIVED = Statement(
    "waits received",
    """
    insert into read.waits (tenant, referral_id, child, lives_in, received_on)
    values ($1, $2, $3, $4, $5)
    """,
    adds=Rows("read.waits", ("tenant", "referral_id", "child", "lives_in", "received_on")),
)
# The first screening ends the wait for it.
_SCREENED = Statement(
    "waits screened",
    """
    update read.waits set screened_on = coalesce(screened_on, $3)
     where tenant = $1 and referral_id = $2
    """,
)
_DECIDED = Statement(
    "waits decided",
    "update read.waits set decided_on = $3 where tenant = $1 and referral_id = $2",
)
_DESCRIBED = Statement(
    "waits described",
    """
    insert into read.ethnicities (tenant, child, ethnicity) values ($1, $2, $3)
        on conflict (tenant, child) do update set ethnicity = excluded.ethnicity
    """,
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Return the writes of one stored event."""
    at = recorded.envelope
    match recorded.event:
        case ReferralReceived(referral=referral, child=child, lives_in=lives_in) as said:
            received_on = london_day(said.received_at)
            return [_RECEIVED(at.tenant, referral, child, lives_in, received_on)]
        case ReferralScreened(referral=referral):
            return [_SCREENED(at.tenant, referral, london_day(at.occurred.at))]
        case (
            ReferralAccepted(referral=referral)
            | ReferralDeclined(referral=referral)
            | ReferralRedirected(referral=referral)
        ):
            return [_DECIDED(at.tenant, referral, london_day(at.occurred.at))]
        case ReferralCameBack(referral=referral):
            return [_DECIDED(at.tenant, referral, None)]
        case ChildDescribed(person=child, ethnicity=ethnicity):
            return [_DESCRIBED(at.tenant, child, ethnicity)]
        case _:
            return []


PROJECTION = Projection("waits", project, ("read.waits", "read.ethnicities"), By.STREAM)


@dataclass(frozen=True, slots=True)
class Waited:
    """So many children who waited alike, in days in London; None: they wait still."""

    ethnicity: str
    lives_in: str
    to_screening: int | None
    to_decision: int | None
    children: int


_WAITED = """
select coalesce(e.ethnicity, 'other') as ethnicity,
       w.lives_in,
       greatest(w.screened_on - w.received_on, 0) as to_screening,
       greatest(w.decided_on - w.received_on, 0) as to_decision,
       count(*)::integer as children
  from read.waits w
  left join read.ethnicities e on e.tenant = w.tenant and e.child = w.child
 where w.tenant = $1 and w.received_on between $2 and $3
 group by 1, 2, 3, 4
"""


async def waited(rows: Connection, tenant: UUID, first: date, last: date) -> list[Waited]:
    """Return how long those waited who were referred in a period, both days included."""
    found = await rows.fetch(_WAITED, tenant, first, last)
    return [Waited(**{name: row[name] for name in Waited.__slots__}) for row in found]
