"""The coded values of an enquiry."""

from enum import StrEnum


class Channel(StrEnum):
    """How an enquiry came, or information went."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in-person"
    WEB_FORM = "web-form"
    EVENT = "event"


class Kind(StrEnum):
    """Who asks, as far as a code says it."""

    ADOPTER = "adopter"
    ADOPTED_ADULT = "adopted-adult"
    PROSPECTIVE_ADOPTER = "prospective-adopter"
    RELATIVE = "relative"
    CAMHS = "camhs"
    GP = "gp"
    SCHOOL = "school"
    SOCIAL_WORKER = "social-worker"
    VOLUNTARY_AGENCY = "voluntary-agency"
    OTHER = "other"


class Topic(StrEnum):
    """What an enquiry is about."""

    ADOPTION_SUPPORT = "adoption-support"
    ALLOWANCES = "allowances"
    CONTACT_BIRTH_FAMILY = "contact-birth-family"
    GROUPS = "groups"
    PARENTING = "parenting"
    PLACEMENT_AT_RISK = "placement-at-risk"
    RECORDS = "records"
    SCHOOL = "school"
    THERAPY = "therapy"
    OTHER = "other"


class SignpostTo(StrEnum):
    """To whom an enquirer is pointed."""

    GP = "gp"
    CAMHS = "camhs"
    SCHOOL = "school"
    EARLY_HELP = "early-help"
    SOCIAL_CARE = "social-care"
    POLICE = "police"
    NHS_111 = "nhs-111"
    VOLUNTARY_AGENCY = "voluntary-agency"
    OTHER_AUTHORITY = "other-authority"
    OTHER = "other"


class CloseReason(StrEnum):
    """Why nothing more is to be done on an enquiry."""

    ANSWERED = "answered"
    SIGNPOSTED = "signposted"
    REFERRED = "referred"
    LOST_CONTACT = "lost-contact"
    NOT_OURS = "not-ours"
