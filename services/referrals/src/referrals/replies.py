"""Answers written: states and rows as the contract says them."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from referrals.duty.line import Span
from referrals.life.states import (
    Accepted,
    Declined,
    NotReceived,
    Received,
    Redirected,
    Referral,
    Screened,
    TakenBack,
    TakenUp,
    said_of,
    screened,
    was_late,
)
from referrals.people.person import Adult, Child, Person, Referrer
from referrals.worklists.worklist import Listed, State
from throughline.referrals.v1 import referrals_pb2 as pb

STATES: Mapping[type, State] = {
    Received: State.RECEIVED,
    Screened: State.SCREENED,
    Accepted: State.ACCEPTED,
    TakenUp: State.TAKEN_UP,
    Declined: State.DECLINED,
    Redirected: State.REDIRECTED,
    TakenBack: State.TAKEN_BACK,
}


def listed(row: Listed) -> pb.ReferralSummary:
    """Write a row of the worklist."""
    summary = pb.ReferralSummary(
        referral_id=str(row.referral_id),
        reference=row.reference,
        state=row.state,
        case_id=str(row.case_id),
        family_id=str(row.family_id),
        child=str(row.child),
        urgent=row.urgent,
        known_before=row.known_before,
        duty_holder=row.duty_holder or "",
        screening_overdue=row.screening_overdue,
    )
    summary.received_at.FromDatetime(row.received_at)
    return summary


def referral(state: Referral) -> pb.GetReferralResponse:
    """Write a referral as it stands, its words sealed. The referral is there."""
    said = said_of(state)
    if said is None:
        raise TypeError(f"{type(state).__name__} is no referral that can be shown")
    answer = pb.GetReferralResponse(
        referral=_summary(state),
        submission_id=str(said.submission),
        referrer=str(said.referrer),
        contact=str(said.contact or ""),
        adults=[str(each) for each in said.adults],
        legal_status=said.legal_status,
        adoption_order_date=_day(said.ordered_on),
        placing_authority=said.placing_authority or "",
        lives_in=said.lives_in,
        education=said.education,
        ehc_plan=said.ehc_plan,
        needs=said.needs,
        asks_for_assessment=said.asks_for_assessment,
        placement_at_risk=said.placement_at_risk,
        immediate_danger=said.immediate_danger,
        safeguarding_concern=said.safeguarding_concern,
        consent_to_refer=said.consent_to_refer,
        consent_to_share_with=said.consent_to_share_with,
    )
    looked_at = screened(state)
    if looked_at is not None:
        answer.safeguarding = looked_at.screening.safeguarding.value
        answer.eligibility = looked_at.screening.eligibility.value
    if isinstance(state, Declined):
        answer.decline_reason = state.reason.value
    return answer


def person(state: Person, owed: Span | None, opened: Mapping[str, str]) -> pb.GetPersonResponse:
    """Write a person who is there, who owes them the service today, and what was opened of them."""
    match state:
        case Child(latest=latest) if latest is not None:
            answer = pb.GetPersonResponse(
                person_id=str(state.person),
                kind="child",
                family_id=str(state.family),
                case_id=str(state.case),
                birth_month=latest.birth_month,
                sex=latest.sex,
                ethnicity=latest.ethnicity,
                protected_address=latest.protected_address,
                opened=opened,
            )
            if owed is not None and owed.duty_holder is not None:
                answer.duty_holder = owed.duty_holder
                answer.duty_from, answer.duty_to = _day(owed.from_day), _day(owed.to_day)
        case Adult(said=said):
            answer = pb.GetPersonResponse(
                person_id=str(said.person),
                kind="adult",
                family_id=str(said.family),
                role=said.role,
                protected_address=said.protected_address,
                opened=opened,
            )
        case Referrer(said=said):
            answer = pb.GetPersonResponse(
                person_id=str(said.person),
                kind="referrer",
                family_id=str(said.family),
                role=said.kind,
                opened=opened,
            )
        case _:
            raise TypeError(f"{type(state).__name__} is nobody who can be shown")
    return answer


def contact(
    person: UUID, state: Adult | Referrer, *, delivery_failed: bool
) -> pb.GetContactResponse:
    """Write how somebody may be written to, nothing of it opened yet."""
    answer = pb.GetContactResponse(person_id=str(person), delivery_failed=delivery_failed)
    if isinstance(state, Adult):
        answer.preference = state.said.contact_preference
        answer.protected_address = state.said.protected_address
        answer.do_not_leave_voicemail = state.said.do_not_leave_voicemail
    return answer


def _summary(state: Referral) -> pb.ReferralSummary:
    said, looked_at = said_of(state), screened(state)
    if said is None or isinstance(state, NotReceived):
        return pb.ReferralSummary()
    urgent = said.urgent if looked_at is None else looked_at.screening.urgent
    summary = pb.ReferralSummary(
        referral_id=str(said.referral),
        reference=said.reference,
        state=STATES[type(state)].value,
        case_id=str(said.case),
        family_id=str(said.family),
        child=str(said.child),
        urgent=urgent,
        known_before=said.known_before,
        duty_holder=said.duty_holder or "",
        screening_overdue=was_late(state),
    )
    summary.received_at.FromDatetime(said.received_at)
    return summary


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
