"""One leader per follower of the feed: a session lock outside every pool, and a new epoch."""

from ledger.checkpoints import Lease


class Leadership:
    """Held until closed, or until its connection is lost. The lease's epoch outlives neither."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease

    @classmethod
    async def seek(
        cls, dsn: str, name: str, shard: int = 0, owner: str = ""
    ) -> "Leadership | None":
        """Try to become the leader; None while somebody else is."""
        raise NotImplementedError

    async def holds(self) -> bool:
        """Ask over the lock's own connection whether the lock is still held."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let the next one lead."""
        raise NotImplementedError
