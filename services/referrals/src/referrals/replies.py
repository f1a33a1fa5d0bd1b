"""Answers written: states and rows as the contract says them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from ledger.personal import Personal
from referrals.duty.line import Span
from referrals.people.known import KnownAddress
from referrals.people.person import Adult, Child, Person, Referrer
from referrals.worklists.worklist import Listed
from throughline.referrals.v1 import referrals_pb2 as pb


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


_NAME = ("name", "family_name")
_HOME = ("address_lines", "town", "postcode")


def names_of(shown: Mapping[str, Personal[Any]]) -> dict[str, Personal[Any]]:
    """Return what somebody is addressed by, sealed as it is."""
    return {each: shown[each] for each in _NAME if each in shown}


def lines_of(home: KnownAddress) -> dict[str, Personal[Any]]:
    """Return what stands on an envelope, sealed as it is."""
    return {each: getattr(home, each) for each in _HOME}


def reached(opened: Mapping[str, str]) -> pb.GetContactResponse:
    """Write where somebody is reached, as far as it was opened; a place for letters is lines."""
    said = (line for each in ("letter", *_HOME) for line in opened.get(each, "").splitlines())
    return pb.GetContactResponse(
        name=" ".join(opened[each] for each in _NAME if each in opened),
        email=opened.get("email", ""),
        phone=opened.get("phone", ""),
        safe_times=opened.get("safe_times", ""),
        address_lines=[line for line in said if line.strip()],
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
