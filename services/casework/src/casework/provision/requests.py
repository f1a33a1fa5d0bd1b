"""Requests about urgent provision read: each field parsed, and named where it is wrong."""

from datetime import date
from uuid import UUID

from casework.provision.commands import (
    AuthoriseUrgentProvision,
    EndUrgentProvision,
    RecordStepMadeGood,
)
from casework.provision.provision import EndReason, Skipped
from casework.requests import MAX_NOTES, MAX_TAGS, a_tag
from chassis.edge.malformed import a_choice, a_count, a_day, a_text, a_uuid, all_of
from chassis.edge.rpc import occurred_of
from ledger.clock import london_day
from ledger.personal import Plain
from throughline.casework.v1 import provision_pb2 as pb
from throughline.common.v1.common_pb2 import CommandContext

MAX_VERSION = 10_000


def authorise(
    request: pb.AuthoriseUrgentProvisionRequest, provision_id: UUID, by: str
) -> AuthoriseUrgentProvision:
    """Read what begins when, which steps are skipped and why."""
    asked = all_of(
        "skipped",
        request.skipped,
        len(Skipped),
        lambda field, text: a_choice(field, text, Skipped),
    )
    version = None
    if request.HasField("plan_version"):
        version = a_count("plan_version", request.plan_version, 1, MAX_VERSION)
    return AuthoriseUrgentProvision(
        provision_id,
        a_uuid("case_id", request.case_id),
        all_of("services", request.services, MAX_TAGS, a_tag),
        tuple(each for each in Skipped if each in asked),
        version,
        by,
        _day(request.context),
        a_day("begins_on", request.begins_on),
        Plain(a_text("reason", request.reason, MAX_NOTES)),
    )


def made_good(request: pb.RecordStepMadeGoodRequest) -> RecordStepMadeGood:
    """Read what made which step good; the context may say on which day."""
    return RecordStepMadeGood(
        a_uuid("provision_id", request.provision_id),
        a_uuid("case_id", request.case_id),
        a_choice("step", request.step, Skipped),
        a_uuid("made_good_by", request.made_good_by),
        _day(request.context),
    )


def end(request: pb.EndUrgentProvisionRequest) -> EndUrgentProvision:
    """Read why the help ended; the context may say on which day."""
    return EndUrgentProvision(
        a_uuid("provision_id", request.provision_id),
        a_uuid("case_id", request.case_id),
        a_choice("reason", request.reason, EndReason),
        _day(request.context),
    )


def _day(context: CommandContext) -> date | None:
    return london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None
