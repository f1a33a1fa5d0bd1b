"""Requests about assessments and formulations read: each field parsed, and named if wrong."""

from datetime import date
from uuid import UUID

from casework.assessments.assessment_events import AbandonReason, AskedBy, AssessmentKind
from casework.assessments.commands import (
    AbandonAssessment,
    Alone,
    CompleteAssessment,
    ConsiderHeading,
    DraftFormulation,
    JoinedTo,
    StartAssessment,
    Together,
    WithFamily,
)
from casework.assessments.formulation import Reader
from casework.assessments.heading import Considered, Heading, Relevance
from casework.requests import MAX_NOTES, MAX_TAGS, a_tag
from chassis.edge.malformed import a_choice, a_count, a_day, a_text, a_uuid, all_of, malformed
from chassis.edge.rpc import occurred_of
from ledger.clock import london_day
from ledger.personal import Plain
from throughline.casework.v1 import assessments_pb2 as pb
from throughline.casework.v1 import reviews_pb2
from throughline.common.v1.common_pb2 import CommandContext

MAX_ITEMS = 200
MAX_VERSION = 10_000


def day_of(context: CommandContext) -> date | None:
    """Read on which day in London it was, where the context says it."""
    return london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None


def words(text: str) -> Plain[str]:
    """Read words that must be there."""
    return Plain(a_text("words", text, MAX_NOTES))


def start(request: pb.StartAssessmentRequest, assessment_id: UUID) -> StartAssessment:
    """Read what is to be assessed, and at whose request."""
    return StartAssessment(
        a_uuid("case_id", request.case_id),
        assessment_id,
        a_choice("kind", request.kind, AssessmentKind),
        all_of("services", request.services, MAX_TAGS, a_tag),
        a_choice("asked_by", request.asked_by, AskedBy),
        a_day("requested_on", request.requested_on),
        day_of(request.context),
        _together(request),
    )


def _together(request: pb.StartAssessmentRequest) -> Together:
    if request.joint_id:
        return JoinedTo(a_uuid("joint_id", request.joint_id))
    return WithFamily() if request.joint else Alone()


def entry(
    request: pb.ConsiderHeadingRequest | reviews_pb2.ConsiderAtReviewRequest, entry_id: UUID
) -> Considered:
    """Read what is considered under a heading, and what it rests on."""
    return Considered(
        entry_id,
        a_choice("heading", request.heading, Heading),
        Relevance.NOT_RELEVANT if request.not_relevant else Relevance.CONSIDERED,
        tuple(dict.fromkeys(all_of("rests_on", request.rests_on, MAX_ITEMS, a_uuid))),
    )


def consider(request: pb.ConsiderHeadingRequest, entry_id: UUID) -> ConsiderHeading:
    """Read an entry of an assessment."""
    of_birth = request.birth_family
    return ConsiderHeading(
        a_uuid("case_id", request.case_id),
        entry(request, entry_id),
        words(request.words),
        Plain(a_text("birth_family", of_birth, MAX_NOTES) if of_birth else None),
    )


def complete(request: pb.CompleteAssessmentRequest) -> CompleteAssessment:
    """Read what an assessment found."""
    return CompleteAssessment(
        a_uuid("case_id", request.case_id),
        day_of(request.context),
        tuple(dict.fromkeys(all_of("needs", request.needs, MAX_TAGS, a_tag))),
        words(request.words),
    )


def abandon(request: pb.AbandonAssessmentRequest) -> AbandonAssessment:
    """Read why an assessment comes to no end."""
    return AbandonAssessment(
        a_uuid("case_id", request.case_id),
        day_of(request.context),
        a_choice("reason", request.reason, AbandonReason),
    )


def draft(request: pb.DraftFormulationRequest, draft_id: UUID) -> DraftFormulation:
    """Read a version of a formulation."""
    return DraftFormulation(
        a_uuid("case_id", request.case_id),
        draft_id,
        tuple(dict.fromkeys(all_of("rests_on", request.rests_on, MAX_ITEMS, a_uuid))),
        words(request.words),
    )


def shown(
    request: pb.ShareFormulationRequest | pb.AgreeFormulationRequest,
) -> tuple[UUID, int, tuple[Reader, ...]]:
    """Read of which case which version was shown, or agreed to, by whom."""
    readers = all_of(
        "readers", request.readers, len(Reader), lambda field, text: a_choice(field, text, Reader)
    )
    if not readers:
        raise malformed("readers", "required", "at least one")
    version = a_count("version", request.version, 1, MAX_VERSION)
    return a_uuid("case_id", request.case_id), version, tuple(dict.fromkeys(readers))
