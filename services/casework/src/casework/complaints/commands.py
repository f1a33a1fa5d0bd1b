"""What can be done about a complaint, before its clocks are computed."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.complaints.complaint_events import Finding
from ledger.personal import Plain


@dataclass(frozen=True, slots=True)
class RecordComplaint:
    """Somebody complained on a day; None: today. About a notice, a case or a worker, or none."""

    complaint_id: UUID
    by: UUID
    case_id: UUID | None
    notice: UUID | None
    worker: UUID | None
    handler: UUID
    on: date | None
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class ExtendStage:
    """The stage needs as long as it may take."""

    complaint_id: UUID
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class AnswerStage:
    """A stage was answered on a day; None: today."""

    complaint_id: UUID
    finding: Finding
    by: str
    on: date | None
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class BeginStage:
    """The person asked on a day for a stage; None: today."""

    complaint_id: UUID
    stage: int
    handler: UUID
    on: date | None


@dataclass(frozen=True, slots=True)
class RecordPanelHeld:
    """The review panel met on a day; None: today."""

    complaint_id: UUID
    on: date | None


@dataclass(frozen=True, slots=True)
class RecordPanelReport:
    """The panel reported on a day; None: today."""

    complaint_id: UUID
    on: date | None
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class WithdrawComplaint:
    """Who complained does so no more, from a day on; None: today."""

    complaint_id: UUID
    on: date | None


@dataclass(frozen=True, slots=True)
class NoteStageOverdue:
    """A day is over by which a stage was due; by the complaint's stream."""

    complaint_stream: UUID
    due_on: date


OfComplaint: TypeAlias = (
    ExtendStage | AnswerStage | BeginStage | RecordPanelHeld | RecordPanelReport | WithdrawComplaint
)
