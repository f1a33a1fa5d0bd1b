"""How proposals stand: a read model without words, so that none that waits is overlooked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from asyncpg import Record

from casework.decisions.notice_events import (
    DecisionMade,
    DecisionNoticeServed,
    FamilySatisfied,
    NoticeIssued,
    ProposalReworded,
    ProposalServed,
    ProposalWithdrawn,
    RepresentationMade,
    ServiceOfDecisionFailed,
    ServiceOfProposalFailed,
    ServiceProposed,
    Timing,
)
from casework.paging import EARLIEST, After
from ledger.connect import Connection
from ledger.envelope import Envelope, Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write


class Listed(StrEnum):
    """Which proposals a list is of."""

    DRAFTED = "drafted"
    ISSUED = "issued"
    SERVED = "served"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


_WRITTEN = Statement(
    "proposal written",
    """
    insert into read.notices
        (tenant, notice_id, case_id, child, proposal, state, addressee, addressed_as, assessment,
         plan_version, text_version, written_at)
    values ($1, $2, $3, $4, $5, 'drafted', $6, $7, $8, $9, 1, $10)
    on conflict (tenant, notice_id) do nothing
    """,
)
_REWORDED = Statement(
    "proposal reworded",
    "update read.notices set text_version = $3 where tenant = $1 and notice_id = $2",
)
_ISSUED = Statement(
    "notice issued",
    "update read.notices set state = 'issued', issued_on = $3 where tenant = $1 and notice_id = $2",
)
# What is heard of service after the decision changes the days, not how it stands.
_SERVED = Statement(
    "notice served",
    "update read.notices set served_on = $3, last_day = $4, attempt = $5, service_failed = false,"
    " state = case state when 'issued' then 'served' else state end"
    " where tenant = $1 and notice_id = $2",
)
# A letter that comes back after a later service stops nothing.
_FAILED = Statement(
    "notice not served",
    "update read.notices set service_failed = true,"
    " served_on = case when state = 'decided' then served_on end,"
    " last_day = case when state = 'decided' then last_day end,"
    " state = case state when 'served' then 'issued' else state end"
    " where tenant = $1 and notice_id = $2 and (attempt is null or attempt <= $3)",
)
_DECISION_FAILED = Statement(
    "decision not served",
    "update read.notices set service_failed = true where tenant = $1 and notice_id = $2",
)
_REPRESENTED = Statement(
    "representations made",
    "update read.notices set representations = representations + 1,"
    " late_representations = late_representations + $3"
    " where tenant = $1 and notice_id = $2",
)
_SATISFIED = Statement(
    "family satisfied",
    "update read.notices set satisfied_on = least(satisfied_on, $3)"
    " where tenant = $1 and notice_id = $2",
)
_WITHDRAWN = Statement(
    "proposal withdrawn",
    "update read.notices set state = 'withdrawn' where tenant = $1 and notice_id = $2",
)
_DECIDED = Statement(
    "proposal decided",
    "update read.notices set state = 'decided', decided_on = $3, outcome = $4, ground = $5,"
    " from_day = $6, urgent = $7, plan_version = $8, assessment = $9, service_failed = false"
    " where tenant = $1 and notice_id = $2",
)
_DECISION_SERVED = Statement(
    "decision served",
    "update read.notices set decision_served_on = $3, service_failed = false"
    " where tenant = $1 and notice_id = $2",
)


def project(  # noqa: C901, PLR0911 # a row an event
    recorded: Recorded[Any],
) -> Sequence[Write]:
    """Follow each proposal through its life."""
    at = recorded.envelope
    match recorded.event:
        case ServiceProposed() as event:
            return [_written(at, event)]
        case ProposalReworded(notice_id, text_version=version):
            return [_REWORDED(at.tenant, notice_id, version)]
        case NoticeIssued(notice_id, on=on):
            return [_ISSUED(at.tenant, notice_id, on)]
        case ProposalServed(notice_id, attempt, _, on, last_day):
            return [_SERVED(at.tenant, notice_id, on, last_day, attempt)]
        case ServiceOfProposalFailed(notice_id, attempt):
            return [_FAILED(at.tenant, notice_id, attempt)]
        case ServiceOfDecisionFailed(notice_id):
            return [_DECISION_FAILED(at.tenant, notice_id)]
        case RepresentationMade(notice_id, timing=timing):
            return [_REPRESENTED(at.tenant, notice_id, int(timing is Timing.LATE))]
        case FamilySatisfied(notice_id, on=on):
            return [_SATISFIED(at.tenant, notice_id, on)]
        case ProposalWithdrawn(notice_id):
            return [_WITHDRAWN(at.tenant, notice_id)]
        case DecisionMade() as event:
            return [_decided(at, event)]
        case DecisionNoticeServed(notice_id, deemed_on=on):
            return [_DECISION_SERVED(at.tenant, notice_id, on)]
        case _:
            return []


def _written(at: Envelope, event: ServiceProposed) -> Write:
    return _WRITTEN(
        at.tenant,
        event.notice_id,
        event.case_id,
        event.child,
        event.proposal.value,
        event.addressee.person,
        event.addressee.addressed_as.value,
        event.basis.assessment,
        event.basis.plan_version,
        at.recorded_at,
    )


def _decided(at: Envelope, event: DecisionMade) -> Write:
    return _DECIDED(
        at.tenant,
        event.notice_id,
        event.on,
        event.outcome.value,
        event.ground.value,
        event.from_day,
        event.urgent,
        event.basis.plan_version,
        event.basis.assessment,
    )


PROJECTION = Projection("notices", project, ("read.notices",), By.STREAM)

BEGINNING = After(EARLIEST, UUID(int=0))


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposal as it stands."""

    notice_id: UUID
    case_id: UUID
    child: UUID
    proposal: str
    state: str
    addressee: UUID
    addressed_as: str
    assessment: UUID | None
    plan_version: int | None
    text_version: int
    written_at: datetime
    issued_on: date | None
    served_on: date | None
    last_day: date | None
    representations: int
    late_representations: int
    satisfied_on: date | None
    decided_on: date | None
    outcome: str | None
    ground: str | None
    from_day: date | None
    urgent: UUID | None
    decision_served_on: date | None
    service_failed: bool


