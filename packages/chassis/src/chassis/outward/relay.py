"""The relay: every stored event becomes one record of the service's topic, in order per key.

One leader, one sending task. Pages are handed to the producer without waiting; while they are on
their way the next is read. The checkpoint moves over the highest contiguous acknowledged event.
After any send error the producer is made anew and sending goes on behind the checkpoint: a record
may come twice, none is lost, and none overtakes another of its key. While much waits, news that
ends a sharing goes ahead with all that its key had before it (`foremost.py`, ADR 17).

An event that can never be a record parks its stream, with an alert, and the others flow. The same
task tries it again, with growing pauses.
"""

from typing import TYPE_CHECKING

from aiokafka.errors import KafkaError

from chassis.commands.own_events import RELAY
from chassis.followers.following import pause
from chassis.outward import broker
from chassis.outward.foremost import PostgresForemost
from chassis.outward.outbox import Outbox, PostgresOutbox
from chassis.outward.sending import Sending
from chassis.running import logs

if TYPE_CHECKING:
    from chassis.runtime import Runtime

PAUSE_S = 0.5

_log = logs.logger(__name__)


async def relay(runtime: "Runtime") -> None:
    """Send until the process is asked to end."""
    async with runtime.leadership(RELAY) as lease:
        outbox = PostgresOutbox(runtime, lease)
        while not runtime.stopping.is_set():
            sender = broker.producer(runtime.settings.kafka)
            try:
                await sender.start()
                topic = broker.KafkaBroker(sender, runtime.service.topic)
                await sending(runtime, topic, outbox).run()
            except (KafkaError, TimeoutError, OSError) as error:
                _log.warning("relay interrupted", error=type(error).__name__)
                await pause(runtime.stopping, PAUSE_S)
            finally:
                await sender.stop()


def sending(runtime: "Runtime", topic: broker.Broker, outbox: Outbox) -> Sending:
    """Make the sending of a process with one producer."""
    return Sending(
        service=runtime.service,
        store=runtime.shell.store,
        feed=runtime.feed,
        pulse=runtime.pulse,
        broker=topic,
        outbox=outbox,
        stopping=runtime.stopping,
        foremost=PostgresForemost(runtime),
    )
