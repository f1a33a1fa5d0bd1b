"""The sender: what is pending goes out, a few messages at once, from one leader in one process."""

import asyncio
import time
from typing import TYPE_CHECKING

from chassis.failures import PASSING
from chassis.followers.following import LeadershipLost
from chassis.followers.pulse import Pulse
from chassis.running import logs, telemetry
from ledger.connect import ACQUIRE_S, Pool
from notifications import pending
from notifications.contacts import ContactNotTold, Contacts
from notifications.delivery import Delivery
from notifications.mail import Connections
from notifications.pending import Pending
from notifications.settings import NotificationsSettings

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.runtime import Runtime

NAME = "sender"

LOOK_EVERY_S = 0.1
# The read model follows the log by a moment: a message that was brought on may still look due.
REST_S = 0.5
REST_AFTER_FAILURE_S = 15.0
STORE_PAUSE_S = 1.0
GRACE_S = 5.0

_log = logs.logger(__name__)


class Sender:
    """Takes up what is due until it is stopped; what it has in hand it finishes, within bounds."""

    def __init__(self, delivery: Delivery, pool: Pool, pulse: Pulse, *, at_once: int) -> None:
        self._delivery = delivery
        self._pool = pool
        self._pulse = pulse
        self._at_once = at_once
        self._under_way: dict[UUID, asyncio.Task[None]] = {}
        # Until when (monotonic seconds) a message is left alone.
        self._resting: dict[UUID, float] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Send until told to stop."""
        try:
            while not stopping.is_set():
                beat = self._pulse.beats
                try:
                    await self._take_up()
                except PASSING as error:
                    _log.warning("pending messages not read", error=type(error).__name__)
                    await asyncio.sleep(STORE_PAUSE_S)
                if len(self._under_way) < self._at_once:
                    await self._pulse.grown(beat, patience_s=LOOK_EVERY_S)
                else:
                    await asyncio.wait(
                        self._under_way.values(),
                        timeout=LOOK_EVERY_S,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
            if self._under_way:
                await asyncio.wait(self._under_way.values(), timeout=GRACE_S)
        finally:
            await self._let_go()

    async def _take_up(self) -> None:
        now = time.monotonic()
        self._resting = {id_: until for id_, until in self._resting.items() if until > now}
        room = self._at_once - len(self._under_way)
        if room == 0:
            return
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            found = await pending.due(
                connection,
                self._delivery.channels,
                {*self._under_way, *self._resting},
                room,
            )
        for due in found:
            self._under_way[due.message_id] = asyncio.create_task(self._one(due))

    async def _one(self, due: Pending) -> None:
        rest_s = REST_S
        try:
            with telemetry.continued(due.traceparent, "deliver message"):
                await self._delivery.bring_on(due)
        except asyncio.CancelledError:
            raise
        except PASSING as error:
            rest_s = STORE_PAUSE_S
            _log.warning("message waits", message_id=due.message_id, error=type(error).__name__)
        except ContactNotTold as error:
            rest_s = REST_AFTER_FAILURE_S
            _log.error("contact not told", message_id=due.message_id, status=str(error))
        except Exception as error:  # noqa: BLE001 # one message must not stop the others
            rest_s = REST_AFTER_FAILURE_S
            _log.error("message not brought on", message_id=due.message_id, **logs.described(error))
        finally:
            self._under_way.pop(due.message_id, None)
            self._resting[due.message_id] = time.monotonic() + rest_s

    async def _let_go(self) -> None:
        """Leave what is still under way: it is in doubt, and the next leader takes it up."""
        left = list(self._under_way.values())
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def send_messages(runtime: "Runtime") -> None:
    """Send as the one leader, whenever it is this process's turn, until it is asked to end."""
    settings = runtime.settings
    if not isinstance(settings, NotificationsSettings):
        raise TypeError("the settings of notifications are needed")
    server = settings.mail_server
    connections = Connections(server)
    delivery = Delivery(
        shell=runtime.shell,
        directory=runtime.directory,
        contacts=Contacts(runtime.peers["referrals"]),
        connections=connections,
        server=server,
        retries=settings.retries,
    )
    try:
        while not runtime.stopping.is_set():
            sender = Sender(
                delivery, runtime.worker_pool, runtime.pulse, at_once=server.connections
            )
            try:
                async with runtime.leadership(NAME):
                    await sender.run(runtime.stopping)
            except* LeadershipLost:
                _log.warning("leadership lost", name=NAME)
    finally:
        connections.close()
