"""What the roles of one process share: connections, the shell, the vault, the stopping signal."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.commands.shell import Shell
from chassis.directory import Directory
from chassis.followers.following import leading
from chassis.followers.pulse import Pulse
from chassis.queries.reading import Rows
from chassis.running.settings import Settings
from chassis.service import Service
from ledger.connect import Pool
from ledger.feed import Feed
from vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager

    from grpc.aio import Channel

    from chassis.running.lags import ConsumerLags
    from ledger.checkpoints import Lease


@dataclass(frozen=True, slots=True)
class Runtime:
    """One process of one service.

    `peers` are channels that speak with the service's own
    token. What goes through `follower_pool` may be lost with the last moments before the server
    dies, its checkpoint with it: it is made again. `stopping` is set when the process is to end.
    """

    service: Service
    settings: Settings
    directory: Directory
    shell: Shell
    vault: Vault
    feed: Feed
    pulse: Pulse
    rows: Rows
    handler_pool: Pool
    worker_pool: Pool
    follower_pool: Pool
    peers: "Mapping[str, Channel]"
    consumer_lags: "ConsumerLags"
    stopping: asyncio.Event

    @property
    def tenants(self) -> frozenset[UUID]:
        """The authorities of the directory."""
        return frozenset(self.directory.tenants)

    def leadership(
        self, name: str, shard: int = 0, shards: int = 1
    ) -> "AbstractAsyncContextManager[Lease]":
        """Enter as the one leader of a shard among all processes, once it is this one's turn.

        The body is cancelled, as LeadershipLost, when the lock is lost. Raises NotLed where the
        process is to end before its turn.
        """
        return leading(self.settings.database_worker, name, self.stopping, shard, shards)
