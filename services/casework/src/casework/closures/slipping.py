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
from casework.streams import SERVICE, case_stream
from chassis.acting import Act
from chassis.followers.following import lead
from chassis.followers.heeding import Heeded
from chassis.queries.reading import scoped
from chassis.roles import Role
from chassis.running import logs
from ledger.commands import StoredEvent
from ledger.decider import Refusal
from ledger.envelope import Actor, Envelope
from ledger.ids import caused_id

if TYPE_CHECKING:
    from chassis.runtime import Runtime
    from ledger.checkpoints import Lease

HEEDED: Final = Heeded("left-open", frozenset({CaseClosed.__name__}), 500)
_NOTE: Final = NoteLeftOpen.__name__
ACTOR: Final = Actor(f"service:{SERVICE}", Role.SERVICE.value)

_log = logs.logger(__name__)


async def _look(runtime: "Runtime", closed: Sequence[StoredEvent]) -> None:
    if not closed:
        return
    await runtime.rows.seen(runtime.rows.followers, closed[-1].position)
    for each in closed:
        of_case = runtime.service.registry.decode(each)
        await _look_at(runtime, of_case.envelope, of_case.event.case_id)


async def _look_at(runtime: "Runtime", closing: Envelope, case_id: UUID) -> None:
    tenant = closing.tenant
    async with scoped(runtime.rows.pool, tenant) as rows:
        found = await looking.open_in(rows, tenant, case_id)
    if not (found.bookings or found.concerns):
        return
    note = NoteLeftOpen(case_id, found.bookings, found.concerns)
    act = Act(
        command_id=caused_id(HEEDED.name, closing.event_id, _NOTE, case_stream(case_id)),
        tenant=tenant,
        scope=frozenset([tenant]),
        actor=ACTOR,
        command=note,
        correlation_id=closing.correlation_id,
        causation_id=closing.event_id,
    )
    try:
        await runtime.shell.execute(act)
    except Refusal as refusal:
        # The case went to another authority meanwhile: its people see there what goes on.
        _log.info("left open not noted", event_id=closing.event_id, refusal=refusal.code)


async def look_behind_closings(runtime: "Runtime") -> None:
    """Look as the one leader, whenever it is this process's turn, until it is to end."""

    async def follow(lease: "Lease") -> None:
        async def look(closed: Sequence[StoredEvent]) -> None:
            await _look(runtime, closed)

        await HEEDED.follow(runtime, lease, look)

    await lead(runtime, HEEDED.name, follow)
