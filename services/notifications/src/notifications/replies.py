"""Answers written: messages as lists show them, without words and addresses."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from notifications.messages import MessageRow
from notifications.services import Standing
from throughline.notifications.v1 import notices_pb2
from throughline.notifications.v1 import notifications_pb2 as pb


def summary(row: MessageRow) -> pb.MessageSummary:
    """Write how far a message came."""
    return pb.MessageSummary(
        message_id=str(row.message_id),
        template=row.template,
        template_version=row.template_version,
        channel=row.channel,
        recipient=str(row.recipient),
        about_event=str(row.about_event),
        case_id=str(row.case_id or ""),
        state=row.state,
        attempts=row.attempts,
        reason=row.reason,
        queued_at=stamp(row.queued_at),
        changed_at=stamp(row.changed_at),
    )


def stamp(instant: datetime) -> Timestamp:
    """Write an instant."""
    written = Timestamp()
    written.FromDatetime(instant)
    return written


def service(of: Standing) -> notices_pb2.ServiceSummary:
    """Write how far the service of a notice came."""
    return notices_pb2.ServiceSummary(
        service_id=str(of.service_id),
        notice_id=str(of.notice_id),
        document=of.document,
        text_version=of.text_version,
        addressee=str(of.addressee),
        case_id=str(of.case_id or ""),
        state=of.state,
        attempts=of.attempts,
        method=of.method or "",
        sent_on=of.sent_on.isoformat() if of.sent_on else "",
        deemed_on=of.deemed_on.isoformat() if of.deemed_on else "",
        rule=of.rule or "",
        reason=of.reason or "",
        awaited_since=stamp(of.awaited_since),
    )
