"""What casework still has to do by itself, which `settle` waits for."""

from casework.allocations import parting
from casework.closures import slipping
from casework.tasks import revising
from casework.transfers import incoming_list
from ledger.connect import Connection

ACTING = (parting.HEEDED, slipping.HEEDED, revising.HEEDED)


async def pending(rows: Connection) -> int:
    """Count the facts whose consequences are not looked at, and the copies not brought."""
    heeded = [await each.behind(rows) for each in ACTING]
    return sum(heeded) + await incoming_list.pending(rows)
