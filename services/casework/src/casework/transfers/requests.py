"""Requests of transfers read: each field parsed, and named where it is wrong."""

from uuid import UUID

from casework.requests import MAX_WORDS, a_tag
from casework.transfers.codes import Answer, Ground, Kind, Part, Reason, RefuseReason, RevokeReason
from casework.transfers.commands import (
    AcceptTransfer,
    OfferTransfer,
    RecordTransferAnswer,
    RefuseTransfer,
    RevokeTransfer,
)
from casework.transfers.transfer_commands import Whither
from chassis.directory import Directory
from chassis.edge.malformed import a_choice, a_text, a_uuid, all_of, if_given, malformed
from ledger.personal import Plain
from throughline.casework.v1 import transfers_pb2 as pb


def offer(
    request: pb.OfferTransferRequest, transfer: UUID, own: UUID, directory: Directory
) -> OfferTransfer:
    """Read to whom a case is offered, on what ground, with which parts of its record."""
    kind, to = a_choice("kind", request.kind, Kind), a_tag("to", request.to)
    parts = all_of(
        "parts", request.parts, len(Part), lambda field, text: a_choice(field, text, Part)
    )
    return OfferTransfer(
        transfer,
        a_uuid("case_id", request.case_id),
        Whither(kind, to, _authority(kind, to, own, directory)),
        f"{kind.value}:{to}",
        a_choice("ground", request.ground, Ground),
        a_choice("reason", request.reason, Reason),
        frozenset(parts),
        _words(request.words),
    )


def _authority(kind: Kind, to: str, own: UUID, directory: Directory) -> UUID | None:
    if kind is not Kind.AUTHORITY:
        return None
    found = directory.authority(to)
    if found is None or found.outside or found.id == own:
        raise malformed("to", "unknown-authority", "another authority that keeps its record here")
    return found.id


def revoke(request: pb.RevokeTransferRequest) -> RevokeTransfer:
    """Read why an offer is taken back."""
    return RevokeTransfer(
        a_uuid("case_id", request.case_id), a_choice("reason", request.reason, RevokeReason)
    )


def answer(request: pb.RecordTransferAnswerRequest) -> RecordTransferAnswer:
    """Read what a team or an agency answered."""
    said = a_choice("answer", request.answer, Answer)
    reason = None
    if said is Answer.REFUSED:
        reason = a_choice("reason", request.reason, RefuseReason)
    lead = if_given(a_uuid, "lead", request.lead)
    return RecordTransferAnswer(a_uuid("case_id", request.case_id), lead, reason)


def accept(request: pb.AcceptTransferRequest) -> AcceptTransfer:
    """Read which case is taken, and who leads it."""
    return AcceptTransfer(a_uuid("transfer_id", request.transfer_id), a_uuid("lead", request.lead))


def refuse(request: pb.RefuseTransferRequest) -> RefuseTransfer:
    """Read which case is not taken, and why."""
    return RefuseTransfer(
        a_uuid("transfer_id", request.transfer_id),
        a_choice("reason", request.reason, RefuseReason),
        _words(request.words),
    )


def _words(text: str) -> Plain[str | None]:
    return Plain(a_text("words", text, MAX_WORDS) if text else None)
