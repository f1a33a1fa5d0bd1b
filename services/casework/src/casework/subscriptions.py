"""What casework does when others speak: cases from acceptances, places and danger made known."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from casework.cases.case import AcceptedReferral, TakeOnReferral
from casework.cases.commands import Identity, NoteDuty, NoteIdentity
from casework.cases.duty import Period, duty_determined, duty_heard
from casework.cases.duty_line import Owed
from casework.cases.urgency import Urgency, urgency_heard
from casework.decisions import answering as notices
from casework.duty import answering as duty
from casework.places import answering as places
from casework.streams import (
    SERVICE,
    case_stream,
    concern_about,
    concern_stream,
    duty_line_stream,
    task_made_for,
    task_stream,
)
from casework.tasks.commands import NoteUnreached
from casework.tasks.kinds import TaskKind
from casework.transfers import answering
from casework.urgent.commands import RaiseConcern
from casework.urgent.concern_events import Source
from chassis.acting import Do, Heard, Subscription
from ledger.clock import london_day
from ledger.personal import Plain
from ledger.writes import Write


class _Tolerant(BaseModel):
    """Reads the fields it needs and passes over the others."""

    model_config = ConfigDict(extra="ignore", frozen=True)


IN_APP = "in-app"
"""The channel of notes to workers."""

M = TypeVar("M", bound=_Tolerant)


class _Accepted(_Tolerant):
    referral_id: UUID
    reference: str
    family_id: UUID
    child: UUID
    contact: UUID | None = None
    needs: tuple[str, ...] = ()
    duty_holder: str | None = None
    known_by: UUID | None = None


class _Received(_Tolerant):
    referral_id: UUID
    urgent: bool
    immediate_danger: bool


class _Danger(_Tolerant):
    referral_id: UUID | None = None
    child: UUID | None = None
    # The safeguarding screen that found it; it may have been before there was a referral.
    screen_id: UUID | None = None


class _InEnquiry(_Tolerant):
    enquiry_id: UUID


class _Period(_Tolerant):
    # None: nobody can say who owes the service in it.
    duty_holder: str | None
    from_day: date | None = None
    to_day: date | None = None

    def owed(self) -> tuple[Period, ...]:
        """Return the period with who owes the service in it, if anybody does."""
        if self.duty_holder is None:
            return ()
        return (Period(self.duty_holder, self.from_day, self.to_day),)


class _Responsibility(_Period):
    child: UUID


class _Determined(_Tolerant):
    child: UUID
    periods: tuple[_Period, ...]
    # From when on it is otherwise than was told before.
    effect_from: date | None = None


class _Duplicate(_Tolerant):
    person: UUID
    same_as: UUID
    # Of one finding: the link and what ends it name the same.
    episode: UUID


class _Lost(_Tolerant):
    message_id: UUID
    channel: str


def hear_referrals(  # noqa: PLR0911 # a row an event
    heard: Heard,
) -> Sequence[Do | Write]:
    """Open the child's case at an acceptance, or join it; keep urgency and duty to show with it."""
    match heard.type, heard.case_id:
        case "ReferralAccepted", UUID() as case_id:
            return [Do(_take_on(heard, case_id), target=case_stream(case_id))]
        case "ReferralReceived", _:
            came = _read(_Received, heard)
            how = _urgency(came)
            return [urgency_heard(heard.tenant, came.referral_id, how)]
        case "DangerReported", _:
            return _in_danger(heard, _read(_Danger, heard))
        case "EnquiryDangerReported", _:
            return [_in_enquiry(heard, _read(_InEnquiry, heard))]
        case "FamilyUntold", UUID() as case_id:
            return [answering.untold(heard, case_id)]
        case "DuplicateLinked" | "DuplicateUnlinked", _:
            return [_identity(heard, _read(_Duplicate, heard))]
        case "ResponsibilityChanged", _:
            told = _read(_Responsibility, heard)
            line = [duty_heard(heard.tenant, told.child, each) for each in told.owed()]
            return [*duty.changed(heard), *line]
        case "ResponsibilityDetermined", _:
            determined = _read(_Determined, heard)
            owed = [period for each in determined.periods for period in each.owed()]
            written = duty_determined(heard.tenant, determined.child, owed)
            return [*written, *_duty_learned(determined)]
        case _:
            return ()


