"""Requests about complaints read: each field parsed, and named where it is wrong."""

from datetime import date
from uuid import UUID

from casework.complaints.commands import (
    AnswerStage,
    BeginStage,
    ExtendStage,
    RecordComplaint,
    RecordPanelHeld,
    RecordPanelReport,
    WithdrawComplaint,
)
from casework.complaints.complaint import INVESTIGATION, PANEL
from casework.complaints.complaint_events import Finding
from casework.requests import MAX_NOTES
from chassis.edge.malformed import a_choice, a_count, a_text, a_uuid, if_given
from chassis.edge.rpc import occurred_of
from ledger.clock import london_day
from ledger.personal import Plain
from throughline.casework.v1 import complaints_pb2 as pb
from throughline.common.v1.common_pb2 import CommandContext


def record(request: pb.RecordComplaintRequest, complaint_id: UUID, caller: str) -> RecordComplaint:
    """Read who complains of what; the context may say on which day it was made."""
    return RecordComplaint(
        complaint_id,
        a_uuid("by", request.by),
        if_given(a_uuid, "about_case", request.about_case),
        if_given(a_uuid, "about_notice", request.about_notice),
        if_given(a_uuid, "about_worker", request.about_worker),
        a_uuid("handler", request.handler or caller),
        _day(request.context),
        _words(request.words),
    )


def extend(request: pb.ExtendComplaintStageRequest) -> ExtendStage:
    """Read why the stage needs longer."""
    return ExtendStage(a_uuid("complaint_id", request.complaint_id), _words(request.words))


def answer(request: pb.AnswerComplaintRequest, by: str) -> AnswerStage:
    """Read what a stage found; the context may say on which day it was answered."""
    return AnswerStage(
        a_uuid("complaint_id", request.complaint_id),
        a_choice("finding", request.finding, Finding),
        by,
        _day(request.context),
        _words(request.words),
    )


def begin(request: pb.BeginComplaintStageRequest, caller: str) -> BeginStage:
    """Read which stage the person asks for; the context may say on which day."""
    return BeginStage(
        a_uuid("complaint_id", request.complaint_id),
        a_count("stage", request.stage, INVESTIGATION, PANEL),
        a_uuid("handler", request.handler or caller),
        _day(request.context),
    )


def panel(request: pb.RecordComplaintPanelRequest) -> RecordPanelHeld:
    """Read of which complaint the panel met; the context may say on which day."""
    return RecordPanelHeld(a_uuid("complaint_id", request.complaint_id), _day(request.context))


def report(request: pb.RecordPanelReportRequest) -> RecordPanelReport:
    """Read what the panel reported; the context may say on which day."""
    return RecordPanelReport(
        a_uuid("complaint_id", request.complaint_id),
        _day(request.context),
        _words(request.words),
    )


def withdraw(request: pb.WithdrawComplaintRequest) -> WithdrawComplaint:
    """Read which complaint was withdrawn; the context may say on which day."""
    return WithdrawComplaint(a_uuid("complaint_id", request.complaint_id), _day(request.context))


def _day(context: CommandContext) -> date | None:
    return london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None


def _words(text: str) -> Plain[str]:
    return Plain(a_text("words", text, MAX_NOTES))
