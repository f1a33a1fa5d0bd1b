"""Who owes a child the service, by period, as referrals tells it: a local read model."""

from collections.abc import Iterable
from dataclasses import dataclass
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
    # Of one child all keep their order: what is told anew takes the place of all of it.
    key=(0, 1),
)
_FORGOTTEN = Statement(
    "duty forgotten", "delete from read.duty where tenant = $1 and child = $2", key=(0, 1)
)


@dataclass(frozen=True, slots=True)
class Period:
    """An authority owes the service in it; both days counted, None open."""

    duty_holder: str
    from_day: date | None
    to_day: date | None


def duty_heard(tenant: UUID, child: UUID, period: Period) -> Write:
    """Write down a period: known anew where its first day is."""
    return _CHANGED(tenant, child, period.from_day, period.duty_holder, period.to_day)


def duty_determined(tenant: UUID, child: UUID, periods: Iterable[Period]) -> list[Write]:
    """Write down all that is known, in place of all that was."""
    return [
        _FORGOTTEN(tenant, child),
        *(duty_heard(tenant, child, each) for each in periods),
    ]
