"""What is to be told when others speak, and to whom. Pure: nothing is sent here."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from chassis.acting import Do, Heard, Subscription
from ledger.clock import london_day
from ledger.writes import Write
from notifications.compose import message_stream
from notifications.letter import Fact, Letter, Placeholder, TemplateCode, message_id
from notifications.message_commands import QueueMessage
from notifications.wording import KINDS

Reference = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class _Tolerant(BaseModel):
    """Reads the fields it needs and passes over the others."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _ReferralReceived(_Tolerant):
    submission_id: UUID
    referrer: UUID
    reference: Reference


class _CaseAllocated(_Tolerant):
    worker: UUID


class _PlaceOffered(_Tolerant):
    contact: UUID
    expires_at: AwareDatetime


def hear_referrals(heard: Heard) -> Sequence[Do | Write]:
    """Acknowledge a submission once, however many children it names and in whatever order."""
    if heard.type != "ReferralReceived":
        return ()
    told = _ReferralReceived.model_validate(heard.data)
    facts = {
        Placeholder.REFERENCE: told.reference,
        Placeholder.RECEIVED_ON: _day(heard.occurred.at),
    }
    # A submission may be of several cases, so its acknowledgement is in the file of none.
    return [
        _queue(
            heard.tenant,
            TemplateCode.REFERRAL_ACKNOWLEDGEMENT,
            told.submission_id,
            told.referrer,
            facts,
        )
    ]


def hear_casework(heard: Heard) -> Sequence[Do | Write]:
    """Put a note in the inbox of whoever is given a case."""
    if heard.type != "CaseAllocated" or heard.case_id is None:
        return ()
    told = _CaseAllocated.model_validate(heard.data)
    facts = {
        Placeholder.CASE: str(heard.case_id),
        Placeholder.ALLOCATED_ON: _day(heard.occurred.at),
    }
    return [
        _queue(
            heard.tenant,
            TemplateCode.CASE_ALLOCATED,
            heard.event_id,
            told.worker,
            facts,
            heard.case_id,
        )
    ]


def hear_groups(heard: Heard) -> Sequence[Do | Write]:
    """Write to a family that is offered a place, with the day by which to answer."""
    if heard.type != "PlaceOffered":
        return ()
    told = _PlaceOffered.model_validate(heard.data)
    # The place may be taken before that instant, which is mostly a midnight.
    facts = {Placeholder.ANSWER_BY: _day(told.expires_at - timedelta(microseconds=1))}
    return [
        _queue(
            heard.tenant,
            TemplateCode.PLACE_OFFERED,
            heard.event_id,
            told.contact,
            facts,
            heard.case_id,
        )
    ]


SUBSCRIPTIONS = (
    Subscription("referrals", hear_referrals),
    Subscription("casework", hear_casework),
    Subscription("groups", hear_groups),
)


def _queue(
    tenant: UUID,
    code: TemplateCode,
    about: UUID,
    recipient: UUID,
    facts: Mapping[Placeholder, str],
    case_id: UUID | None = None,
) -> Do:
    letter = Letter(
        message_id=message_id(tenant, about, code, recipient),
        template=code,
        channel=KINDS[code].channel,
        recipient=recipient,
        about_event=about,
        facts=tuple(Fact(name, value) for name, value in facts.items()),
    )
    return Do(QueueMessage(letter, case_id), target=message_stream(letter.message_id))


def _day(instant: datetime) -> str:
    return london_day(instant.astimezone(UTC)).isoformat()
