"""The worklist of duty: every referral of an authority with its state, oldest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Rows, Statement, Write
from referrals.life.events import (
    DangerReported,
    ReferralAccepted,
    ReferralCameBack,
    ReferralDeclined,
    ReferralReceived,
    ReferralRedirected,
    ReferralScreened,
    ReferralTakenBack,
    ReferralTakenUp,
    ReferralWithdrawn,
    ScreeningDueSet,
    ScreeningOverdue,
)
from referrals.life.information import ReferralRevised

MAX_PAGE = 500


class State(StrEnum):
    """Where a referral stands, as lists show it."""

    RECEIVED = "received"
    SCREENED = "screened"
    ACCEPTED = "accepted"
    TAKEN_UP = "taken-up"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    TAKEN_BACK = "taken-back"
    WITHDRAWN = "withdrawn"


RECEIVE = Statement(
    "worklist-receive",
    """
    insert into read.worklist
      (tenant, referral_id, submission_id, siblings, reference, state, case_id, family_id, child,
       said_urgent, urgent, known_before, duty_holder, received_at, screening_overdue)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    """,
    adds=Rows(
        "read.worklist",
        (
            "tenant",
            "referral_id",
            "submission_id",
            "siblings",
            "reference",
            "state",
            "case_id",
            "family_id",
            "child",
            "said_urgent",
            "urgent",
            "known_before",
            "duty_holder",
            "received_at",
            "screening_overdue",
        ),
    ),
)
MOVE = Statement(
    "worklist-move",
    "update read.worklist set state = $3 where tenant = $1 and referral_id = $2",
)
SCREEN = Statement(
    "worklist-screen",
    """
    update read.worklist set state = 'screened', urgent = $3
     where tenant = $1 and referral_id = $2
    """,
)
PRESS = Statement(
    "worklist-press",
    "update read.worklist set urgent = $3 where tenant = $1 and referral_id = $2",
)
BE_LATE = Statement(
    "worklist-be-late",
    "update read.worklist set screening_overdue = true where tenant = $1 and referral_id = $2",
)

_PAGE = """
select w.referral_id, w.reference, w.state, w.case_id, w.family_id, w.child, w.urgent,
       w.known_before, w.received_at, w.screening_overdue,
       case when o.child is null then w.duty_holder else o.duty_holder end as duty_holder
  from read.worklist w
  left join read.owed_now o on o.tenant = w.tenant and o.child = w.child
 where w.tenant = $1 and (received_at, referral_id) > ($2, $3) and (urgent or not $4)
   and not exists (
       select from read.known_families k
        where k.tenant = w.tenant and k.worker = $6 and k.family_id = w.family_id)
 order by received_at, referral_id limit $5
"""
_PAGE_OF_STATE = """
select w.referral_id, w.reference, w.state, w.case_id, w.family_id, w.child, w.urgent,
       w.known_before, w.received_at, w.screening_overdue,
       case when o.child is null then w.duty_holder else o.duty_holder end as duty_holder
  from read.worklist w
  left join read.owed_now o on o.tenant = w.tenant and o.child = w.child
 where w.tenant = $1 and state = $7 and (received_at, referral_id) > ($2, $3) and (urgent or not $4)
   and not exists (
       select from read.known_families k
        where k.tenant = w.tenant and k.worker = $6 and k.family_id = w.family_id)
 order by received_at, referral_id limit $5
"""
_COUNT = """
select tenant,
       count(*) as children,
       count(distinct submission_id) as submissions,
       count(distinct submission_id) filter (where siblings > 1) as siblings,
       count(distinct submission_id) filter (where said_urgent) as urgent,
       count(distinct submission_id) filter (where known_before) as known_before,
       count(*) filter (where duty_holder is null) as undetermined,
       count(*) filter (where state = 'received') as received,
       count(*) filter (where state = 'screened') as screened,
       count(*) filter (where state in ('accepted', 'taken-up')) as accepted,
       count(*) filter (where state = 'taken-up') as taken_up,
       count(*) filter (where state = 'declined') as declined,
       count(*) filter (where screening_overdue) as screening_overdue
  from read.worklist group by tenant
