"""What notifications tells of statutory notices: that one was served, or did not arrive. Pure."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from casework.decisions.commands import NoteNoticeFailed, NoteNoticeServed
from casework.decisions.notice_events import Document
from casework.streams import notice_stream
from chassis.acting import Do, Heard


class _OfNotice(BaseModel):
    """Reads the fields it needs and passes over the others."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    notice_id: UUID
    document: Document
    attempt: int


class _Served(_OfNotice):
    method: str
    deemed_on: date


class _NotServed(_OfNotice):
    reason: str


def hear(heard: Heard) -> Sequence[Do]:
    """Let the time for representations run from service; what did not arrive starts no clock."""
    match heard.type:
        case "NoticeServed":
            told = _Served.model_validate(heard.data)
            which = (told.notice_id, told.document, told.attempt)
            served = NoteNoticeServed(*which, told.method, told.deemed_on)
            return [Do(served, target=notice_stream(told.notice_id))]
        case "NoticeServiceFailed":
            lost = _NotServed.model_validate(heard.data)
            failed = NoteNoticeFailed(lost.notice_id, lost.document, lost.attempt, lost.reason)
            return [Do(failed, target=notice_stream(lost.notice_id))]
        case _:
            return ()
