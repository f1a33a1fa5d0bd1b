"""Who owes a child the service, by period, as referrals tells it: a local read model."""

from datetime import date
from uuid import UUID

from ledger.writes import Statement, Write

_CHANGED = Statement(
    "duty changed",
    """
    insert into read.duty (tenant, child, from_day, duty_holder, to_day)
    values ($1, $2, coalesce($3, '-infinity'::date), $4, coalesce($5, 'infinity'::date))
    on conflict (tenant, child, from_day) do update
       set duty_holder = excluded.duty_holder, to_day = excluded.to_day
    """,
    key=(0, 1, 2),
)


def duty_heard(
    tenant: UUID, child: UUID, duty_holder: str, from_day: date | None, to_day: date | None
) -> Write:
    """Write down a period, both days counted, None open: known anew where its first day is."""
    return _CHANGED(tenant, child, from_day, duty_holder, to_day)
