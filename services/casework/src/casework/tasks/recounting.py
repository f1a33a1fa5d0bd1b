"""Counts open tasks anew whose working days were counted by another calendar than today's.

The calendar comes with the process, so this is done when one begins to lead. The day before stays
on record, and in the list of work.
"""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from casework.rules.calendars import in_force
from casework.streams import SERVICE, task_stream
from casework.tasks.commands import Recount
from chassis.acting import Act
from chassis.roles import Role
from chassis.running import logs
from ledger.connect import ACQUIRE_S
from ledger.decider import Refusal
from ledger.envelope import Actor
from ledger.ids import caused_id
from ledger.working_days import Calendar

if TYPE_CHECKING:
    from chassis.runtime import Runtime

NAME: Final = "task-recount"
AT_ONCE: Final = 200

_COUNTED_OTHERWISE = """
select t.tenant, t.task_id
  from read.tasks t
 where t.over_at is null and t.calendar <> '' and t.calendar <> $1 and t.task_id > $2
 order by t.task_id
 limit $3
"""

_log = logs.logger(__name__)


async def recount(runtime: "Runtime", calendar: Calendar | None = None) -> int:
    """Count anew all open tasks that another calendar was used for; answer how many there were."""
    by = calendar or in_force()
    count, last = 0, UUID(int=0)
    while not runtime.stopping.is_set():
        async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            found = await connection.fetch(_COUNTED_OTHERWISE, by.version, last, AT_ONCE)
        if not found:
            break
        for row in found:
            await _one(runtime, row["tenant"], row["task_id"], by)
        count, last = count + len(found), found[-1]["task_id"]
    if count:
        _log.info("tasks counted anew", count=count, version=by.version)
    return count


async def _one(runtime: "Runtime", tenant: UUID, task_id: UUID, calendar: Calendar) -> None:
    stream = task_stream(task_id)
    try:
        await runtime.shell.execute(
            Act(
                command_id=caused_id(NAME, task_id, calendar.version, stream),
                tenant=tenant,
                scope=frozenset([tenant]),
                actor=Actor(f"service:{SERVICE}", Role.SERVICE.value),
                command=Recount(stream, calendar),
            )
        )
    except Refusal as refusal:
        _log.info("task not counted anew", stream_id=stream, refusal=refusal.code)
