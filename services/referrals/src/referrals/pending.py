"""What is still to be done without anybody asking, of every room."""

from ledger.connect import Connection
from referrals.people import indexing
from referrals.redirects import redirects


async def pending(connection: Connection) -> int:
    """Count the tags that are still to be made and the redirects that are to be carried over."""
    return await indexing.HEEDED.behind(connection) + await redirects.pending(connection)
