"""The full history of a case, unsealed, as known at an instant; beside the SQL read alone."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
from google.protobuf.timestamp_pb2 import Timestamp

from bench.figures import Run, summed
from bench.plan import Plan
from bench.platform import Office
from bench.servers import counting
from chassis.roles import Role
from throughline.casework.v1 import casework_pb2, casework_pb2_grpc
from throughline.common.v1.common_pb2 import Occurred, ReadContext
from throughline.history.v1 import history_pb2, history_pb2_grpc
from throughline_cli.operating import Operator
from throughline_cli.people import Person
from throughline_cli.playing import once_there, register_workers

RECORDERS = 8
AT_ONCE = 1_000
"""Entries that may come in one part of the answer."""

PATIENCE_S = 60.0
WORDS = "What was said and done in the session, in as many words as such notes have. " * 3
SINCE = date(2025, 1, 1)
HELD = datetime(2025, 1, 1, tzinfo=UTC)
"""Where simulated time stands: all sessions are recorded at this instant."""

KNOWN = HELD + timedelta(minutes=30)
LATER = HELD + timedelta(hours=1)
"""Once the clock stands here nothing can still be recorded at the instant that is asked for."""

_READ = """
select e.* from es.threads t join es.events e on e.position = t.position and e.tenant = t.tenant
 where t.tenant = $1 and t.thread = $2 order by e.position
"""


async def measure(office: Office, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Return how long one reading takes over gRPC, and the same rows by SQL."""
    case = await _a_case(office)
    say(f"recording {plan.history:,} sessions of one case")
    await _record(office, case, plan.history)
    await _followed(office)
    await Operator(await office.staff.line(Role.OPERATOR)).set_clocks(LATER)
    readings, sql = [], []
    for _ in range(plan.repeats):
        sql.append(await _by_sql(office, UUID(case), plan))
        readings.append(await _by_service(office, case, plan))
    return {
        "sessions": plan.history,
        "words_a_session": len(WORDS),
        "reading": summed(readings),
        "sql": summed(sql),
    }


async def _a_case(office: Office) -> str:
    """Return a case with a lead."""
    managers = await office.staff.managers()
    await register_workers(office.staff, office.staff.platform.directory, managers, SINCE)
    child = await office.screened()
    await office.accept(child)
    stub = await office.casework(Role.TEAM_MANAGER)
    await once_there(
        lambda: stub.AllocateCase(
            casework_pb2.AllocateCaseRequest(
                context=office.commanded(),
                case_id=child.case_id,
                worker_id=_lead(office, child.case_id).id,
                reason="new-case",
            )
        )
    )
    return str(child.case_id)


def _lead(office: Office, case: str) -> Person:
    return office.staff.worker_for(office.authority, case)


async def _record(office: Office, case: str, count: int) -> None:
    """Let the lead record so many sessions."""
    line = await office.staff.line_of(_lead(office, case).slug)
    stub: Any = casework_pb2_grpc.CaseworkServiceStub(line["casework"])
    held = Occurred(instant=_instant(HELD))
    left = iter(range(count))

    async def record() -> None:
        for _ in left:
            request = casework_pb2.RecordSessionRequest(
                context=office.commanded(occurred=held),
                case_id=case,
                kind="meeting",
                minutes=50,
                attendance=casework_pb2.Attendance(attended=["child"]),
                notes=WORDS,
            )
            await once_there(lambda request=request: stub.RecordSession(request))

    await asyncio.gather(*(record() for _ in range(RECORDERS)))


async def _followed(office: Office) -> None:
    """Wait until the threads, by which SQL finds a case's events, have caught up."""
    behind = (
        "select es.last_position() - coalesce(min(seen_to), 0) from es.checkpoints"
        " where name = 'threads'"
    )
    async with (
        counting(office.site.superuser("casework"), behind) as lag,
        asyncio.timeout(PATIENCE_S),
    ):
        while await lag():  # noqa: ASYNC110 # another process
            await asyncio.sleep(0.05)


async def _by_service(office: Office, case: str, plan: Plan) -> Run:
    line = await office.line(Role.TEAM_MANAGER)
    stub: Any = history_pb2_grpc.HistoryServiceStub(line["casework"])
    asked = history_pb2.ReadHistoryRequest(
        context=ReadContext(authority=str(office.authority), purpose="direct-care"),
        case_id=case,
        known_at=_instant(KNOWN),
        unseal=True,
        at_once=AT_ONCE,
    )
    taken = []
    for _ in range(_readings(plan)):
        began = perf_counter()
        parts = [part async for part in stub.ReadHistory(asked)]
        taken.append(perf_counter() - began)
        _check(parts, plan.history)
    return Run.of(taken, sum(taken))


def _check(parts: list[Any], sessions: int) -> None:
    """See that each session is there with its words opened."""
    entries = [entry for part in parts for entry in part.entries.entries]
    held = [each for each in entries if each.type == "SessionRecorded"]
    opened = [each for each in held if each.data["notes"] == WORDS]
    assert len(held) == len(opened) == sessions, (len(held), len(opened))


async def _by_sql(office: Office, case: UUID, plan: Plan) -> Run:
    connection = await asyncpg.connect(office.site.superuser("casework"))
    taken = []
    try:
        for _ in range(_readings(plan)):
            began = perf_counter()
            rows = await connection.fetch(_READ, office.authority, case)
            taken.append(perf_counter() - began)
            assert len(rows) >= plan.history, len(rows)
    finally:
        await connection.close()
    return Run.of(taken, sum(taken))


def _readings(plan: Plan) -> int:
    return max(1, plan.readings // plan.repeats)


def _instant(at: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(at)
    return made
