"""How many there are in each list of an authority, for one worker's eyes."""

from collections.abc import Mapping
from uuid import UUID

from ledger.connect import Connection
from referrals.worklists.lists import MISSED_HERE, List

CLOCKS_LATE = "clocks-late"
DRAFTS = "drafts"
ENQUIRIES = "enquiries"
PROPOSALS = "match-proposals"

_OPEN = """
select count(*) filter (where r.state = 'new') as new,
       count(*) filter (where r.urgent) as urgent,
       count(*) filter (where r.information_due_at is not null) as waiting,
       count(*) as open
  from read.open_referrals r
 where r.tenant = $1 and r.state in ('new', 'screened')
   and not exists (
       select from read.known_families k
        where k.tenant = r.tenant and k.worker = $2 and k.family_id = r.family_id)
"""
_UNREACHED = (
    """
select count(*)
  from read.open_referrals r
 where r.tenant = $1
   and not exists (
       select from read.known_families k
        where k.tenant = r.tenant and k.worker = $2 and k.family_id = r.family_id)
   and
"""
    + MISSED_HERE
)
_REDIRECTS = """
select count(*) filter (where d.side = 'sent') as sent,
       count(*) filter (where d.side = 'came') as came
  from read.open_redirects d
  join read.open_referrals r on r.tenant = d.tenant and r.referral_id = d.referral_id
 where d.tenant = $1
   and not exists (
       select from read.known_families k
        where k.tenant = r.tenant and k.worker = $2 and k.family_id = r.family_id)
"""
_LATE = """
select count(*)
  from read.clocks c
  left join read.open_referrals r on r.tenant = c.tenant and r.referral_id = c.referral_id
 where c.tenant = $1 and c.late
   and not exists (
       select from read.known_families k
        where k.tenant = c.tenant and k.worker = $2 and k.family_id = r.family_id)
"""
_DRAFTS = "select count(*) from read.drafts where tenant = $1 and state = 'open'"
_ENQUIRIES = "select count(*) from read.enquiries where tenant = $1 and state = 'open'"

# One that would tell of a child's earlier identity is in no list of theirs, and not counted.
_PROPOSALS = """
select count(*)
  from read.match_proposals p
 where p.tenant = $1 and p.state = 'proposed'
   and not exists (
       select from read.earlier_identities e
        where e.tenant = p.tenant and e.person in (p.one, p.other))
   and not exists (
       select from read.known_families k
         join read.person_families f on f.tenant = k.tenant and f.family_id = k.family_id
        where k.tenant = p.tenant and k.worker = $2 and f.person in (p.one, p.other))
"""


async def counts(rows: Connection, tenant: UUID, worker: UUID) -> Mapping[str, int]:
    """Count each list of an authority."""
    here = await rows.fetchrow(_OPEN, tenant, worker)
    redirects = await rows.fetchrow(_REDIRECTS, tenant, worker)
    if here is None or redirects is None:
        raise LookupError("a count of nothing is a row too")
    return {
        List.NEW.value: here["new"],
        List.URGENT.value: here["urgent"],
        List.WAITING.value: here["waiting"],
        List.OPEN.value: here["open"],
        List.UNREACHED.value: await rows.fetchval(_UNREACHED, tenant, worker),
        List.REDIRECTED.value: redirects["sent"],
        List.INCOMING.value: redirects["came"],
        CLOCKS_LATE: await rows.fetchval(_LATE, tenant, worker),
        DRAFTS: await rows.fetchval(_DRAFTS, tenant),
        PROPOSALS: await rows.fetchval(_PROPOSALS, tenant, worker),
        ENQUIRIES: await rows.fetchval(_ENQUIRIES, tenant),
    }
