"""Answers written: messages as lists show them, without words and addresses."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from notifications.messages import MessageRow
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
