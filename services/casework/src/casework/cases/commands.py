"""What can be done with a case, before what it takes is looked up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.cases.case import CloseReason
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class CloseCase:
    """End the work of a case on that day in London; None: today, by the service's clock."""

    case_id: UUID
    reason: CloseReason
    on: date | None
    summary: Plain[str]
