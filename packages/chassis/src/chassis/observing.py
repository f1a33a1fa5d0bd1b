"""Brings the lags of a service to its metrics, for as long as somebody collects them."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chassis.gauges import CONSUMER_LAG, FEED_LAG, GAUGES, PARKED_STREAMS, RELAY_LAG, Gauges
from chassis.lags import lags
from ledger import parked
from throughline.operations.v1 import operations_pb2

if TYPE_CHECKING:
    from chassis.runtime import Runtime

EVERY_S = 5.0

_GAUGE_OF = {"relay": RELAY_LAG, "react": CONSUMER_LAG}


async def observe(runtime: "Runtime") -> None:
    """Measure every few seconds until the process is asked to end."""
    while not runtime.stopping.is_set():
        async with runtime.worker_pool.acquire(timeout=EVERY_S) as connection:
            found = await lags(runtime, connection)
            streams = await parked.count(connection)
        note_lags(found.lags, streams, GAUGES)
        try:
            await asyncio.wait_for(runtime.stopping.wait(), EVERY_S)
        except TimeoutError:
            continue


def note_lags(found: Iterable[operations_pb2.Lag], parked_streams: int, gauges: Gauges) -> None:
    """Set the gauges: whatever follows the log is behind the feed, but for relay and consumer."""
    for lag in found:
        gauges.set(_GAUGE_OF.get(lag.role, FEED_LAG), lag.behind, lag.name, lag.shard)
    gauges.set(PARKED_STREAMS, parked_streams)
