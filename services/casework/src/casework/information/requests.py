"""Requests about information read: each field parsed, and named where it is wrong."""

from datetime import date
from uuid import UUID

from casework.assessments.heading import Heading
from casework.information.commands import FlagConflict, LeaveConflict, ResolveConflict
from casework.information.conflict import Resolution, StandingReason
from casework.information.item import ItemCorrection, SourceKind, Told
from casework.requests import MAX_NOTES, MAX_WORDS, a_tag
from chassis.edge.malformed import a_choice, a_text, a_uuid, all_of, malformed
from chassis.edge.rpc import occurred_of
from ledger.clock import london_day
from ledger.envelope import Basis
from ledger.personal import Plain
from throughline.casework.v1 import information_pb2 as pb
from throughline.common.v1.common_pb2 import CommandContext

MAX_ITEMS = 50


def told(said: pb.ItemTold, context: CommandContext) -> Told:
    """Read the clear part of an item: its day must be said."""
    return Told(
        a_choice("told.heading", said.heading, Heading),
        a_tag("told.topic", said.topic),
        a_choice("told.source", said.source, SourceKind),
        _said_on(context),
        a_choice("told.basis", said.basis, Basis),
    )


def _said_on(context: CommandContext) -> date:
    if not context.HasField("occurred"):
        raise malformed("context.occurred", "required", "when the source said it")
    return london_day(occurred_of(context.occurred).at)


def words(text: str) -> Plain[str]:
    """Read words that must be there."""
    return Plain(a_text("words", text, MAX_NOTES))


def items(field: str, ids: list[str]) -> tuple[UUID, ...]:
    """Read ids of items of information."""
    return all_of(field, ids, MAX_ITEMS, a_uuid)


def correction(text: str) -> ItemCorrection:
    """Read why an item is set right."""
    return a_choice("reason", text, ItemCorrection)


def flag(request: pb.FlagConflictRequest, made: UUID) -> FlagConflict:
    """Read what contradicts each other, in a contradiction that is known or in a new one."""
    said = Plain(a_text("words", request.words, MAX_WORDS) if request.words else None)
    return FlagConflict(
        a_uuid("case_id", request.case_id),
        a_uuid("conflict_id", request.conflict_id) if request.conflict_id else made,
        items("item_ids", list(request.item_ids)),
        said,
    )


def resolve(request: pb.ResolveConflictRequest) -> ResolveConflict:
    """Read how a contradiction was resolved."""
    return ResolveConflict(
        a_uuid("case_id", request.case_id),
        a_uuid("conflict_id", request.conflict_id),
        a_choice("how", request.how, Resolution),
        items("holds", list(request.holds)),
        words(request.words),
    )


def leave(request: pb.LeaveConflictRequest) -> LeaveConflict:
    """Read why a contradiction is left standing."""
    return LeaveConflict(
        a_uuid("case_id", request.case_id),
        a_uuid("conflict_id", request.conflict_id),
        a_choice("reason", request.reason, StandingReason),
        words(request.words),
    )
