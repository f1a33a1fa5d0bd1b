"""Who may be whom, asked of the table of tags: one reading by keys, weighed afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ledger.connect import Connection
from referrals.people.scoring import Finding, finding
from referrals.people.tags import INDEX, Kind, Traits, texts
from vault.vault import Vault

Tag = tuple[Kind, UUID]

MOST_HOLDERS: Final = 50
"""People looked at for one tag; one that has more tells nothing of anybody."""

MOST_MATCHES: Final = 50

_FACTOR: Final = 100

SHARED = """
select shared.person, array_agg(distinct shared.kinds) as kinds
  from unnest($2::uuid[], $3::smallint[]) mine (tag, kind)
 cross join lateral (
       select t.person, mine.kind * 100 + t.kind as kinds
         from read.person_tags t
        where t.tenant = $1 and t.tag = mine.tag
        order by t.person, t.kind
        limit $4) shared
 group by shared.person
"""

_OF_PERSON = """
select tag, kind from read.person_tags where tenant = $1 and person = $2 order by tag, kind
"""

_FORGET = """
delete from read.person_tags t
 where t.tenant = $1 and t.person = $2
   and not exists (
       select from unnest($3::uuid[], $4::smallint[]) kept (tag, kind)
        where kept.tag = t.tag and kept.kind = t.kind)
"""

_KEEP = """
insert into read.person_tags (tenant, person, tag, kind)
select $1, $2, tag, kind from unnest($3::uuid[], $4::smallint[]) kept (tag, kind)
on conflict do nothing
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be the one looked for."""

    person: UUID
    finding: Finding


async def tags_of(vault: Vault, tenant: UUID, traits: Traits) -> list[Tag]:
    """Return the tags of somebody's traits: blind indexes, which tell nothing without the key."""
    return [
        (kind, UUID(hex=await vault.blind_index(tenant, INDEX, text)))
        for kind, text in sorted(texts(traits))
    ]


async def kept_tags(connection: Connection, tenant: UUID, person: UUID) -> list[Tag]:
    """Return the tags that are kept of a person."""
    rows = await connection.fetch(_OF_PERSON, tenant, person)
    return [(Kind(row["kind"]), row["tag"]) for row in rows]


async def keep(connection: Connection, tenant: UUID, person: UUID, tags: Sequence[Tag]) -> None:
    """Keep just these tags of a person, in the caller's transaction; none: forget the person."""
    columns = ([tag for _, tag in tags], [kind.value for kind, _ in tags])
    await connection.execute(_FORGET, tenant, person, *columns)
    await connection.execute(_KEEP, tenant, person, *columns)


async def candidates(
    connection: Connection, tenant: UUID, tags: Sequence[Tag], but: UUID | None
) -> list[Candidate]:
    """Return who shares enough with some tags to be looked at, the likeliest first.

    `but` is not among them: the person whose tags they are.
    """
    columns = ([tag for _, tag in tags], [kind.value for kind, _ in tags])
    rows = await connection.fetch(SHARED, tenant, *columns, MOST_HOLDERS)
    asked = {kind for kind, _ in tags}
    found = [
        Candidate(row["person"], finding({_kinds(each) for each in row["kinds"]}, asked))
        for row in rows
        if row["person"] != but
    ]
    possible = sorted(
        (each for each in found if each.finding.is_possible),
        key=lambda each: (-each.finding.score, each.person),
    )
    return possible[:MOST_MATCHES]


def _kinds(both: int) -> tuple[Kind, Kind]:
    mine, theirs = divmod(both, _FACTOR)
    return Kind(mine), Kind(theirs)
