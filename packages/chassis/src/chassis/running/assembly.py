"""Builds what the roles of one process share, and takes it down again in the opposite order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chassis.commands.access import record_access
from chassis.commands.composing import with_own_commands
from chassis.commands.own_events import OWN
from chassis.commands.shell import Shell
from chassis.directory import Directory
from chassis.edge.rpc import connect
from chassis.followers.lookout import Lookout
from chassis.followers.project import follower_names
from chassis.followers.pulse import Pulse, Seen
from chassis.followers.sharing import Reached, SharedFeed
from chassis.identity.issuer import ServiceTokens
from chassis.queries.reading import Rows
from chassis.running.lags import ConsumerLags
from chassis.running.settings import Settings
from chassis.running.store_clock import set_clock
from chassis.runtime import Runtime
from chassis.service import Service
from ledger.connect import Pool, follower_pool, handler_pool, worker_pool
from ledger.feed import PostgresFeed
from ledger.gathering import Gathering
from ledger.postgres import PostgresStore
from ledger.snapshots import SnapshotWriter
from ledger.writer import Writer
from vault.access import Access, Opening
from vault.keys import FileRootKey
from vault.postgres import PostgresKeyring
from vault.vault import Vault

if TYPE_CHECKING:
    from grpc.aio import Channel

CLOSING_S = 5.0
"""How long each part may take to close, before it is left behind."""


@asynccontextmanager
async def runtime(service: Service, settings: Settings) -> AsyncIterator[Runtime]:
    """Give the parts of a process of a service, connected; close them when the body ends."""
    whole = replace(
        service,
        registry=service.registry.joined(OWN),
        compose=with_own_commands(service.name, service.compose),
    )
    async with AsyncExitStack() as parts:
        pools = await _pools(parts, settings)
        await set_clock(pools.workers, settings)
        pulse = _pulse(parts, settings)
        feed = SharedFeed(PostgresFeed(pools.workers), pulse)
        followers = follower_names(whole)
        reached = Reached(pools.handlers)
        rows = Rows(whole.name, pools.handlers, feed, pulse, followers, reached)
        directory = Directory.load(settings.directory_file)
        shell = await _shell(parts, whole, settings, rows, directory)
        lags = _lags(whole, settings)
        parts.push_async_callback(lags.close)
        peers = await parts.enter_async_context(_peers(settings, service.name))
        parts.push_async_callback(_end, asyncio.create_task(pulse.run()))
        yield Runtime(
            service=whole,
            settings=settings,
            directory=directory,
            shell=shell,
            vault=shell.vault,
            feed=feed,
            pulse=pulse,
            rows=rows,
            handler_pool=pools.handlers,
            worker_pool=pools.workers,
            follower_pool=pools.followers,
            peers=peers,
            consumer_lags=lags,
            stopping=asyncio.Event(),
        )


@dataclass(frozen=True, slots=True)
class _Pools:
    handlers: Pool
    workers: Pool
    followers: Pool


async def _pools(parts: AsyncExitStack, settings: Settings) -> _Pools:
    async def opened(opening: Awaitable[Pool]) -> Pool:
        pool = await opening
        parts.push_async_callback(_close_pool, pool)
        return pool

    return _Pools(
        await opened(handler_pool(settings.database_handler)),
        await opened(worker_pool(settings.database_worker, size=12)),
        await opened(follower_pool(settings.database_worker, size=8)),
    )


def _pulse(parts: AsyncExitStack, settings: Settings) -> Pulse:
    """Make the pulse: it looks over a connection of its own, by which others can hint it to."""

    async def look() -> Seen:
        return Seen(*await lookout.look())

    lookout = Lookout(settings.database_worker, lambda: pulse.hinted())  # noqa: PLW0108 # the pulse comes after
    parts.callback(lookout.close)
    pulse = Pulse(look, lookout.hint_others)
    return pulse


async def _shell(
    parts: AsyncExitStack,
    service: Service,
    settings: Settings,
    rows: Rows,
    directory: Directory,
) -> Shell:
    """Make the shell; its vault records what is read through the shell itself."""

    async def record(access: Access, openings: Sequence[Opening]) -> None:
        await record_access(shell, access, openings)

    keyring = await PostgresKeyring.connect(settings.keyring)
    parts.push_async_callback(keyring.close)
    store = Gathering(PostgresStore(rows.pool))
    snapshots = SnapshotWriter(store)
    parts.push_async_callback(_close_writer, snapshots)
    shell = Shell(
        service=service.name,
        registry=service.registry,
        store=store,
        writer=Writer(store),
        vault=Vault(keyring, FileRootKey.read(settings.root_key_file), record),
        rows=rows,
        pulse=rows.pulse,
        compose=service.compose,
        outcome=service.outcome,
        snapshots=snapshots,
        partnerships=directory.partnership_slugs,
        authorities=directory.kept_here,
    )
    # Appends in flight end before what they need is closed.
    parts.push_async_callback(_close_writer, shell.writer)
    return shell


def _lags(service: Service, settings: Settings) -> ConsumerLags:
    topics = {f"throughline.{each.service}.v1" for each in service.subscriptions}
    return ConsumerLags(settings.kafka, f"throughline.{service.name}", topics)


@asynccontextmanager
async def _peers(settings: Settings, name: str) -> "AsyncIterator[Mapping[str, Channel]]":
    """Give a channel to each peer that speaks with this service's own token."""
    tokens = ServiceTokens(settings, name)
    async with AsyncExitStack() as channels:
        yield {
            peer: await channels.enter_async_context(connect(target, tokens))
            for peer, target in settings.peers.items()
        }


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task], timeout=CLOSING_S)


async def _close_writer(writer: Writer | SnapshotWriter) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSING_S):
            await writer.close()


async def _close_pool(pool: Pool) -> None:
    try:
        async with asyncio.timeout(CLOSING_S):
            await pool.close()
    except TimeoutError:
        pool.terminate()
