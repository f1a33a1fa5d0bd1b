"""Ends what parts a worker has, or was offered, in cases of people whom he turns out to know.

Where it is said of one case, his part in that one ends in the same append, and the wall is there
for all of them. Only the log knows where else he works, and what was given to him in that instant:
once it stands there nothing older is in flight, and nothing newer is given to him. It follows as
its one leader; done twice it ends nothing twice.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from casework.allocations import conflict
from casework.allocations.allocation_events import LeavingReason
from casework.allocations.commands import EndPartInCase
from casework.streams import allocation_stream, interest_stream
from chassis.followers.heeding import Heeded
from chassis.queries.reading import scoped
from ledger.commands import StoredEvent
from ledger.envelope import Recorded
from ledger.personal import Plain

if TYPE_CHECKING:
    from chassis.runtime import Runtime

HEEDED: Final = Heeded("parts-in-conflict", frozenset({conflict.ConflictDeclared.__name__}), 500)

# A worker leads or has offers in dozens of cases; those of one family are a few of them.
_HIS = """
select of_his.case_id
  from (select case_id from read.case_parts where tenant = $1 and worker = $2
        union
        select case_id from read.offers where tenant = $1 and worker = $2 and answer = 'open')
       as of_his
  join read.cases k on k.tenant = $1 and k.case_id = of_his.case_id
 where k.child = $3 or k.family_id = $3
 order by of_his.case_id
"""


async def _look(runtime: "Runtime", declared: Sequence[StoredEvent]) -> None:
    await runtime.rows.seen(runtime.rows.followers, declared[-1].position)
    for each in declared:
        await _end_parts(runtime, runtime.service.registry.decode(each))


async def _end_parts(runtime: "Runtime", declared: Recorded[Any]) -> None:
    who, about, tenant = declared.event.worker, declared.event.about, declared.envelope.tenant
    stands = await runtime.shell.state(tenant, conflict.DECIDER, interest_stream(who, about))
    if not isinstance(stands, conflict.InConflict):
        return
    async with scoped(runtime.rows.pool, tenant) as rows:
        found = await rows.fetch(_HIS, tenant, who, about)
    for case_id in (row["case_id"] for row in found):
        end = EndPartInCase(case_id, who, LeavingReason.CONFLICT_OF_INTEREST, Plain(None))
        await HEEDED.carry_out(runtime, declared.envelope, end, allocation_stream(case_id))


async def end_parts_in_conflict(runtime: "Runtime") -> None:
    """End them as the one leader, whenever it is this process's turn, until it is to end."""

    async def look(declared: Sequence[StoredEvent]) -> None:
        await _look(runtime, declared)

    await HEEDED.lead(runtime, look)