def _identity(heard: Heard, told: _Duplicate) -> Do:
    found = Identity.ONE if heard.type == "DuplicateLinked" else Identity.TWO
    noted = NoteIdentity(told.person, told.same_as, told.episode, found)
    return Do(noted, target=told.episode)


def _duty_learned(line: _Determined) -> list[Do]:
    """Keep in the case's file what was learned, from which day on."""
    if line.effect_from is None:
        return []
    periods = tuple(Owed(each.duty_holder, each.from_day, each.to_day) for each in line.periods)
    note = NoteDuty(line.child, line.effect_from, periods)
    return [Do(note, target=duty_line_stream(line.child))]


def _in_danger(heard: Heard, told: _Danger) -> Sequence[Do | Write]:
    """Raise a concern at once, one for each referral, whether or not anybody knows the child."""
    screened = concern_about(heard.tenant, told.screen_id) if told.screen_id else None
    about = told.referral_id or told.screen_id or heard.stream_id
    concern_id = concern_about(heard.tenant, about)
    source = Source.SCREEN if told.screen_id else Source.REFERRAL
    concern = RaiseConcern(
        concern_id, told.child, told.referral_id, heard.case_id, source, Plain(None), screened
    )
    do = Do(concern, target=concern_stream(concern_id))
    if told.referral_id is None:
        return [do]
    return [do, urgency_heard(heard.tenant, told.referral_id, Urgency.DANGER)]


def _in_enquiry(heard: Heard, told: _InEnquiry) -> Do:
    concern_id = concern_about(heard.tenant, told.enquiry_id)
    unknown = RaiseConcern(concern_id, None, None, None, Source.ENQUIRY, Plain(None))
    return Do(unknown, target=concern_stream(concern_id))


def _urgency(came: _Received) -> Urgency:
    if came.immediate_danger:
        return Urgency.DANGER
    return Urgency.URGENT if came.urgent else Urgency.ORDINARY


def _take_on(heard: Heard, case_id: UUID) -> TakeOnReferral:
    told = _read(_Accepted, heard)
    return TakeOnReferral(
        case_id,
        told.child,
        AcceptedReferral(
            told.referral_id,
            told.reference,
            told.family_id,
            told.contact,
            told.needs,
            told.duty_holder,
            london_day(heard.occurred.at),
        ),
        told.known_by,
    )


def hear_notifications(heard: Heard) -> Sequence[Do | Write]:
    """Ask a person to tell a family what no message of its case could; workers have their inbox.

    What is told of statutory notices is for the proposals that they are of.
    """
    if heard.type != "NotificationFailed" or heard.case_id is None:
        return notices.hear(heard)
    lost = _read(_Lost, heard)
    if lost.channel == IN_APP:
        return ()
    made_for = (heard.tenant, TaskKind.TELL_OTHERWISE, heard.case_id, str(lost.message_id))
    asked = NoteUnreached(heard.case_id, lost.message_id)
    return [Do(asked, target=task_stream(task_made_for(*made_for)))]


def _read(model: type[M], heard: Heard) -> M:
    return model.model_validate(heard.data)


def hear_own(heard: Heard) -> Sequence[Do | Write]:
    """Go on with what passes between two authorities: transfers, changes of duty."""
    return [*answering.hear(heard), *duty.hear(heard)]


SUBSCRIPTIONS = (
    Subscription("referrals", hear_referrals),
    Subscription("groups", places.hear),
    Subscription("notifications", hear_notifications),
    Subscription(SERVICE, hear_own),
)