MOST_OF_A_CASE = 200

_ONE = "select * from read.notices where tenant = $1 and case_id = $2 and notice_id = $3"
_OF_CASE = """
select * from read.notices
 where tenant = $1 and case_id = $2
 order by written_at, notice_id
 limit $3
"""
_PAGE = """
select * from read.notices
 where tenant = $1 and state = $2 and (written_at, notice_id) > ($3, $4)
 order by written_at, notice_id
 limit $5
"""


async def one(rows: Connection, tenant: UUID, case_id: UUID, notice_id: UUID) -> Standing | None:
    """Return how a proposal of a case stands, if there is such a one."""
    row = await rows.fetchrow(_ONE, tenant, case_id, notice_id)
    return _standing(row) if row else None


async def of_case(rows: Connection, tenant: UUID, case_id: UUID) -> list[Standing]:
    """Return the proposals of a case, oldest first."""
    found = await rows.fetch(_OF_CASE, tenant, case_id, MOST_OF_A_CASE)
    return [_standing(row) for row in found]


async def page(
    rows: Connection, tenant: UUID, which: Listed, after: After[UUID], limit: int
) -> list[Standing]:
    """Return proposals in a state, in the order in which they were written."""
    found = await rows.fetch(_PAGE, tenant, which.value, after.at, after.tie, limit)
    return [_standing(row) for row in found]


def place(of: Standing) -> After[UUID]:
    """Return the place of a proposal in its list."""
    return After(of.written_at, of.notice_id)


def _standing(row: Record) -> Standing:
    values = dict(row)
    del values["tenant"], values["attempt"]
    return Standing(**values)
