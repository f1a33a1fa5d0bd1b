"""What referrals says of urgency, by referral: a local read model, so that nobody has to ask.

It is heard, not our own fact: the row may be there before the case is.
"""

from enum import IntEnum
from uuid import UUID

from ledger.writes import Statement, Write


class Urgency(IntEnum):
    """How soon somebody must act; it never sinks by what is heard later of the same referral."""

    ORDINARY = 0
    URGENT = 1
    # The child is said to be in immediate danger.
    DANGER = 2


_HEARD = Statement(
    "urgency heard",
    """
    insert into read.urgency as held (tenant, referral_id, urgency)
    values ($1, $2, $3)
    on conflict (tenant, referral_id) do update
       set urgency = greatest(held.urgency, excluded.urgency)
    """,
)


def urgency_heard(tenant: UUID, referral_id: UUID, urgency: Urgency) -> Write:
    """Write down how urgent a referral is."""
    return _HEARD(tenant, referral_id, int(urgency))
