"""Which fields of a referral can be set right, and what they may say.

Facts of the adoption (status, date of the order, who placed the child) are no fields of a referral
alone: they are learned for the child, and who owes the service follows from them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from referrals.codes import EDUCATIONS, NEEDS, OTHER, SHARING_PARTIES


class CodedField(StrEnum):
    """The coded fields, by their names in ReferralReceived."""

    EDUCATION = "education"
    EHC_PLAN = "ehc_plan"
    NEEDS = "needs"
    ASKS_FOR_ASSESSMENT = "asks_for_assessment"
    PLACEMENT_AT_RISK = "placement_at_risk"
    IMMEDIATE_DANGER = "immediate_danger"
    SAFEGUARDING_CONCERN = "safeguarding_concern"
    ASKED_URGENTLY = "asked_urgently"
    CONSENT_TO_REFER = "consent_to_refer"
    CONSENT_TO_SHARE_WITH = "consent_to_share_with"


class WordsField(StrEnum):
    """The fields of free words, by their names in ReferralReceived."""

    IN_THEIR_WORDS = "in_their_words"
    SAFEGUARDING_WORDS = "safeguarding_words"


YES: Final = "yes"
ONE: Final[Mapping[CodedField, frozenset[str]]] = {CodedField.EDUCATION: EDUCATIONS | {OTHER}}
"""Fields that hold just one code."""

SEVERAL: Final[Mapping[CodedField, frozenset[str]]] = {
    CodedField.NEEDS: NEEDS,
    CodedField.CONSENT_TO_SHARE_WITH: SHARING_PARTIES | {OTHER},
}
"""Fields that hold any number of codes; all that are neither of these are yes or no."""


def codes_of(field: CodedField) -> frozenset[str]:
    """Return the codes that a field may hold."""
    return ONE.get(field) or SEVERAL.get(field) or frozenset({YES})


def written(value: object) -> tuple[str, ...]:
    """Return a field's value as codes: yes is `yes`, no is nothing."""
    match value:
        case bool():
            return (YES,) if value else ()
        case str():
            return (value,)
        case tuple():
            return value
        case _:
            raise TypeError(f"{type(value).__name__} is the value of no coded field")


def read(field: CodedField, codes: tuple[str, ...]) -> object:
    """Return the value that codes stand for in a field."""
    if field in SEVERAL:
        return codes
    return codes[0] if field in ONE else codes == (YES,)
