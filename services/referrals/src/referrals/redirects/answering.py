"""How the two sides of a redirect come to agree: each hears what the other decided.

    RedirectAskedBack    (sender)   -> GiveBack          (receiver: given back, unless answered)
    RedirectAcknowledged (receiver) -> NoteAcknowledged  (sender: taken over)
    RedirectRefused      (receiver) -> NoteRefused       (sender: came back)
    RedirectGivenBack    (receiver) -> NoteGivenBack     (sender: came back)

The receiver's stream gives one answer and only one, so both sides end alike, in whatever order the
worker's act, the end of the time and a recall come. Each arrow starts from a committed event and is
taken until its command is recorded. The copy itself goes by `carrying`, since it is sealed.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from pydantic import BaseModel

from chassis.acting import Do, Heard
from ledger.writes import Write
from referrals.redirects.incoming import GiveBack
from referrals.redirects.reasons import RefuseReason
from referrals.redirects.redirect import NoteAcknowledged, NoteGivenBack, NoteRefused
from referrals.streams import incoming_stream, redirect_stream


class _AskedBack(BaseModel):
    redirect_id: UUID
    to_authority: UUID


class _Answered(BaseModel):
    redirect_id: UUID
    sent_by_authority: UUID


class _Refused(_Answered):
    reason: RefuseReason


def hear(heard: Heard) -> Sequence[Do | Write]:
    """Take the step that follows from one of our own events; from most, none does."""
    step = _STEPS.get(heard.type)
    return [step(heard)] if step is not None else []


def _asked_back(heard: Heard) -> Do:
    told = _AskedBack.model_validate(heard.data)
    back = GiveBack(told.redirect_id, heard.tenant)
    return Do(back, incoming_stream(told.redirect_id), told.to_authority)


def _acknowledged(heard: Heard) -> Do:
    told = _Answered.model_validate(heard.data)
    note = NoteAcknowledged(told.redirect_id)
    return Do(note, redirect_stream(told.redirect_id), told.sent_by_authority)


def _refused(heard: Heard) -> Do:
    told = _Refused.model_validate(heard.data)
    note = NoteRefused(told.redirect_id, told.reason)
    return Do(note, redirect_stream(told.redirect_id), told.sent_by_authority)


def _given_back(heard: Heard) -> Do:
    told = _Answered.model_validate(heard.data)
    note = NoteGivenBack(told.redirect_id)
    return Do(note, redirect_stream(told.redirect_id), told.sent_by_authority)


_STEPS: Mapping[str, Callable[[Heard], Do]] = MappingProxyType(
    {
        "RedirectAskedBack": _asked_back,
        "RedirectAcknowledged": _acknowledged,
        "RedirectRefused": _refused,
        "RedirectGivenBack": _given_back,
    }
)
