"""The enquiries of an authority, newest first: codes and times, nothing sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from referrals.enquiries.events import (
    DangerSaid,
    EnquirerNamed,
    EnquiryClosed,
    EnquiryMade,
    SafetyAsked,
    TurnedIntoDraft,
)
from referrals.readings import Place

OPEN = "open"
CLOSED = "closed"

MAKE = Statement(
    "enquiries-make",
    """
    insert into read.enquiries
      (tenant, enquiry_id, channel, kind, topics, made_at, state, named, safeguarding, danger,
       turned, close_reason)
    values ($1, $2, $3, $4, $5, $6, 'open', false, '', false, false, '')
    """,
)
NAME = Statement(
    "enquiries-name",
    "update read.enquiries set named = true where tenant = $1 and enquiry_id = $2",
)
ANSWER = Statement(
    "enquiries-answer",
    "update read.enquiries set safeguarding = $3 where tenant = $1 and enquiry_id = $2",
)
ALARM = Statement(
    "enquiries-alarm",
    "update read.enquiries set danger = true where tenant = $1 and enquiry_id = $2",
)
TURN = Statement(
    "enquiries-turn",
    "update read.enquiries set turned = true where tenant = $1 and enquiry_id = $2",
)
CLOSE = Statement(
    "enquiries-close",
    """
    update read.enquiries set state = 'closed', close_reason = $3
     where tenant = $1 and enquiry_id = $2
    """,
)

_PAGE = """
select * from read.enquiries e
 where tenant = $1 and (made_at, enquiry_id) < ($2, $3) and (danger or not $4)
   and ($5 = '' or state = $5)
   and not exists (
       select from read.drafts d
         join read.worklist w on w.tenant = d.tenant and w.submission_id = d.draft_id
         join read.known_families k on k.tenant = w.tenant and k.family_id = w.family_id
        where d.tenant = e.tenant and d.enquiry_id = e.enquiry_id and k.worker = $7)
 order by made_at desc, enquiry_id desc limit $6
"""


def project(recorded: Recorded[Any]) -> Sequence[Write]:  # noqa: PLR0911 # a row is a return
    """Return the writes of one stored event."""
    tenant, at = recorded.envelope.tenant, recorded.envelope.occurred.at
    match recorded.event:
        case EnquiryMade(enquiry=enquiry) as said:
            topics = ",".join(each.value for each in said.topics)
            return [MAKE(tenant, enquiry, said.channel.value, said.kind.value, topics, at)]
        case EnquirerNamed(enquiry=enquiry):
            return [NAME(tenant, enquiry)]
        case SafetyAsked(enquiry=enquiry, safeguarding=safeguarding):
            return [ANSWER(tenant, enquiry, safeguarding.value)]
        case DangerSaid(enquiry=enquiry):
            return [ALARM(tenant, enquiry)]
        case TurnedIntoDraft(enquiry=enquiry):
            return [TURN(tenant, enquiry)]
        case EnquiryClosed(enquiry=enquiry, reason=reason):
            return [CLOSE(tenant, enquiry, reason.value)]
        case _:
            return []


PROJECTION = Projection("enquiries", project, tables=("read.enquiries",), by=By.STREAM)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list. `topics` are joined by commas."""

    enquiry_id: UUID
    state: str
    channel: str
    kind: str
    topics: str
    named: bool
    safeguarding: str
    turned: bool
    made_at: datetime
    close_reason: str


@dataclass(frozen=True, slots=True)
class Query:
    """Which enquiries are asked for; an empty state means all."""

    state: str
    danger_only: bool
    after: Place
    limit: int


async def page(connection: Connection, tenant: UUID, query: Query, worker: UUID) -> list[Listed]:
    """Return a page of enquiries, newest first, but of those that led to a family he knows."""
    after = query.after
    asked = (after.at, after.known_as, query.danger_only, query.state, query.limit)
    rows = await connection.fetch(_PAGE, tenant, *asked, worker)
    return [Listed(**{name: row[name] for name in Listed.__slots__}) for row in rows]
