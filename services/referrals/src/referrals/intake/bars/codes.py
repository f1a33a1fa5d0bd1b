"""The codes of referral messages that we know; any other is kept and shown to whoever screens.

Events, reasons, categories and flags are those of the Booking and Referral Standard, ethnic
categories those of UK Core (NHS Data Dictionary), relationships HL7's v3-RoleCode. The clinical
codes are SNOMED CT's; which of them means which need is for practitioners to agree on.
"""

from collections.abc import Mapping
from typing import Final

EVENTS: Final = "https://fhir.nhs.uk/CodeSystem/message-events-bars"
REQUEST: Final = "servicerequest-request"
RESPONSE: Final = "servicerequest-response"
REASON_NEW: Final = "new"
REASON_UPDATE: Final = "update"
DEFINITION: Final = (
    "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-referral"
)
CANCELLATION: Final = (
    "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-cancelled"
)
CANCELLED: Final[Mapping[str, str]] = {
    "revoked": "cancelled-by-sender",
    "entered-in-error": "made-in-error",
}
"""States of a request that is taken back, and our reasons for that."""
CATEGORY: Final = ("https://fhir.nhs.uk/CodeSystem/message-category-servicerequest", "referral")
NHS_NUMBER: Final = "https://fhir.nhs.uk/Id/nhs-number"
ETHNIC_CATEGORY: Final = (
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory"
)
ETHNIC_CODES: Final = frozenset(
    {
        "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory",
        "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland",
    }
)
ROLE_CODES: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
SNOMED: Final = "http://snomed.info/sct"
NEED_CODES: Final = "https://throughline.example/CodeSystem/needs"
"""Our own codes for needs, for senders that know them."""
REFERENCES: Final = "https://throughline.example/Id/referral-reference"

URGENT: Final = frozenset({"urgent", "asap", "stat"})
"""Priorities of a request that are not routine."""
CONFIDENTIAL: Final = frozenset({"R", "V"})
"""Marks of v3-Confidentiality on a person whose address is kept secret."""
ADOPTIVE: Final = frozenset({"ADOPTP", "ADOPTF", "ADOPTM"})

NEEDS: Final[Mapping[str, str]] = {
    "406506008": "adhd",
    "48694002": "anxiety",
    "197480006": "anxiety",
    "35919005": "autism",
    "408856003": "autism",
    "39898005": "sleep",
    "205788004": "suspected-fasd",
    "248062006": "self-harm-risk",
    "72366004": "food-and-eating",
}
"""SNOMED CT codes of a reason, and the need that each is."""

SPECIALTIES: Final[Mapping[str, str]] = {
    "394814009": "gp",
    "408443003": "gp",
    "394588006": "camhs",
}
"""SNOMED CT codes of a practitioner's specialty, and the kind of referrer that each is."""

ETHNICITIES: Final[Mapping[str, str]] = {
    "A": "WBRI",
    "B": "WIRI",
    "C": "WOTH",
    "D": "MWBC",
    "E": "MWBA",
    "F": "MWAS",
    "G": "MOTH",
    "H": "AIND",
    "J": "APKN",
    "K": "ABAN",
    "L": "AOTH",
    "M": "BCRB",
    "N": "BAFR",
    "P": "BOTH",
    "R": "CHNE",
    "S": "OOTH",
    "Z": "REFU",
}
"""Ethnic categories of the NHS Data Dictionary, and ours."""
