"""The consents that a submission reports: the first ones that a child has."""

from collections.abc import Sequence

from chassis.acting import Step
from referrals.codes import SHARING_PARTIES
from referrals.consents.consent import CONSENT, Capacity, reported
from referrals.consents.recipient import Recipient, agency, authority, partnership
from referrals.intake.described import Identified
from referrals.intake.document import Document
from referrals.intake.submission import Submission
from referrals.streams import consent_stream


def consents(
    submission: Submission, who: Identified, partnerships: frozenset[str]
) -> Sequence[Step]:
    """Return a step for each child and recipient that the family is said to have agreed to."""
    document = submission.said
    return [
        Step(
            CONSENT,
            consent_stream(child.person, recipient.code),
            reported(
                child.person,
                recipient.code,
                who.referrer,
                Capacity.REPORTED,
                submission.received_on,
                document.submission_id,
            ),
            case_id=child.case,
            subjects=(child.person, who.referrer),
        )
        for child in who.children
        for recipient in _recipients(document, partnerships)
    ]


def _recipients(document: Document, partnerships: frozenset[str]) -> Sequence[Recipient]:
    """Whom the family lets be told; a kind of agency that is not ours names nobody."""
    said = document.consents
    if document.partnership in partnerships:
        referred_to = partnership(document.partnership)
    else:
        referred_to = authority(document.received_by)
    shared = [agency(each) for each in said.to_share_with if each in SHARING_PARTIES]
    return [*([referred_to] if said.to_refer else []), *shared]
