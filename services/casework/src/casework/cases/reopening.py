"""Beginning work anew in a closed case, by a person's decision: what is checked again before it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from ledger.decider import Refusal
from ledger.personal import Block, Personal, Plain, SealedIn


class ReopenReason(StrEnum):
    """Why work begins anew."""

    CONCERN = "concern"
    FAMILY_ASKED = "family-asked"
    NEW_NEED = "new-need"
    AGENCY_ASKED = "agency-asked"
    CLOSED_IN_ERROR = "closed-in-error"


class Check(StrEnum):
    """What is checked again before a case is reopened (DOMAIN §2.5)."""

    DUTY_HOLDER = "duty-holder"
    CONSENT = "consent-to-assess"


@dataclass(frozen=True, slots=True)
class Reopen:
    """Begin a new episode. `lacking`: what was looked up and does not hold.

    `reopening`: made from the request, so that a repeat names the same. `duty_holder`: as checked.
    """

    reopening: UUID
    reason: ReopenReason
    duty_holder: str
    on: date
    lacking: tuple[Check, ...]
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class CaseReopened:
    """A person decided on a new episode, after duty holder and consents were checked again."""

    case_id: UUID
    child: UUID
    episode: int
    reopening: UUID
    reason: ReopenReason
    duty_holder: str
    on: date
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


class CaseIsOpen(Refusal):
    """The case is worked on: there is nothing to reopen."""


class NotCheckedAgain(Refusal):
    """Before a case is reopened its duty holder and consents are checked again: it names which."""

    def __init__(self, lacking: Collection[Check]) -> None:
        super().__init__()
        self.lacking = tuple(lacking)

    @property
    def details(self) -> Mapping[str, str]:
        """Say what is missing."""
        return MappingProxyType({"missing": " ".join(self.lacking)})
