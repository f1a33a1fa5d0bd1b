"""How far the service of statutory notices came: a read model, without addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from ledger.connect import Connection
from ledger.envelope import Envelope, Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from notifications.notice_events import (
    NoticeServed,
    NoticeServiceFailed,
    ServiceAwaited,
    ServiceDropped,
    ServicePrepared,
)

_AWAITED = Statement(
    "service awaited",
    """
    insert into read.services
        (tenant, service_id, position, notice_id, document, text_version, addressee, case_id, state,
         attempts, awaited_since)
    values ($1, $2, $3, $4, $5, $6, $7, $8, 'awaited', 0, $9)
    on conflict (tenant, service_id) do nothing
    """,
)
_PREPARED = Statement(
    "service prepared",
    "update read.services set state = 'prepared', attempts = $3, method = $4, reason = null"
    " where tenant = $1 and service_id = $2",
)
_SERVED = Statement(
    "notice served",
    "update read.services set state = 'served', sent_on = $3, deemed_on = $4, rule = $5"
    " where tenant = $1 and service_id = $2",
)
_FAILED = Statement(
    "notice not served",
    "update read.services set state = 'awaited', attempts = $3, reason = $4, sent_on = null,"
    " deemed_on = null, rule = null where tenant = $1 and service_id = $2",
)


_DROPPED = Statement(
    "service dropped",
    "update read.services set state = 'dropped' where tenant = $1 and service_id = $2",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow each service to its end."""
    at = recorded.envelope
    match recorded.event:
        case ServiceAwaited() as event:
            return [_awaited(at, event)]
        case ServicePrepared(service_id, _, attempt, method):
            return [_PREPARED(at.tenant, service_id, attempt, method.value)]
        case NoticeServed(notice, sent_on=sent_on, deemed_on=deemed_on, rule=rule):
            return [_SERVED(at.tenant, notice.service_id, sent_on, deemed_on, rule)]
        case NoticeServiceFailed(notice, attempt, reason):
            return [_FAILED(at.tenant, notice.service_id, attempt, reason)]
        case ServiceDropped(notice):
            return [_DROPPED(at.tenant, notice.service_id)]
        case _:
            return []


def _awaited(at: Envelope, event: ServiceAwaited) -> Write:
    notice = event.notice
    return _AWAITED(
        at.tenant,
        notice.service_id,
        at.position,
        notice.notice_id,
        notice.document.value,
        notice.text_version,
        notice.addressee,
        at.case_id,
        at.recorded_at,
    )


PROJECTION = Projection("services", project, ("read.services",), By.STREAM)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one service came; `position`: where it was first heard of in the log."""

    service_id: UUID
    position: int
    notice_id: UUID
    document: str
    text_version: int
    addressee: UUID
    case_id: UUID | None
    state: str
    attempts: int
    awaited_since: datetime
    method: str | None
    sent_on: date | None
    deemed_on: date | None
    rule: str | None
    reason: str | None


MOST_OF_A_NOTICE = 20

_TO_SERVE = """
select * from read.services
 where tenant = $1 and state in ('awaited', 'prepared') and position > $2
   and addressee <> all ($4) and (case_id is null or case_id <> all ($4))
 order by position
 limit $3
"""
_PARTIES = """
select addressee, case_id from read.services where tenant = $1 and service_id = $2
 union
select addressee, case_id from read.services where tenant = $1 and notice_id = $2
"""
_OF_NOTICE = """
select * from read.services
 where tenant = $1 and notice_id = $2
 order by position
 limit $3
"""


async def to_serve(
    rows: Connection, tenant: UUID, after: int, limit: int, hidden: Sequence[UUID]
) -> list[Standing]:
    """Return the notices that wait to be served, oldest first; none to or of whom is `hidden`."""
    return [_standing(row) for row in await rows.fetch(_TO_SERVE, tenant, after, limit, hidden)]


async def parties(rows: Connection, tenant: UUID, of: UUID) -> frozenset[UUID | None]:
    """Return who is served by a service, or by those of a notice, and in which case."""
    found = await rows.fetch(_PARTIES, tenant, of)
    return frozenset(each for row in found for each in (row["addressee"], row["case_id"]))


async def of_notice(rows: Connection, tenant: UUID, notice_id: UUID) -> list[Standing]:
    """Return the services of one proposal's notices."""
    found = await rows.fetch(_OF_NOTICE, tenant, notice_id, MOST_OF_A_NOTICE)
    return [_standing(row) for row in found]


def _standing(row: Record) -> Standing:
    values = dict(row)
    del values["tenant"]
    return Standing(**values)
