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


class Check(StrEnum):
    """What a screening looks at; each is answered by itself, in any order."""

    SAFEGUARDING = "safeguarding"
    IDENTITY = "identity"
    DUPLICATES = "duplicates"
    DUTY_HOLDER = "duty-holder"
    ELIGIBILITY = "eligibility"
    URGENCY = "urgency"
    CONFLICT = "conflict-of-interest"
    SAFE_CONTACT = "safe-contact"


class Identity(StrEnum):
    """Whether the child is somebody whom the authority knows."""

    KNOWN = "known"
    NEW = "new"
    UNSURE = "unsure"


class Duplicates(StrEnum):
    """Whether the same concern came in another referral."""

    NONE = "none"
    DUPLICATE = "duplicate"


class Conflict(StrEnum):
    """Whether a worker knows the family, and so is kept away from it."""

    NONE = "none"
    WORKER_KNOWS_FAMILY = "worker-knows-family"


class SafeContact(StrEnum):
    """Whether the family can be reached without putting anybody at risk."""

    SAFE = "safe"
    UNSAFE_ADDRESS = "unsafe-address"
    DO_NOT_CONTACT = "do-not-contact"


class DutyAnswer(StrEnum):
    """Who owes the service, as the child's line of duty says it."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    UNDETERMINED = "undetermined"


class AmendReason(StrEnum):
    """Why what a referral says is set right."""

    MISTAKEN_ENTRY = "mistaken-entry"
    FAMILY_CORRECTS = "family-corrects"
    REFERRER_CORRECTS = "referrer-corrects"
    CIRCUMSTANCES_CHANGED = "circumstances-changed"


class WithdrawReason(StrEnum):
    """Why a referral is taken back by those who made it."""

    FAMILY_WISHES = "family-wishes"
    HELP_FOUND_ELSEWHERE = "help-found-elsewhere"
    MADE_IN_ERROR = "made-in-error"
    NO_ANSWER = "no-answer"
    MOVED_AWAY = "moved-away"
    CANCELLED_BY_SENDER = "cancelled-by-sender"


class Informant(StrEnum):
    """From whom information comes, or is asked."""

    FAMILY = "family"
    CHILD = "child"
    REFERRER = "referrer"
    SCHOOL = "school"
    HEALTH = "health"
    OTHER_AUTHORITY = "other-authority"
    WORKER = "worker"
    OTHER = "other"


class AskedBy(StrEnum):
    """How whoever asks for an assessment stands to the person whose needs are to be assessed."""

    SELF = "self"
    PARENT_FOR_CHILD = "parent-for-child"
    WITH_AGREEMENT = "with-agreement"
    WITHOUT_AGREEMENT = "without-agreement"


class NeedKind(StrEnum):
    """What somebody needs so that the service can reach them, and who they are."""

    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    ACCESS = "access"
    FAITH = "faith"
    ETHNICITY = "ethnicity"


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


NEED_CODES: Mapping[NeedKind, frozenset[str]] = {
    # ISO 639-3, and British Sign Language (bfi); the others in words.
    NeedKind.LANGUAGE: frozenset(
        {"ara", "ben", "bfi", "bul", "ckb", "cym", "eng", "fas", "fra", "guj", "hin", "ita", "lit"}
        | {"pan", "pol", "por", "prs", "pus", "ron", "som", "spa", "sqi", "tam", "tir", "tur"}
        | {"ukr", "urd", "yue", "zho", OTHER}
    ),
    NeedKind.INTERPRETER: frozenset({"none", "spoken", "sign", "lipspeaker", "deafblind", OTHER}),
    NeedKind.ACCESS: frozenset(
        {"none", "step-free", "large-print", "easy-read", "hearing-loop", "quiet-place", OTHER}
    ),
    # As in the census of England and Wales.
    NeedKind.FAITH: frozenset(
        {"none", "buddhist", "christian", "hindu", "jewish", "muslim", "sikh", "not-said", OTHER}
    ),
    NeedKind.ETHNICITY: ETHNICITIES,
}
"""The codes of each kind of need."""


def clear_code(given: str, known: frozenset[str]) -> str:
    """Return the code as it may stand in the clear."""
    return given if given in known else OTHER


def unknown_codes(given: Mapping[str, tuple[str, frozenset[str]]]) -> str | None:
    """Return the codes that are not known, one `field=code` a line; None where all are.

    `given` maps a field to its code as given and the codes known there.
    """
    lines = [f"{field}={code}" for field, (code, known) in given.items() if code not in known]
    return "\n".join(lines) or None
