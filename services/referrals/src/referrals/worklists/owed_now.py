"""Who owes each child the service now: lists follow the line of duty, not the receipt."""

from collections.abc import Sequence
from typing import Any

from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from referrals.duty.timeline import ResponsibilityChanged

OWED = Statement(
    "owed-now",
    """
    insert into read.owed_now (tenant, child, duty_holder) values ($1, $2, $3)
    on conflict (tenant, child) do update set duty_holder = excluded.duty_holder
    """,
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Return the writes of one stored event."""
    match recorded.event:
        case ResponsibilityChanged(child=child, duty_holder=holder):
            return [OWED(recorded.envelope.tenant, child, holder)]
        case _:
            return []


PROJECTION = Projection("owed-now", project, ("read.owed_now",), By.STREAM)
