"""Answers about transfers written: states, rows and copies as the contract says them."""

import json
import re
from collections.abc import Sequence
from uuid import UUID

from casework.replies import occurred, stamp
from casework.transfers.custody import Passing
from casework.transfers.incoming_list import Standing
from casework.transfers.kept_entries import Kept
from casework.transfers.packet import NEVER, PartShown
from casework.transfers.transfer_states import AskedBack, Gone, Offered, Staying, Transfer
from throughline.casework.v1 import transfers_pb2 as pb

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def preview(parts: Sequence[PartShown]) -> pb.PreviewTransferResponse:
    """Write what would go along, and what never does."""
    return pb.PreviewTransferResponse(
        parts=[
            pb.PreviewedPart(part=each.part.value, streams=each.streams, always=each.always)
            for each in parts
        ],
        never=[each.value for each in NEVER],
    )


def standing(state: Transfer) -> pb.GetTransferResponse:
    """Write how the transfer of a case stands on the side that has it or had it."""
    match state:
        case Staying(None):
            return pb.GetTransferResponse(state="staying")
        case Staying(last):
            last_kind = _WORD.sub("-", type(last).__name__).lower()
            transfer = "" if last is None else str(last.transfer)
            return pb.GetTransferResponse(state="staying", transfer_id=transfer, last=last_kind)
        case Offered(said):
            return pb.GetTransferResponse(
                state="offered", transfer_id=str(said.transfer), to=said.to
            )
        case AskedBack(said):
            return pb.GetTransferResponse(
                state="asked-back", transfer_id=str(said.transfer), to=said.to
            )
        case Gone(passed):
            return pb.GetTransferResponse(
                state="gone",
                transfer_id=str(passed.transfer),
                last="custody-passed",
                to=passed.to,
            )


def summary(of: Standing) -> pb.IncomingTransferSummary:
    """Write how a transfer that came stands."""
    return pb.IncomingTransferSummary(
        transfer_id=str(of.transfer_id),
        case_id=str(of.case_id),
        child=str(of.child),
        sent_by=str(of.sent_by),
        state=of.state,
        ground=of.ground,
        reason=of.reason,
        parts=of.parts,
        arrived_at=stamp(of.arrived_at),
    )


def custody(holder: UUID, passings: Sequence[Passing]) -> pb.GetCustodyResponse:
    """Write who holds a case, and how it came there."""
    return pb.GetCustodyResponse(
        holder=str(holder),
        passings=[
            pb.CustodyPassing(
                event_id=str(each.event_id),
                at=stamp(each.at),
                from_authority=str(each.from_authority),
                to_authority=str(each.to_authority),
            )
            for each in passings
        ],
    )


def entry(of: Kept, words: dict[str, str]) -> pb.TransferredEntry:
    """Write one entry that came along; words that were not opened stay out."""
    origin = of.said["origin"]
    return pb.TransferredEntry(
        part=of.part,
        type=origin["type"],
        occurred=occurred(of.occurred),
        origin_event_id=origin["event_id"],
        origin_authority=origin["authority"],
        leaf_hash=origin["leaf_hash"],
        said=of.said["said"],
        words=json.dumps(words, ensure_ascii=False) if words else "",
    )
