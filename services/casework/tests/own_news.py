"""What casework tells itself, delivered by hand: always twice."""

from typing import TYPE_CHECKING

from casework.__main__ import SERVICE
from casework.transfers.carrying import errands
from chassis.inward.hearing import Hearing
from chassis.outward.records import Arrived, to_record
from ledger.rows import stored_event

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

_OWN = """
select e.* from es.events e join es.streams s using (tenant, stream_id)
 where e.position > $1
   and s.category in ('Transfer', 'IncomingTransfer', 'DutyChange', 'DutyArrival')
 order by e.position
"""


class News:
    """What passes between two authorities, from a position of the log on."""

    def __init__(self, office: "Office", position: int) -> None:
        self._office = office
        self._position = position

    async def told(self, *speakers: "Speaker") -> None:
        """Deliver until nothing is new; these see all of it."""
        parts = self._office.parts
        while rows := await parts.worker_pool.fetch(_OWN, self._position):
            self._position = rows[-1]["position"]
            records = [to_record(SERVICE, stored_event(row)) for row in rows]
            arrived = [
                Arrived(SERVICE.topic, 0, 0, each.key, each.value, each.headers) for each in records
            ]
            await Hearing(parts).batch(arrived)
            await Hearing(parts).batch(arrived)
        newest = await self._office.newest()
        for each in speakers:
            each.seen = newest

    async def copied(self) -> None:
        """Let the carrier bring what is to be brought."""
        parts = self._office.parts
        await parts.rows.seen(("transfers",), await parts.feed.last_position())
        await errands(parts).round()
