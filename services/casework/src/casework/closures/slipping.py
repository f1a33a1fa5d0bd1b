"""Sees what slipped past a closing: a session booked, or a concern raised, in the same instant.

Both are streams of their own, so that neither waits for the other: whoever closes reads what is
open a moment before. Once the closing stands in the log nothing older is in flight, and what is
open then is looked at again; a manager is asked. It follows the log as its one leader; done twice
it asks once.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from casework.cases.case import CaseClosed
from casework.closures import looking
from casework.closures.commands import NoteLeftOpen
from casework.streams import case_stream
from chassis.followers.heeding import Heeded
from chassis.queries.reading import scoped
from ledger.commands import StoredEvent
from ledger.envelope import Envelope

if TYPE_CHECKING:
    from chassis.runtime import Runtime

HEEDED: Final = Heeded("left-open", frozenset({CaseClosed.__name__}), 500)


async def _look(runtime: "Runtime", closed: Sequence[StoredEvent]) -> None:
    await runtime.rows.seen(runtime.rows.followers, closed[-1].position)
    for each in closed:
        of_case = runtime.service.registry.decode(each)
        await _look_at(runtime, of_case.envelope, of_case.event.case_id)


async def _look_at(runtime: "Runtime", closing: Envelope, case_id: UUID) -> None:
    async with scoped(runtime.rows.pool, closing.tenant) as rows:
        found = await looking.open_in(rows, closing.tenant, case_id)
    if found.bookings or found.concerns:
        # Refused where the case went elsewhere meanwhile: its people see there what goes on.
        note = NoteLeftOpen(case_id, found.bookings, found.concerns)
        await HEEDED.carry_out(runtime, closing, note, case_stream(case_id))


async def look_behind_closings(runtime: "Runtime") -> None:
    """Look as the one leader, whenever it is this process's turn, until it is to end."""

    async def look(closed: Sequence[StoredEvent]) -> None:
        await _look(runtime, closed)

    await HEEDED.lead(runtime, look)
