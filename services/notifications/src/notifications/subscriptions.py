"""What is to be told when others speak, and to whom. Pure: nothing is sent here."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from chassis.acting import Do, Heard, Subscription
from ledger.clock import london_day
from ledger.writes import Write
from notifications import known, leads
from notifications.compose import message_stream, parties_stream, service_stream
from notifications.letter import Fact, Letter, Placeholder, TemplateCode, message_id
from notifications.message_commands import QueueMessage
from notifications.notice_events import Document, Notice
from notifications.notice_service import (
    AwaitService,
    DropService,
    service_id,
)
from notifications.parties import OF_THE_FAMILY, Answer, NoteParties, TellAnswer
from notifications.wording import KINDS

REDIRECT = "redirect"
"""The route of a referral that another authority's redirect brought."""

Reference = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class _Tolerant(BaseModel):
    """Reads the fields it needs and passes over the others."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _OfReferral(_Tolerant):
    referral_id: UUID


class _ReferralReceived(_OfReferral):
    submission_id: UUID
    referrer: UUID
    reference: Reference
    referrer_kind: str = ""
    contact: UUID | None = None
    immediate_danger: bool = False
    route: str = ""


class _InformationAsked(_Tolerant):
    source: str
    due_at: AwareDatetime


class _DraftExpiring(_Tolerant):
    draft_id: UUID
    owner: str
    expires_at: AwareDatetime


class _OfNotice(_Tolerant):
    notice_id: UUID
    document: Document
    text_version: int


class _Issued(_OfNotice):
    addressee: UUID


class _Concern(_Tolerant):
    concern_id: UUID
    tell: tuple[UUID, ...]


class _Uncovered(_Tolerant):
    post: str
    tell: tuple[UUID, ...]


class _Overdue(_Tolerant):
    task_id: UUID
    on: date
    tell: tuple[UUID, ...]


class _CaseAllocated(_Tolerant):
    worker: UUID


class _PlaceOffered(_Tolerant):
    contact: UUID
    expires_at: AwareDatetime


# Who took a referral back, or made it twice, knows; nobody is written to.
_DECLINED: Mapping[str, Answer | None] = {
    "signposted": Answer.SIGNPOSTED,
    "withdrawn": None,
    "duplicate": None,
}
# Whom a worker asks otherwise than by letter is his to ask.
_ASKED = {"family": Answer.FAMILY_ASKED, "referrer": Answer.REFERRER_ASKED}
_URGENT = {
    "ConcernRaised": TemplateCode.CONCERN_RAISED,
    "ConcernEscalated": TemplateCode.CONCERN_ESCALATED,
    "OnCallUncovered": TemplateCode.ON_CALL_UNCOVERED,
}


def hear_referrals(heard: Heard) -> Sequence[Do | Write]:
    """Acknowledge what came in, answer what was decided, warn of what is about to be lost."""
    match heard.type:
        case "ReferralReceived":
            return _received(heard, _ReferralReceived.model_validate(heard.data))
        case "DraftExpiring":
            return _expiring(heard, _DraftExpiring.model_validate(heard.data))
        case _:
            return _answered(heard)


def _received(heard: Heard, told: _ReferralReceived) -> Sequence[Do]:
    """Acknowledge a submission once, however many children it names and in whatever order.

    A professional's referral is made known to the family too, but not where somebody is said to be
    in danger: a letter might reach whom it is feared of, before anybody has looked. Of a copy that
    another authority's redirect brings nobody is written to: it may yet go back, and they were
    answered by the authority that they turned to.
    """
    facts = {
        Placeholder.REFERENCE: told.reference,
        Placeholder.RECEIVED_ON: _day(heard.occurred.at),
    }
    to = {TemplateCode.REFERRAL_ACKNOWLEDGEMENT: told.referrer}
    of_the_family = told.referrer_kind in OF_THE_FAMILY
    if told.route == REDIRECT:
        to = {}
    elif told.contact is not None and not of_the_family and not told.immediate_danger:
        to[TemplateCode.FAMILY_RECEIPT] = told.contact
    noted = NoteParties(
        told.referral_id,
        told.reference,
        told.referrer,
        told.referrer_kind,
        told.contact,
        heard.case_id,
    )
    # A submission may be of several cases, so its acknowledgement is in the file of none.
    return [
        *(_queue(heard.tenant, code, told.submission_id, who, facts) for code, who in to.items()),
        Do(noted, target=parties_stream(told.referral_id)),
    ]


def _expiring(heard: Heard, told: _DraftExpiring) -> Sequence[Do]:
    owner = _worker(told.owner)
    if owner is None:
        return ()
    facts = {
        Placeholder.DRAFT: str(told.draft_id),
        Placeholder.EXPIRES_ON: _day(told.expires_at),
    }
    return [_queue(heard.tenant, TemplateCode.DRAFT_EXPIRING, heard.event_id, owner, facts)]


def _answered(heard: Heard) -> Sequence[Do]:
    """Tell the family and whoever referred what became of a referral, each what he may know."""
    answer, answer_by = None, None
    match heard.type:
        case "ReferralAccepted":
            answer = Answer.ACCEPTED
        case "ReferralRedirected":
            answer = Answer.REDIRECTED
        case "ReferralDeclined":
            answer = _DECLINED.get(heard.data.get("reason", ""), Answer.DECLINED)
        case "InformationAsked":
            asked = _InformationAsked.model_validate(heard.data)
            answer = _ASKED.get(asked.source)
            answer_by = london_day(asked.due_at - timedelta(microseconds=1))
        case _:
            pass
    if answer is None:
        return ()
    told = _OfReferral.model_validate(heard.data)
    tell = TellAnswer(told.referral_id, heard.event_id, answer, answer_by, heard.case_id)
    return [Do(tell, target=parties_stream(told.referral_id))]


def hear_casework(  # noqa: PLR0911 # a row an event
    heard: Heard,
) -> Sequence[Do | Write]:
    """Put a note in the inbox of whoever is given a case, or is to act on a concern at once."""
    match heard.type:
        case "CaseAllocated" if heard.case_id is not None:
            told = _CaseAllocated.model_validate(heard.data)
            facts = {
                Placeholder.CASE: str(heard.case_id),
                Placeholder.ALLOCATED_ON: _day(heard.occurred.at),
            }
            code = TemplateCode.CASE_ALLOCATED
            note = _queue(heard.tenant, code, heard.event_id, told.worker, facts, heard.case_id)
            return [note, leads.NAMED(heard.tenant, heard.case_id, told.worker)]
        # Whoever takes the lead or the case over is named in its turn.
        case "LeadEnded" | "CaseTransferred" if heard.case_id is not None:
            return [leads.GONE(heard.tenant, heard.case_id)]
        case "ConcernRaised" | "ConcernEscalated" as kind:
            concern = _Concern.model_validate(heard.data)
            named = {Placeholder.CONCERN: str(concern.concern_id)}
            return _notes(heard, _URGENT[kind], concern.tell, named)
        case "NoticeIssued":
            issued = _Issued.model_validate(heard.data)
            which = (issued.notice_id, issued.document, issued.text_version)
            service = service_id(heard.tenant, *which)
            notice = Notice(service, *which, issued.addressee, heard.event_id)
            return [Do(AwaitService(notice, heard.case_id), target=service_stream(service))]
        case "NoticeWithdrawn":
            gone = _OfNotice.model_validate(heard.data)
            which = (gone.notice_id, gone.document, gone.text_version)
            service = service_id(heard.tenant, *which)
            return [Do(DropService(service), target=service_stream(service))]
        case "TaskEscalated":
            late = _Overdue.model_validate(heard.data)
            about = {Placeholder.TASK: str(late.task_id), Placeholder.DUE_ON: late.on.isoformat()}
            return _notes(heard, TemplateCode.TASK_OVERDUE, late.tell, about)
        case "OnCallUncovered" as kind:
            gap = _Uncovered.model_validate(heard.data)
            return _notes(heard, _URGENT[kind], gap.tell, {Placeholder.POST: gap.post})
        case _:
            return ()


def _notes(
    heard: Heard,
    code: TemplateCode,
    workers: Sequence[UUID],
    facts: Mapping[Placeholder, str],
) -> Sequence[Do]:
    return [_queue(heard.tenant, code, heard.event_id, each, facts) for each in workers]


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


def _of_referrals(heard: Heard) -> Sequence[Do | Write]:
    return [*known.hear_referrals(heard), *hear_referrals(heard)]


def _of_casework(heard: Heard) -> Sequence[Do | Write]:
    return [*known.hear_casework(heard), *hear_casework(heard)]


SUBSCRIPTIONS = (
    Subscription("referrals", _of_referrals),
    Subscription("casework", _of_casework),
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


def _worker(text: str) -> UUID | None:
    """Return a worker's id, if he has one of that form: a system of an authority has none."""
    try:
        return UUID(text)
    except ValueError:
        return None
