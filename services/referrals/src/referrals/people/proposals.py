"""The proposed matches of an authority, as duty goes through them: ids, scores and codes alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.writes import Statement, Write
from referrals.people.facts import BecameEarlierIdentity, BecameOwnIdentity
from referrals.people.match import MatchConfirmed, MatchProposed, MatchRejected


class State(StrEnum):
    """What became of a proposal."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


PROPOSE = Statement(
    "match-propose",
    """
    insert into read.match_proposals
        (tenant, match_id, one, other, score, reasons, state, proposed_at)
    values ($1, $2, $3, $4, $5, $6, 'proposed', $7)
    on conflict (tenant, match_id) do update
       set score = excluded.score, reasons = excluded.reasons, state = excluded.state,
           proposed_at = excluded.proposed_at
    """,
)

# What somebody decided without a proposal stands in the list of decided ones too.
DECIDE = Statement(
    "match-decide",
    """
    insert into read.match_proposals
        (tenant, match_id, one, other, score, reasons, state, proposed_at)
    values ($1, $2, $3, $4, 0, '{}', $5, $6)
    on conflict (tenant, match_id) do update set state = excluded.state
    """,
)

SET_APART = Statement(
    "match-set-apart",
    "insert into read.earlier_identities (tenant, person) values ($1, $2) on conflict do nothing",
)

SET_BACK = Statement(
    "match-set-back",
    "delete from read.earlier_identities where tenant = $1 and person = $2",
)

_PAGE = """
select p.match_id, p.one, p.other, p.score, p.reasons, p.state, p.proposed_at
  from read.match_proposals p
 where p.tenant = $1 and p.state = $2 and (p.proposed_at, p.match_id) > ($3, $4)
   and not exists (
       select from read.earlier_identities e
        where e.tenant = p.tenant and e.person in (p.one, p.other))
   and not exists (
       select from read.known_families k
         join read.person_families f on f.tenant = k.tenant and f.family_id = k.family_id
        where k.tenant = p.tenant and k.worker = $6 and f.person in (p.one, p.other))
 order by p.proposed_at, p.match_id
 limit $5
"""


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Return the writes of one stored event."""
    envelope = recorded.envelope
    tenant, match_id, at = envelope.tenant, envelope.stream_id, envelope.recorded_at
    match recorded.event:
        case MatchProposed(one=one, other=other, score=score, reasons=reasons):
            return [PROPOSE(tenant, match_id, one, other, score, [*reasons], at)]
        case MatchConfirmed(one=one, other=other):
            return [DECIDE(tenant, match_id, one, other, State.CONFIRMED.value, at)]
        case MatchRejected(one=one, other=other):
            return [DECIDE(tenant, match_id, one, other, State.REJECTED.value, at)]
        case BecameEarlierIdentity(person=person):
            return [SET_APART(tenant, person)]
        case BecameOwnIdentity(person=person):
            return [SET_BACK(tenant, person)]
        case _:
            return []


PROJECTION = Projection(
    "match-proposals", project, tables=("read.match_proposals", "read.earlier_identities")
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list: after the proposal of that time and id."""

    proposed_at: datetime
    match_id: UUID


BEGINNING = Place(datetime(1900, 1, 1, tzinfo=UTC), UUID(int=0))


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list."""

    match_id: UUID
    one: UUID
    other: UUID
    score: int
    reasons: Sequence[str]
    state: str
    proposed_at: datetime


async def page(
    connection: Connection, tenant: UUID, worker: UUID, state: State, after: Place, limit: int
) -> list[Listed]:
    """Return a page of an authority's proposals for a worker, oldest first."""
    rows = await connection.fetch(
        _PAGE, tenant, state.value, after.proposed_at, after.match_id, limit, worker
    )
    return [Listed(**{name: row[name] for name in Listed.__slots__}) for row in rows]
