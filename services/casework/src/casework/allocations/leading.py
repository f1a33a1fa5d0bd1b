"""Who led a case when, from the facts of its allocation in the order in which they were recorded.

What is recorded later holds from the day on which it was true, over all that was said before of
that time and after it: so at each instant there is one answer, a worker or a gap.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from casework.allocations.allocation_events import (
    AllocationEnded,
    CaseAllocated,
    LeadAwaited,
    LeadEnded,
)
from ledger.envelope import Occurred, Recorded


@dataclass(frozen=True, slots=True)
class Leading:
    """A worker leads from then on until the next; None: nobody does."""

    since: Occurred
    worker: UUID | None


def leading(facts: Iterable[Recorded[Any]]) -> list[Leading]:
    """Return who led when, the earliest first; before the first nobody was waited for."""
    line: list[Leading] = []
    for each in facts:
        match each.event:
            case CaseAllocated(worker=worker):
                _hold(line, Leading(each.envelope.occurred, worker))
            case LeadAwaited() | LeadEnded() | AllocationEnded():
                _hold(line, Leading(each.envelope.occurred, None))
            case _:
                continue
    return line


def _hold(line: list[Leading], new: Leading) -> None:
    while line and line[-1].since.at >= new.since.at:
        line.pop()
    if not line or line[-1].worker != new.worker:
        line.append(new)


def lead_at(line: Iterable[Leading], at: datetime) -> UUID | None:
    """Return who led at an instant."""
    lead = None
    for each in line:
        if each.since.at > at:
            break
        lead = each.worker
    return lead
