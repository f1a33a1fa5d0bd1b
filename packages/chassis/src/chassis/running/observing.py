"""Brings the lags of a service to its metrics, for as long as somebody collects them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chassis.failures import Unavailable
from chassis.followers.following import pause
from chassis.running import logs
from chassis.running.gauges import CONSUMER_LAG, FEED_LAG, GAUGES, PARKED_STREAMS, RELAY_LAG, Gauges
from chassis.running.lags import heard_lags, log_lags
from ledger import parked
from throughline.operations.v1 import operations_pb2

if TYPE_CHECKING:
    from chassis.runtime import Runtime

EVERY_S = 5.0

_log = logs.logger(__name__)

_GAUGE_OF = {"relay": RELAY_LAG, "react": CONSUMER_LAG}


async def observe(runtime: "Runtime") -> None:
    """Measure every few seconds until the process is asked to end."""
    going_on = True
    while going_on:
        await measure(runtime, GAUGES)
        going_on = await pause(runtime.stopping, EVERY_S)


async def measure(runtime: "Runtime", gauges: Gauges) -> None:
    """Measure once. While the broker is away the consumer's lags stay what they were last."""
    async with runtime.worker_pool.acquire(timeout=EVERY_S) as connection:
        found = await log_lags(runtime, connection)
        streams = await parked.count(connection)
    note_lags(found.lags, streams, gauges)
    try:
        note_lags(await heard_lags(runtime), streams, gauges)
    except Unavailable as away:
        _log.warning("broker not asked", **logs.described(away))


def note_lags(found: Iterable[operations_pb2.Lag], parked_streams: int, gauges: Gauges) -> None:
    """Set the gauges: whatever follows the log is behind the feed, but for relay and consumer."""
    for lag in found:
        gauges.set(_GAUGE_OF.get(lag.role, FEED_LAG), lag.behind, lag.name, lag.shard)
    gauges.set(PARKED_STREAMS, parked_streams)