"""


def project(  # noqa: C901, PLR0911, PLR0912 # a row of the table is a return
    recorded: Recorded[Any],
) -> Sequence[Write]:
    """Return the writes of one stored event."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case ReferralReceived() as said:
            return [_receive(tenant, said)]
        case ReferralScreened(referral=referral) as done:
            return [SCREEN(tenant, referral, done.urgent)]
        case ReferralRevised(referral=referral):
            return [MOVE(tenant, referral, State.RECEIVED.value)]
        case ScreeningDueSet(referral=referral, urgent=urgent):
            return [PRESS(tenant, referral, urgent)]
        case DangerReported(referral=referral):
            return [PRESS(tenant, referral, True)]  # noqa: FBT003 # a column
        case ScreeningOverdue(referral=referral):
            return [BE_LATE(tenant, referral)]
        case ReferralAccepted(referral=referral):
            return [MOVE(tenant, referral, State.ACCEPTED.value)]
        case ReferralTakenUp(referral=referral):
            return [MOVE(tenant, referral, State.TAKEN_UP.value)]
        case ReferralDeclined(referral=referral):
            return [MOVE(tenant, referral, State.DECLINED.value)]
        case ReferralWithdrawn(referral=referral):
            return [MOVE(tenant, referral, State.WITHDRAWN.value)]
        case ReferralRedirected(referral=referral):
            return [MOVE(tenant, referral, State.REDIRECTED.value)]
        case ReferralCameBack(referral=referral):
            return [MOVE(tenant, referral, State.SCREENED.value)]
        case ReferralTakenBack(referral=referral):
            return [MOVE(tenant, referral, State.TAKEN_BACK.value)]
        case _:
            return []


PROJECTION = Projection("worklist", project, tables=("read.worklist",), by=By.STREAM)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list: after the referral received at that time, of that id."""

    received_at: datetime
    referral_id: UUID


BEGINNING = Place(datetime(1900, 1, 1, tzinfo=UTC), UUID(int=0))


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the worklist."""

    referral_id: UUID
    reference: str
    state: str
    case_id: UUID
    family_id: UUID
    child: UUID
    urgent: bool
    known_before: bool
    duty_holder: str | None
    received_at: datetime
    screening_overdue: bool


@dataclass(frozen=True, slots=True)
class Query:
    """Which referrals are asked for: of one state or all, urgent ones only or all."""

    state: State | None
    urgent_only: bool
    after: Place
    limit: int


async def page(connection: Connection, tenant: UUID, query: Query, worker: UUID) -> list[Listed]:
    """Return a page of an authority's referrals, oldest first, but of families the worker knows."""
    after = query.after
    place = (after.received_at, after.referral_id)
    arguments = (tenant, *place, query.urgent_only, query.limit, worker)
    if query.state is None:
        rows = await connection.fetch(_PAGE, *arguments)
    else:
        rows = await connection.fetch(_PAGE_OF_STATE, *arguments, query.state.value)
    return [Listed(**{name: row[name] for name in Listed.__slots__}) for row in rows]


async def counters(connection: Connection) -> Mapping[str, int]:
    """Count for an operator, as `authority/name`.

    `submissions`, `siblings`, `urgent` and `known_before` count submissions (with several children,
    urgent as submitted, with a known child); the others count children's referrals.
    """
    rows = await connection.fetch(_COUNT)
    return {
        f"{row['tenant']}/{name}": count
        for row in rows
        for name, count in row.items()
        if name != "tenant"
    }


def _receive(tenant: UUID, said: ReferralReceived) -> Write:
    return RECEIVE(
        tenant,
        said.referral,
        said.submission,
        said.siblings,
        said.reference,
        State.RECEIVED.value,
        said.case,
        said.family,
        said.child,
        said.urgent,
        said.urgent,
        said.known_before,
        said.duty_holder,
        said.received_at,
        False,  # noqa: FBT003 # a column
    )
