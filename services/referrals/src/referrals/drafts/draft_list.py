"""Drafts by their owners, those that expire first, first: ids and times, nothing sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ledger.connect import Connection
from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write
from referrals.drafts.events import (
    DraftDiscarded,
    DraftExpired,
    DraftExpiring,
    DraftSaved,
    DraftSent,
    DraftStarted,
)
from referrals.readings import Place


class State(StrEnum):
    """Where a draft stands, as lists show it."""

    OPEN = "open"
    SENT = "sent"
    EXPIRED = "expired"
    DISCARDED = "discarded"


START = Statement(
    "drafts-start",
    """
    insert into read.drafts
      (tenant, draft_id, owner, enquiry_id, saved_at, expires_at, state, warned)
    values ($1, $2, $3, $4, $5, $5, 'open', false)
    """,
)
SAVE = Statement(
    "drafts-save",
    """
    update read.drafts set saved_at = $3, expires_at = $4, warned = false
     where tenant = $1 and draft_id = $2
    """,
)
WARN = Statement(
    "drafts-warn",
    "update read.drafts set warned = true where tenant = $1 and draft_id = $2",
)
MOVE = Statement(
    "drafts-move",
    "update read.drafts set state = $3 where tenant = $1 and draft_id = $2",
)

_PAGE = """
select * from read.drafts d
 where tenant = $1 and owner = $2 and state = $3 and (expires_at, draft_id) > ($4, $5)
   and not exists (
       select from read.worklist w
         join read.known_families k on k.tenant = w.tenant and k.family_id = w.family_id
        where w.tenant = d.tenant and w.submission_id = d.draft_id and k.worker = $7)
 order by expires_at, draft_id limit $6
"""


def project(recorded: Recorded[Any]) -> Sequence[Write]:  # noqa: PLR0911 # a row is a return
    """Return the writes of one stored event."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case DraftStarted(draft=draft, owner=owner, enquiry=enquiry):
            return [START(tenant, draft, owner, enquiry, recorded.envelope.recorded_at)]
        case DraftSaved(draft=draft, saved_at=saved_at, expires_at=expires_at):
            return [SAVE(tenant, draft, saved_at, expires_at)]
        case DraftExpiring(draft=draft):
            return [WARN(tenant, draft)]
        case DraftExpired(draft=draft):
            return [MOVE(tenant, draft, State.EXPIRED.value)]
        case DraftDiscarded(draft=draft):
            return [MOVE(tenant, draft, State.DISCARDED.value)]
        case DraftSent(draft=draft):
            return [MOVE(tenant, draft, State.SENT.value)]
        case _:
            return []


PROJECTION = Projection("drafts", project, tables=("read.drafts",), by=By.STREAM)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list."""

    draft_id: UUID
    state: str
    enquiry_id: UUID | None
    saved_at: datetime
    expires_at: datetime
    warned: bool


@dataclass(frozen=True, slots=True)
class Query:
    """Which of somebody's drafts are asked for."""

    owner: UUID
    state: State
    after: Place
    limit: int


async def page(connection: Connection, tenant: UUID, query: Query) -> list[Listed]:
    """Return a page of somebody's drafts, but of those that became referrals of a family known."""
    after = query.after
    asked = (str(query.owner), query.state.value, after.at, after.known_as, query.limit)
    rows = await connection.fetch(_PAGE, tenant, *asked, query.owner)
    return [Listed(**{name: row[name] for name in Listed.__slots__}) for row in rows]
