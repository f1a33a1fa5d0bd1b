"""How the two sides of a transfer come to agree: each hears what the other decided.

    TransferOffered   (sender)   -> ArriveTransfer        (receiver: waits for an answer)
    TransferAskedBack (sender)   -> GiveTransferBack      (receiver: given back, unless answered)
    TransferRefused   (receiver) -> NoteTransferRefused   (sender: stays)
    TransferGivenBack (receiver) -> NoteTransferGivenBack (sender: revoked)
    TransferAccepted  (receiver) -> PassCase              (sender: custody passes, now)
    CaseTransferred   (sender)   -> ReceiveCase           (receiver: the case goes on here)
    FamilyUntold     (referrals) -> NoteFamilyUntold      (receiver: its lead asks the family)

The receiver's stream gives one answer and only one. Each arrow starts from a committed event and is
taken until its command is recorded, so after a crash anywhere both sides end alike; and at every
instant one authority holds the case, since one event tells it. What is sealed goes by `carrying`.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from casework.streams import (
    incoming_transfer_stream,
    task_made_for,
    task_stream,
    transfer_stream,
)
from casework.tasks.commands import NoteFamilyUntold
from casework.tasks.kinds import TaskKind
from casework.transfers.codes import Ground, Part, Reason, RefuseReason
from casework.transfers.commands import (
    ArriveTransfer,
    GiveTransferBack,
    NoteTransferGivenBack,
    NoteTransferRefused,
    PassCase,
    ReceiveCase,
)
from casework.transfers.incoming_events import TransferArrived
from chassis.acting import Do, Heard, When
from ledger.clock import london_day
from ledger.writes import Write


class _Offered(BaseModel):
    transfer_id: UUID
    child: UUID
    to_authority: UUID
    ground: Ground
    reason: Reason
    parts: tuple[Part, ...]


class _Untold(BaseModel):
    transfer_id: UUID
    child: UUID


class _AskedBack(BaseModel):
    transfer_id: UUID
    to_authority: UUID


class _Answered(BaseModel):
    transfer_id: UUID
    of_case: UUID
    sent_by_authority: UUID


class _Accepted(_Answered):
    lead: UUID


class _Refused(_Answered):
    reason: RefuseReason


class _Passed(BaseModel):
    transfer_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID | None
    episode: int
    to_authority: UUID


def untold(heard: Heard, case_id: UUID) -> Do:
    """Hear from referrals that nobody could tell it who the child of a case that came is."""
    told = _Untold.model_validate(heard.data)
    made_for = (heard.tenant, TaskKind.ASK_FAMILY, case_id, str(told.transfer_id))
    note = NoteFamilyUntold(case_id, told.child, told.transfer_id)
    return Do(note, task_stream(task_made_for(*made_for)))


def hear(heard: Heard) -> Sequence[Do | Write]:
    """Take the step that follows from one of our own events; from most, none does."""
    if heard.case_id is not None and heard.type in _OF_CASE:
        return [_OF_CASE[heard.type](heard, heard.case_id)]
    step = _ANSWERS.get(heard.type)
    return [step(heard)] if step is not None else []


def _offered(heard: Heard, case_id: UUID) -> Do:
    told = _Offered.model_validate(heard.data)
    said = TransferArrived(
        told.transfer_id,
        case_id,
        told.child,
        heard.tenant,
        told.ground,
        told.reason,
        told.parts,
    )
    return Do(ArriveTransfer(said), _incoming(told.transfer_id), told.to_authority)


def _asked_back(heard: Heard, case_id: UUID) -> Do:
    told = _AskedBack.model_validate(heard.data)
    back = GiveTransferBack(told.transfer_id, case_id, heard.tenant)
    return Do(back, _incoming(told.transfer_id), told.to_authority)


def _passed(heard: Heard, case_id: UUID) -> Do:
    told = _Passed.model_validate(heard.data)
    receive = ReceiveCase(
        told.transfer_id,
        case_id,
        told.child,
        told.family_id,
        told.contact,
        told.episode,
        heard.event_id,
        london_day(heard.occurred.at),
    )
    return Do(receive, _incoming(told.transfer_id), told.to_authority)


def _accepted(heard: Heard) -> Do:
    told = _Accepted.model_validate(heard.data)
    passing = PassCase(told.transfer_id, told.of_case, told.lead, heard.event_id)
    # Custody passes when its event is appended: until then whatever is recorded there is recorded
    # by the authority that holds the case.
    target = transfer_stream(told.of_case)
    return Do(passing, target, told.sent_by_authority, When.NOW)


def _refused(heard: Heard) -> Do:
    told = _Refused.model_validate(heard.data)
    note = NoteTransferRefused(told.transfer_id, told.of_case, told.reason)
    return Do(note, transfer_stream(told.of_case), told.sent_by_authority)


def _given_back(heard: Heard) -> Do:
    told = _Answered.model_validate(heard.data)
    note = NoteTransferGivenBack(told.transfer_id, told.of_case)
    return Do(note, transfer_stream(told.of_case), told.sent_by_authority)


def _incoming(transfer: UUID) -> UUID:
    return incoming_transfer_stream(transfer)


_OF_CASE: Final[Mapping[str, Callable[[Heard, UUID], Do]]] = MappingProxyType(
    {
        "TransferOffered": _offered,
        "TransferAskedBack": _asked_back,
        "CaseTransferred": _passed,
    }
)
_ANSWERS: Final[Mapping[str, Callable[[Heard], Do]]] = MappingProxyType(
    {
        "TransferAccepted": _accepted,
        "TransferRefused": _refused,
        "TransferGivenBack": _given_back,
    }
)
