"""Builds what the roles of one process share, and takes it down again in the opposite order."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from chassis.access import record_access
from chassis.composing import with_own_commands
from chassis.directory import Directory
from chassis.following import leading
from chassis.issuer import ServiceTokens
from chassis.lags import ConsumerLags
from chassis.own_events import OWN
from chassis.project import follower_names
from chassis.pulse import Pulse
from chassis.reading import Rows
from chassis.rpc import connect
from chassis.runtime import Runtime
from chassis.service import Service
from chassis.settings import Settings
from chassis.sharing import SharedFeed
from chassis.shell import Shell
from chassis.store_clock import set_clock
from ledger.connect import follower_pool, handler_pool, worker_pool
from ledger.feed import PostgresFeed
from ledger.postgres import PostgresStore
from ledger.writer import Writer
from vault.access import Access, Opening
from vault.keys import FileRootKey
from vault.postgres import PostgresKeyring
from vault.vault import Vault

if TYPE_CHECKING:
    from grpc.aio import Channel


@asynccontextmanager
async def runtime(service: Service, settings: Settings) -> AsyncIterator[Runtime]:
    """Give the parts of a process of a service, connected; close them when the body ends."""
    whole = replace(
        service,
        registry=service.registry.joined(OWN),
        compose=with_own_commands(service.name, service.compose),
    )
    async with AsyncExitStack() as parts:
        handlers = await parts.enter_async_context(await handler_pool(settings.database_handler))
        workers = await parts.enter_async_context(
            await worker_pool(settings.database_worker, size=12)
        )
        followers = await parts.enter_async_context(
            await follower_pool(settings.database_worker, size=8)
        )
        await set_clock(workers, settings)
        log = PostgresFeed(workers)
        pulse = Pulse(log.last_position)
        feed = SharedFeed(log, pulse)
        store = PostgresStore(handlers)
        writer = Writer(store)
        parts.push_async_callback(writer.close)
        rows = Rows(service.name, handlers, feed, pulse, follower_names(whole))
        shells: list[Shell] = []

        async def record(access: Access, openings: Sequence[Opening]) -> None:
            await record_access(shells[0], access, openings)

        keyring = await PostgresKeyring.connect(settings.keyring)
        parts.push_async_callback(keyring.close)
        vault = Vault(keyring, FileRootKey.read(settings.root_key_file), record)
        shell = Shell(
            service=service.name,
            registry=whole.registry,
            store=store,
            writer=writer,
            vault=vault,
            rows=rows,
            pulse=pulse,
            compose=whole.compose,
            outcome=whole.outcome,
        )
        shells.append(shell)
        lags = ConsumerLags(
            settings.kafka,
            f"throughline.{service.name}",
            {f"throughline.{each.service}.v1" for each in service.subscriptions},
        )
        parts.push_async_callback(lags.close)
        beating = asyncio.create_task(pulse.run())
        parts.callback(beating.cancel)
        yield Runtime(
            service=whole,
            settings=settings,
            directory=Directory.load(settings.directory_file),
            shell=shell,
            vault=vault,
            feed=feed,
            pulse=pulse,
            rows=rows,
            handler_pool=handlers,
            worker_pool=workers,
            follower_pool=followers,
            peers=await parts.enter_async_context(_peers(settings, service.name)),
            leadership=partial(leading, settings.database_worker),
            consumer_lags=lags,
            stopping=asyncio.Event(),
        )


@asynccontextmanager
async def _peers(settings: Settings, name: str) -> "AsyncIterator[Mapping[str, Channel]]":
    """Give a channel to each peer that speaks with this service's own token."""
    tokens = ServiceTokens(settings, name)
    async with AsyncExitStack() as channels:
        yield {
            peer: await channels.enter_async_context(connect(target, tokens))
            for peer, target in settings.peers.items()
        }
