"""How tasks stand: a read model without words, from which lists of work are read."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from casework.allocations.allocation_events import AllocationEnded, CaseAllocated, LeadEnded
from casework.tasks import task_events as told
from casework.transfers.events import CustodyCameBack, CustodyPassed
from ledger.envelope import Envelope, Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Statement, Write

NO_DAY = date(9999, 12, 31)
"""Stands for the due day of a task that has none, so that it comes last."""

# All writes of one case keep their order (`key`: authority and case): a task asks for its lead.
_RAISED = Statement(
    "task raised",
    """
    insert into read.tasks
        (tenant, case_id, task_id, child, kind, about, raised_at, due, earlier, rule, calendar,
         desk, asked, taken_by, worker, state, step, outcome, over_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, '{}', $9, $10, $11, $12, null,
            coalesce($12, case when $11 = 'lead' then (
                select l.worker from read.task_leads l
                 where l.tenant = $1 and l.case_id = $2) end),
            'waiting', 0, null, null)
    on conflict (tenant, task_id) do update
       set raised_at = excluded.raised_at, due = excluded.due, earlier = '{}',
           rule = excluded.rule, calendar = excluded.calendar, desk = excluded.desk,
           asked = excluded.asked, taken_by = null, worker = excluded.worker, state = 'waiting',
           step = 0, outcome = null, over_at = null
    """,
)
_WHOSE = """coalesce(asked, case when desk = 'lead' then (
               select l.worker from read.task_leads l
                where l.tenant = $1 and l.case_id = $2) end)"""
_TAKEN = Statement(
    "task taken",
    "update read.tasks set state = 'taken', taken_by = $4, worker = $4"
    " where tenant = $1 and case_id is not distinct from $2 and task_id = $3",
)
_HANDED_ON = Statement(
    "task handed on",
    """
    update read.tasks
       set state = 'waiting', taken_by = null, desk = $4, asked = $5,
           worker = coalesce($5, case when $4 = 'lead' then (
               select l.worker from read.task_leads l
                where l.tenant = $1 and l.case_id = $2) end)
     where tenant = $1 and case_id is not distinct from $2 and task_id = $3
    """,
)
_MOVED = Statement(
    "task moved",
    """
    update read.tasks
       set due = $4, earlier = case when $5::date is null then earlier else earlier || $5::date end,
           rule = coalesce($6, rule), calendar = $7, step = 0
     where tenant = $1 and case_id is not distinct from $2 and task_id = $3
    """,
)
_COUNTED = Statement(
    "task counted",
    "update read.tasks set calendar = $4"
    " where tenant = $1 and case_id is not distinct from $2 and task_id = $3",
)
_ESCALATED = Statement(
    "task escalated",
    "update read.tasks set state = 'waiting', taken_by = null, step = $4, worker = "
    + _WHOSE
    + " where tenant = $1 and case_id is not distinct from $2 and task_id = $3",
)
_OVER = Statement(
    "task over",
    "update read.tasks set state = $4, outcome = $5, over_at = $6"
    " where tenant = $1 and case_id is not distinct from $2 and task_id = $3",
)
_LED = Statement(
    "task lead",
    """
    with led as (
        insert into read.task_leads (tenant, case_id, worker) values ($1, $2, $3)
        on conflict (tenant, case_id) do update set worker = excluded.worker)
    update read.tasks set worker = $3
     where tenant = $1 and case_id = $2 and desk = 'lead' and asked is null and taken_by is null
       and over_at is null
    """,
)
_LED_NO_MORE = Statement(
    "task lead ended",
    """
    with led as (delete from read.task_leads where tenant = $1 and case_id = $2)
    update read.tasks set worker = null
     where tenant = $1 and case_id = $2 and desk = 'lead' and asked is null and taken_by is null
       and over_at is null
    """,
)
_PASSED_ON = Statement(
    "tasks passed on",
    "update read.tasks set outcome = 'passed-on', over_at = $3"
    " where tenant = $1 and case_id = $2 and over_at is null",
)
_CAME_BACK = Statement(
    "tasks came back",
    "update read.tasks set outcome = null, over_at = null"
    " where tenant = $1 and case_id = $2 and outcome = 'passed-on'",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Follow each task, and who leads its case; of a case that was passed on none is to be done."""
    at = recorded.envelope
    match recorded.event:
        case CaseAllocated(case_id=case_id, worker=worker):
            return [_LED(at.tenant, case_id, worker)]
        case AllocationEnded(case_id=case_id) | LeadEnded(case_id=case_id):
            return [_LED_NO_MORE(at.tenant, case_id)]
        case CustodyPassed(case_id=case_id):
            return [_PASSED_ON(at.tenant, case_id, at.recorded_at)]
        case CustodyCameBack(case_id=case_id):
            return [_CAME_BACK(at.tenant, case_id)]
        case told.TaskRaised() as raised:
            return [_raised(at, raised)]
        case event:
            return _went_on(at, event)


def _raised(at: Envelope, raised: told.TaskRaised) -> Write:
    return _RAISED(
        at.tenant,
        at.case_id,
        raised.task_id,
        raised.child,
        raised.kind.value,
        raised.about,
        at.recorded_at,
        raised.due_on or NO_DAY,
        raised.rule,
        raised.calendar,
        raised.whom.desk.value,
        raised.whom.worker,
    )


def _went_on(  # noqa: PLR0911 # a row an event
    at: Envelope, event: object
) -> Sequence[Write]:
    match event:
        case told.TaskAcknowledged(task_id, by):
            return [_TAKEN(at.tenant, at.case_id, task_id, by)]
        case told.TaskHandedOn(task_id, to):
            return [_HANDED_ON(at.tenant, at.case_id, task_id, to.desk.value, to.worker)]
        case told.TaskDueMoved(task_id, day, before, rule, calendar=calendar):
            return [_MOVED(at.tenant, at.case_id, task_id, day, before, rule, calendar)]
        case told.TaskRecounted(task_id, day, before, calendar) if day != before:
            return [_MOVED(at.tenant, at.case_id, task_id, day, before, None, calendar)]
        case told.TaskRecounted(task_id, calendar=calendar):
            return [_COUNTED(at.tenant, at.case_id, task_id, calendar)]
        case told.TaskEscalated(task_id, step=step):
            return [_ESCALATED(at.tenant, at.case_id, task_id, step)]
        case told.TaskCompleted(task_id, outcome=outcome) | told.TaskSettled(task_id, outcome):
            return [_over(at, task_id, "done", outcome.value)]
        case told.TaskDropped(task_id, reason):
            return [_over(at, task_id, "dropped", reason.value)]
        case _:
            return []


def _over(at: Envelope, task_id: UUID, state: str, outcome: str) -> Write:
    return _OVER(at.tenant, at.case_id, task_id, state, outcome, at.recorded_at)


PROJECTION = Projection("tasks", project, ("read.tasks", "read.task_leads"), By.CASE)
