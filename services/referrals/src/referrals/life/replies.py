"""A referral written as the contract says it."""

from collections.abc import Mapping
from datetime import date

from referrals.codes import Check
from referrals.life.desk import Desk, check_of
from referrals.life.events import Answered, DutyHolderChecked
from referrals.life.states import (
    Accepted,
    Declined,
    Received,
    Redirected,
    Referral,
    Screened,
    TakenBack,
    TakenUp,
    Withdrawn,
    desk_of,
)
from referrals.worklists.worklist import State
from throughline.referrals.v1 import referrals_pb2 as pb

STATES: Mapping[type, State] = {
    Received: State.RECEIVED,
    Screened: State.SCREENED,
    Accepted: State.ACCEPTED,
    TakenUp: State.TAKEN_UP,
    Declined: State.DECLINED,
    Redirected: State.REDIRECTED,
    TakenBack: State.TAKEN_BACK,
    Withdrawn: State.WITHDRAWN,
}


def referral(state: Referral) -> pb.GetReferralResponse:
    """Write a referral as it stands, its words sealed. The referral is there."""
    desk = desk_of(state)
    if desk is None:
        raise TypeError(f"{type(state).__name__} is no referral that can be shown")
    answer = _as_said(desk)
    answer.referral.CopyFrom(_summary(state, desk))
    answer.safeguarding = desk.answer(Check.SAFEGUARDING)
    answer.eligibility = desk.answer(Check.ELIGIBILITY)
    answer.checks.extend(_check(each) for each in desk.checks)
    answer.checks_missing.extend(each.value for each in desk.missing)
    _waits(desk, answer)
    _asks(desk, answer)
    match state:
        case Declined(reason=declined):
            answer.decline_reason = declined.value
        case Withdrawn(reason=withdrawn):
            answer.withdraw_reason = withdrawn.value
        case _:
            pass
    return answer


def _as_said(desk: Desk) -> pb.GetReferralResponse:
    said = desk.said
    return pb.GetReferralResponse(
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


def _summary(state: Referral, desk: Desk) -> pb.ReferralSummary:
    said = desk.said
    summary = pb.ReferralSummary(
        referral_id=str(said.referral),
        reference=said.reference,
        state=STATES[type(state)].value,
        case_id=str(said.case),
        family_id=str(said.family),
        child=str(said.child),
        urgent=desk.urgent,
        known_before=said.known_before,
        duty_holder=said.duty_holder or "",
        screening_overdue=desk.overdue,
    )
    summary.received_at.FromDatetime(said.received_at)
    return summary


def _check(answered: Answered) -> pb.AnsweredCheck:
    shown = pb.AnsweredCheck(check=check_of(answered).value, answer=str(answered.answer))
    match answered:
        case DutyHolderChecked():
            shown.duty_holder = answered.holder or ""
            shown.duty_from, shown.duty_to = _day(answered.from_day), _day(answered.to_day)
            shown.rule = answered.rule
        case _:
            shown.refers_to = str(answered.refers_to or "")
    return shown


def _waits(desk: Desk, answer: pb.GetReferralResponse) -> None:
    for due in desk.due:
        set_by = answer.screening_due.add(
            urgent=due.urgent, policy=due.policy, calendar=due.calendar
        )
        set_by.due_at.FromDatetime(due.due_at)
    for each in desk.waits_for:
        waits = answer.waits_for.add(
            inquiry_id=str(each.inquiry),
            source=each.source.value,
            overdue=each.inquiry in desk.late,
        )
        waits.due_at.FromDatetime(each.due_at)


def _asks(desk: Desk, answer: pb.GetReferralResponse) -> None:
    for need in desk.needs:
        answer.recorded_needs.add(person_id=str(need.person), kind=need.kind.value, code=need.code)
    for asked in desk.assessments:
        answer.assessments.add(
            asked_by=asked.asked_by.value,
            asked_for=asked.asked_for.value,
            entitled=asked.entitled,
            ground=asked.ground,
        )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
