"""What falls due in casework, of every room."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from casework.allocations import deadlines as allocations
from casework.assessments import deadlines as assessments
from casework.complaints import deadlines as complaints
from casework.decisions import deadlines as decisions
from casework.falling import FallDue
from casework.reviews import deadlines as reviews
from casework.tasks import deadlines as tasks
from casework.urgent import deadlines as urgent
from casework.workers import deadlines as workers
from chassis.acting import Do, Due, Met
from ledger.envelope import Recorded

ROOMS: Final = (allocations, assessments, complaints, decisions, reviews, tasks, urgent, workers)
FALLING: Final[Mapping[str, FallDue]] = {
    kind: follows for room in ROOMS for kind, follows in room.FALLING.items()
}
"""What follows when a deadline of a kind is over."""


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set and end the deadlines of all rooms."""
    return [each for room in ROOMS for each in room.deadlines(recorded)]


def fall_due(kind: str, stream_id: UUID, due_at: datetime) -> Do:
    """Say what follows when a deadline is over. Raises LookupError for a kind that is not ours."""
    family, slash, _ = kind.partition("/")
    if family + slash not in FALLING:
        raise LookupError(f"no deadline of kind {kind} is known")
    return FALLING[family + slash](kind, stream_id, due_at)
