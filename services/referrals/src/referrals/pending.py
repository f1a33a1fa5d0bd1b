"""What is still to be done without anybody asking, of every room."""

from ledger.connect import Connection
from referrals.arrivals import awaited
from referrals.people import indexing
from referrals.redirects import redirects


async def pending(connection: Connection) -> int:
    """Count the tags that are still to be made, and what is to be carried between authorities."""
    return (
        await indexing.HEEDED.behind(connection)
        + await redirects.pending(connection)
        + await awaited.pending(connection)
    )
