"""What casework still has to do by itself, which `settle` waits for."""

from casework.tasks import revising
from casework.transfers import incoming_list
from ledger.connect import Connection


async def pending(rows: Connection) -> int:
    """Count the facts whose consequences are not looked at, and the copies not brought."""
    return await revising.HEEDED.behind(rows) + await incoming_list.pending(rows)
