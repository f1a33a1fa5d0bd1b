"""The worklists of duty, each a page of the open referrals: filters, and who may not see what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from ledger.connect import Connection
from referrals.readings import Place


class List(StrEnum):
    """What duty looks through."""

    # Nobody has screened it.
    NEW = "new"
    URGENT = "urgent"
    # Somebody was asked for something.
    WAITING = "waiting-for-information"
    # All that is to be decided here.
    OPEN = "open"
    # Offered to another authority, and nobody there has said that it came.
    REDIRECTED = "redirected"
    # Offered by another authority, and nobody here has said that it came.
    INCOMING = "incoming"
    # A message to somebody of the family, or to whoever referred, reached nobody; also the answer
    # to a referral that was declined.
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the rows of a list have in common; what is None, or False, filters nothing.

    `needs`: one of them at least. `duty_holder`: a slug, or "undetermined". `language_needs`: the
    family needs an interpreter or another language than English; `language`: this one.
    """

    urgent: bool
    needs: tuple[str, ...]
    route: str | None
    received_from: datetime | None
    received_before: datetime | None
    duty_holder: str | None
    language_needs: bool
    language: str | None


@dataclass(frozen=True, slots=True)
class Query:
    """Which page of which list is asked for, and for whose eyes."""

    list: List
    worker: UUID
    filters: Filters
    after: Place
    limit: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list. `redirect_id` and `other`: where it is about a redirect, else None."""

    referral_id: UUID
    reference: str
    family_id: UUID
    child: UUID
    case_id: UUID
    state: str
    route: str
    needs: list[str]
    languages: list[str]
    interpreter: bool
    urgent: bool
    known_before: bool
    duty_holder: str | None
    received_at: datetime
    information_due_at: datetime | None
    redirect_id: UUID | None
    other: str | None
    unreached: bool


# A message that arrived later, whatever way, puts it right. Read from those that failed, which are
# few: by the families of all open referrals it would go through every person there is.
MISSED: Final = """
r.family_id in (
       select f.family_id
         from read.deliveries v
         join read.person_families f on f.tenant = v.tenant and f.person = v.person
        where v.tenant = $1 and v.failed
          and not exists (
              select from read.deliveries s
               where s.tenant = v.tenant and s.person = v.person and not s.failed
                 and s.heard_of > v.heard_of))
"""
UNDETERMINED: Final = "undetermined"
HERE: Final = "r.state in ('new', 'screened')"
# What failed before a referral was declined is not the answer to it.
MISSED_HERE: Final = (
    "r.state in ('new', 'screened', 'declined') and "
    + MISSED
    + """
   and (r.state <> 'declined' or exists (
       select from read.person_families f
         join read.deliveries v on v.tenant = f.tenant and v.person = f.person
        where f.tenant = r.tenant and f.family_id = r.family_id
          and v.failed and v.heard_of >= r.answered_at))
"""
)

# Joined in one place each, so that every list has the same rows, filters and walls.
_ROW: Final = """
select r.referral_id, r.reference, r.family_id, r.child, r.case_id, r.state, r.route, r.needs,
       r.languages, i.child is not null as interpreter, r.urgent, r.known_before,
       case when o.child is null then r.duty_holder else o.duty_holder end as duty_holder,
       r.received_at, r.information_due_at, d.redirect_id, d.other,
"""
_FROM: Final = """ as unreached
  from read.open_referrals r
  left join read.interpreted i on i.tenant = r.tenant and i.child = r.child
  left join read.owed_now o on o.tenant = r.tenant and o.child = r.child
"""
_SELECT: Final = _ROW + MISSED + _FROM
_BY_THEMSELVES: Final = " left join read.open_redirects d on false "
_WITH_REDIRECTS: Final = """
  join read.open_redirects d on d.tenant = r.tenant and d.referral_id = r.referral_id and d.side =
"""
_WHERE: Final = """
 where r.tenant = $1
   and (r.received_at, r.referral_id) > ($3, $4)
   and (r.urgent or not $5)
   and ($6::text[] is null or r.needs && $6)
   and ($7::text is null or r.route = $7)
   and ($8::timestamptz is null or r.received_at >= $8)
   and ($9::timestamptz is null or r.received_at < $9)
   and ($10::text is null or $10 = coalesce(
           case when o.child is null then r.duty_holder else o.duty_holder end, 'undetermined'))
   and (not $11 or i.child is not null or r.languages <> '{}')
   and ($12::text is null or $12 = any(r.languages))
   and not exists (
       select from read.known_families k
        where k.tenant = r.tenant and k.worker = $2 and k.family_id = r.family_id)
   and
"""
_ORDER: Final = " order by r.received_at, r.referral_id limit $13 "

_PAGES: Final[Mapping[List, str]] = {
    List.NEW: _SELECT + _BY_THEMSELVES + _WHERE + "r.state = 'new'" + _ORDER,
    List.OPEN: _SELECT + _BY_THEMSELVES + _WHERE + HERE + _ORDER,
    List.URGENT: _SELECT + _BY_THEMSELVES + _WHERE + HERE + " and r.urgent" + _ORDER,
    List.WAITING: _SELECT
    + _BY_THEMSELVES
    + _WHERE
    + HERE
    + " and r.information_due_at is not null"
    + _ORDER,
    List.UNREACHED: _SELECT + _BY_THEMSELVES + _WHERE + MISSED_HERE + _ORDER,
    List.REDIRECTED: _SELECT + _WITH_REDIRECTS + "'sent'" + _WHERE + "true" + _ORDER,
    List.INCOMING: _SELECT + _WITH_REDIRECTS + "'came'" + _WHERE + "true" + _ORDER,
}


async def page(rows: Connection, tenant: UUID, query: Query) -> list[Entry]:
    """Return a page of a list, what was received first, first."""
    asked, after = query.filters, query.after
    found = await rows.fetch(
        _PAGES[query.list],
        tenant,
        query.worker,
        after.at,
        after.known_as,
        asked.urgent,
        list(asked.needs) or None,
        asked.route,
        asked.received_from,
        asked.received_before,
        asked.duty_holder,
        asked.language_needs,
        asked.language,
        query.limit,
    )
    return [Entry(**{name: row[name] for name in Entry.__slots__}) for row in found]
