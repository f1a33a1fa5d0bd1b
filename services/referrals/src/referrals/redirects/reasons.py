"""Why a redirect was made, refused, or did not stand: codes."""

from enum import StrEnum


class Ground(StrEnum):
    """What allows the other authority to be told."""

    CONSENT = "consent"
    # Without consent, for a recorded reason.
    SAFEGUARDING_DUTY = "safeguarding-duty"
    STATUTORY_DUTY = "statutory-duty"


class RefuseReason(StrEnum):
    """Why the other authority does not take the referral over."""

    NOT_DUTY_HOLDER = "not-duty-holder"
    NOT_ELIGIBLE = "not-eligible"
    NOT_ENOUGH_INFORMATION = "not-enough-information"


class RecallReason(StrEnum):
    """Why a worker takes a redirect back before it is acknowledged."""

    SENT_IN_ERROR = "sent-in-error"
    FAMILY_ASKED = "family-asked"
    DUTY_HOLDER_CHANGED = "duty-holder-changed"


class ReturnReason(StrEnum):
    """Why a referral is again with the authority that offered it."""

    NOT_ACKNOWLEDGED = "not-acknowledged"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    # What would go along is not there, or may not go.
    COULD_NOT_BE_SENT = "could-not-be-sent"
    SENT_IN_ERROR = "sent-in-error"
    FAMILY_ASKED = "family-asked"
    DUTY_HOLDER_CHANGED = "duty-holder-changed"
    REFUSED_NOT_DUTY_HOLDER = "refused-not-duty-holder"
    REFUSED_NOT_ELIGIBLE = "refused-not-eligible"
    REFUSED_NOT_ENOUGH_INFORMATION = "refused-not-enough-information"


def recalled(reason: RecallReason) -> ReturnReason:
    """Return the reason of a return that follows from a recall."""
    return ReturnReason(reason.value)


def refused(reason: RefuseReason) -> ReturnReason:
    """Return the reason of a return that follows from the other side's refusal."""
    return ReturnReason(f"refused-{reason.value}")
