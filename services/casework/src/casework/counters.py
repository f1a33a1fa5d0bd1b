"""What an operator may count: cases, sessions and corrections of each authority."""

from ledger.connect import Connection

_COUNT = """
select tenant,
       count(*) filter (where state = 'open') as open,
       count(*) filter (where state = 'open' and lead is not null) as allocated,
       count(*) filter (where state = 'closed') as closed,
       count(*) filter (where overdue) as overdue,
       coalesce(sum(sessions), 0)::bigint as sessions,
       coalesce(sum(corrections), 0)::bigint as corrections
  from read.cases group by tenant
"""

NAMES = ("open", "allocated", "closed", "overdue", "sessions", "corrections")


async def counters(rows: Connection) -> dict[str, int]:
    """Count by "authority/name": cases open, those of them led, closed, late; and entries."""
    return {
        f"{row['tenant']}/{name}": row[name] for row in await rows.fetch(_COUNT) for name in NAMES
    }
