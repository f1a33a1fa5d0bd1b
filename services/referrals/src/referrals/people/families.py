"""Whose families they are: a worker who knows a family is shown nothing of its people."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from referrals.people.person import (
    ChildIdentified,
)
from referrals.people.said import AdultDescribed, ReferrerDescribed

BELONG = Statement(
    "person-belongs",
    """
    insert into read.person_families (tenant, person, family_id) values ($1, $2, $3)
    on conflict (tenant, person) do nothing
    """,
)

_HIDDEN = """
select f.person
  from unnest($3::uuid[]) asked (person)
  join read.person_families f on f.tenant = $1 and f.person = asked.person
  join read.known_families k
    on k.tenant = $1 and k.worker = $2 and k.family_id = f.family_id
"""


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Return the writes of one stored event."""
    match recorded.event:
        case (
            ChildIdentified(person=person, family=family)
            | AdultDescribed(person=person, family=family)
            | ReferrerDescribed(person=person, family=family)
        ):
            return [BELONG(recorded.envelope.tenant, person, family)]
        case _:
            return []


PROJECTION = Projection("person-families", project, ("read.person_families",), By.STREAM)


async def hidden_from(
    connection: Connection, tenant: UUID, worker: UUID, people: Sequence[UUID]
) -> frozenset[UUID]:
    """Return those of some people whose family a worker knows."""
    rows = await connection.fetch(_HIDDEN, tenant, worker, list(people))
    return frozenset(row["person"] for row in rows)
