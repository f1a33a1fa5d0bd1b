"""Which matters of consent a case has: a read model; how each stands is read from its stream."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from casework.consents.consent_events import (
    CompetenceAssessed,
    ConsentGiven,
    ConsentRefused,
    ConsentWithdrawn,
    Matter,
    Purpose,
)
from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

_ASKED = Statement(
    "consent asked",
    """
    insert into read.consents (tenant, case_id, purpose, party) values ($1, $2, $3, $4)
    on conflict (tenant, case_id, purpose, party) do nothing
    """,
    key=(0, 1, 2, 3),
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Note each matter that somebody was asked about."""
    match recorded.event:
        case (
            ConsentGiven(case_id, _, matter)
            | ConsentRefused(case_id, _, matter)
            | ConsentWithdrawn(case_id, _, matter)
            | CompetenceAssessed(case_id, _, matter)
        ):
            purpose, party = matter.purpose.value, matter.party or ""
            return [_ASKED(recorded.envelope.tenant, case_id, purpose, party)]
        case _:
            return []


PROJECTION = Projection("consents", project, ("read.consents",), By.CASE)


async def of_case(rows: Connection, tenant: UUID, case_id: UUID) -> list[Matter]:
    """Return the matters of a case: being assessed, therapy, sharing by party."""
    found = await rows.fetch(
        "select purpose, party from read.consents where tenant = $1 and case_id = $2"
        " order by purpose, party",
        tenant,
        case_id,
    )
    return [Matter(Purpose(row["purpose"]), row["party"] or None) for row in found]
