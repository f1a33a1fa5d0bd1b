"""From a submission to what is kept of it: every field has its place, sealed or in the clear."""

from dataclasses import dataclass
from uuid import UUID

from ledger.personal import Plain
from referrals.codes import (
    ADULT_ROLES,
    CONTACT_PREFERENCES,
    EDUCATIONS,
    ETHNICITIES,
    LEGAL_STATUSES,
    REFERRER_KINDS,
    ROUTES,
    SEXES,
    SHARING_PARTIES,
    clear_code,
    unknown_codes,
)
from referrals.duty.said import Said, holder_at_receipt
from referrals.intake.document import Adult, Document
from referrals.intake.submission import Submission, SubmittedChild
from referrals.life.events import ReferralReceived
from referrals.people.said import AdultDescribed, ChildDescribed, ReferrerDescribed
from referrals.rules.policies import duty_rules, shipped


@dataclass(frozen=True, slots=True)
class IdentifiedChild:
    """Who a submitted child is, and the referral that is made of them."""

    person: UUID
    case: UUID
    known_before: bool
    referral: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class Identified:
    """Who everybody of a submission is; adults and children in its order."""

    family: UUID
    referrer: UUID
    adults: tuple[UUID, ...]
    children: tuple[IdentifiedChild, ...]


def duty_said(
    submission: Submission, number: int, person: UUID, partnerships: frozenset[str]
) -> Said:
    """Return what is said towards the question who owes the child of that number the service."""
    document, child = submission.said, submission.children[number - 1]
    return Said(
        child=person,
        submission=document.submission_id,
        number=number,
        partnership=clear_code(document.partnership, partnerships),
        received_on=submission.received_on,
        legal_status=clear_code(child.said.legal_status, LEGAL_STATUSES),
        ordered_on=child.ordered_on,
        placing_authority=child.said.placing_authority,
        lives_in=document.family.lives_in,
    )


def contact_of(document: Document, adults: tuple[UUID, ...]) -> UUID | None:
    """Return the adult to be written to: the first with parental responsibility, else the first."""
    for person, adult in zip(adults, document.family.adults, strict=True):
        if adult.parental_responsibility:
            return person
    return adults[0] if adults else None


def child_described(submission: Submission, number: int, person: UUID) -> ChildDescribed:
    """Return what a submission says of its child of that number, from 1."""
    child = submission.children[number - 1]
    family = submission.said.family
    said = child.said
    return ChildDescribed(
        person=person,
        submission=submission.said.submission_id,
        number=number,
        given_name=Plain(said.given_name),
        family_name=Plain(said.family_name),
        date_of_birth=Plain(said.date_of_birth),
        birth_month=f"{child.born_on:%Y-%m}",
        sex=clear_code(said.sex, SEXES),
        ethnicity=clear_code(said.ethnicity, ETHNICITIES),
        interpreter=Plain(said.interpreter),
        lives_in=family.lives_in,
        address_lines=Plain("\n".join(family.address.lines)),
        town=Plain(family.address.town),
        postcode=Plain(family.address.postcode),
        protected_address=family.protected_address,
        codes_as_given=Plain(
            unknown_codes({"sex": (said.sex, SEXES), "ethnicity": (said.ethnicity, ETHNICITIES)})
        ),
    )


def adult_described(
    document: Document, number: int, person: UUID, family_id: UUID
) -> AdultDescribed:
    """Return what a submission says of its adult of that number, from 1."""
    family = document.family
    said: Adult = family.adults[number - 1]
    return AdultDescribed(
        person=person,
        submission=document.submission_id,
        number=number,
        family=family_id,
        name=Plain(said.name),
        role=clear_code(said.role, ADULT_ROLES),
        parental_responsibility=said.parental_responsibility,
        email=Plain(said.email),
        phone=Plain(said.phone),
        contact_preference=clear_code(said.contact_preference, CONTACT_PREFERENCES),
        safe_times=Plain(said.safe_times),
        do_not_leave_voicemail=said.do_not_leave_voicemail,
        lives_in=family.lives_in,
        address_lines=Plain("\n".join(family.address.lines)),
        town=Plain(family.address.town),
        postcode=Plain(family.address.postcode),
        protected_address=family.protected_address,
        codes_as_given=Plain(
            unknown_codes(
                {
                    "role": (said.role, ADULT_ROLES),
                    "contact_preference": (said.contact_preference, CONTACT_PREFERENCES),
                }
            )
        ),
    )


def referrer_described(document: Document, person: UUID, family_id: UUID) -> ReferrerDescribed:
    """Return what a submission says of whoever referred."""
    said = document.referrer
    return ReferrerDescribed(
        person=person,
        submission=document.submission_id,
        family=family_id,
        kind=clear_code(said.kind, REFERRER_KINDS),
        name=Plain(said.name),
        organisation=Plain(said.organisation),
        email=Plain(said.email),
        phone=Plain(said.phone),
        codes_as_given=Plain(unknown_codes({"kind": (said.kind, REFERRER_KINDS)})),
    )


def referral_received(
    submission: Submission, number: int, who: Identified, partnerships: frozenset[str]
) -> ReferralReceived:
    """Return what a submission says of its child of that number, from 1, but who people are."""
    document = submission.said
    child, identified = submission.children[number - 1], who.children[number - 1]
    known = duty_said(submission, number, identified.person, partnerships)
    return ReferralReceived(
        referral=identified.referral,
        reference=identified.reference,
        submission=document.submission_id,
        number=number,
        siblings=len(submission.children),
        family=who.family,
        child=identified.person,
        case=identified.case,
        referrer=who.referrer,
        contact=contact_of(document, who.adults),
        adults=who.adults,
        known_before=identified.known_before,
        received_at=submission.received_at,
        partnership=known.partnership,
        received_by=document.received_by,
        route=clear_code(document.route, ROUTES),
        referrer_kind=clear_code(document.referrer.kind, REFERRER_KINDS),
        legal_status=known.legal_status,
        ordered_on=known.ordered_on,
        placing_authority=known.placing_authority,
        lives_in=known.lives_in,
        education=clear_code(child.said.education, EDUCATIONS),
        ehc_plan=child.said.ehc_plan,
        duty_holder=holder_at_receipt(known, duty_rules(shipped(), known.partnership)),
        needs=tuple(document.needs),
        asks_for_assessment=document.asks_for_assessment,
        placement_at_risk=document.placement_at_risk,
        immediate_danger=document.safeguarding.immediate_danger,
        safeguarding_concern=document.safeguarding.concern,
        consent_to_refer=document.consents.to_refer,
        consent_to_share_with=tuple(
            clear_code(each, SHARING_PARTIES) for each in document.consents.to_share_with
        ),
        in_their_words=Plain(document.in_their_words),
        safeguarding_words=Plain(document.safeguarding.words),
        codes_as_given=Plain(_unknown_codes(document, child, partnerships)),
        asked_urgently=submission.asked_urgently,
    )


def _unknown_codes(
    document: Document, child: SubmittedChild, partnerships: frozenset[str]
) -> str | None:
    shared = {
        f"consents.to_share_with[{index}]": (each, SHARING_PARTIES)
        for index, each in enumerate(document.consents.to_share_with)
    }
    return unknown_codes(
        {
            "partnership": (document.partnership, partnerships),
            "route": (document.route, ROUTES),
            "legal_status": (child.said.legal_status, LEGAL_STATUSES),
            "education": (child.said.education, EDUCATIONS),
            **shared,
        }
    )
