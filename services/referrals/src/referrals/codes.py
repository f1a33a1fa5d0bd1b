"""The coded values we know. A code that is not one of ours is kept sealed and shows as `other`."""

from collections.abc import Mapping
from enum import StrEnum

OTHER = "other"
"""Stands in the clear for a code that we do not know: it might be somebody's name."""


class LegalStatus(StrEnum):
    """How far the adoption is in law."""

    PLACED = "placed"
    ORDER_GRANTED = "order-granted"
    UNKNOWN = "unknown"


class Safeguarding(StrEnum):
    """The answer of the safeguarding screen; recorded also when it is negative."""

    NONE = "none"
    CONCERN = "concern"
    IMMEDIATE_DANGER = "immediate-danger"


class Urgency(StrEnum):
    """How soon somebody must act."""

    ROUTINE = "routine"
    URGENT = "urgent"


class Eligibility(StrEnum):
    """Whether the family may have the service, as far as screening could tell."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not-eligible"
    UNDETERMINED = "undetermined"


class DeclineReason(StrEnum):
    """Why a referral is not taken on."""

    NOT_ENTITLED = "not-entitled"
    OTHER_AUTHORITY = "other-authority"
    SIGNPOSTED = "signposted"
    WITHDRAWN = "withdrawn"
    NO_CONSENT = "no-consent"
    DUPLICATE = "duplicate"


NEEDS = frozenset(
    {
        "adhd",
        "anxiety",
        "attachment",
        "autism",
        "child-to-parent-violence",
        "contact-birth-family",
        "developmental-trauma",
        "food-and-eating",
        "identity-life-story",
        "loss-and-grief",
        "online-contact",
        "parental-stress",
        "placement-at-risk",
        "school-exclusion-risk",
        "self-harm-risk",
        "sensory",
        "sibling-conflict",
        "sleep",
        "suspected-fasd",
        "transition-secondary",
    }
)
ROUTES = frozenset({"web-form", "telephone", "email", "letter", "health-referral-message"})
LEGAL_STATUSES = frozenset(LegalStatus)
EDUCATIONS = frozenset({"mainstream", "special", "home", "none"})
SHARING_PARTIES = frozenset({"school", "gp", "camhs"})
SEXES = frozenset({"female", "male"})
REFERRER_KINDS = frozenset(
    {"adopter", "adopted-adult", "camhs", "gp", "school", "social-worker", "voluntary-agency"}
)
ADULT_ROLES = frozenset({"adoptive-parent"})
CONTACT_PREFERENCES = frozenset({"email", "letter", "phone"})
# As in the children's services returns (Department for Education, children looked after).
ETHNICITIES = frozenset(
    {
        "WBRI",
        "WIRI",
        "WIRT",
        "WOTH",
        "WROM",
        "MWBC",
        "MWBA",
        "MWAS",
        "MOTH",
        "AIND",
        "APKN",
        "ABAN",
        "AOTH",
        "BCRB",
        "BAFR",
        "BOTH",
        "CHNE",
        "OOTH",
        "REFU",
        "NOBT",
    }
)


def clear_code(given: str, known: frozenset[str]) -> str:
    """Return the code as it may stand in the clear."""
    return given if given in known else OTHER


def unknown_codes(given: Mapping[str, tuple[str, frozenset[str]]]) -> str | None:
    """Return the codes that are not known, one `field=code` a line; None where all are.

    `given` maps a field to its code as given and the codes known there.
    """
    lines = [f"{field}={code}" for field, (code, known) in given.items() if code not in known]
    return "\n".join(lines) or None
