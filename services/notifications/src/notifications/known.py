"""Whom a worker knows, heard from those who know it: nothing of a family's past is there for him.

Before there is a case referrals say so of a referral, and mean the whole family; then casework
does, of a child or a family.
"""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from chassis.acting import Heard
from chassis.queries.known_people import BELONGS, KNOWS, KNOWS_NOT
from ledger.writes import Write


class _Answered(BaseModel):
    """Referrals' ConflictAnswered, as far as it matters here."""

    child: UUID
    worker: UUID | None


class _Declared(BaseModel):
    """Casework's ConflictDeclared, as far as it matters here."""

    worker: UUID
    about: UUID


class _OfFamily(BaseModel):
    """ReferralReceived and CaseOpened, as far as they matter here."""

    referral_id: UUID
    child: UUID
    family_id: UUID
    submission_id: UUID | None = None
    referrer: UUID | None = None
    contact: UUID | None = None


def hear_referrals(heard: Heard) -> Sequence[Write]:
    """Keep who knows the family of a referral, and who belongs to it."""
    match heard.type:
        case "ConflictAnswered":
            said = _Answered.model_validate(heard.data)
            if said.worker is None:
                return [KNOWS_NOT(heard.tenant, heard.stream_id)]
            return [KNOWS(heard.tenant, heard.stream_id, said.worker, said.child, True)]  # noqa: FBT003 # a column
        case "ReferralReceived":
            return _together(heard, _OfFamily.model_validate(heard.data))
        case _:
            return []


def hear_casework(heard: Heard) -> Sequence[Write]:
    """Keep who knows a child or family, and whose file a case is."""
    match heard.type:
        case "ConflictDeclared":
            said = _Declared.model_validate(heard.data)
            return [KNOWS(heard.tenant, heard.stream_id, said.worker, said.about, False)]  # noqa: FBT003 # a column
        case "ConflictCleared":
            return [KNOWS_NOT(heard.tenant, heard.stream_id)]
        case "CaseOpened":
            return _together(heard, _OfFamily.model_validate(heard.data))
        case _:
            return []


def _together(heard: Heard, of: _OfFamily) -> Sequence[Write]:
    named = (of.child, of.contact, of.referrer, of.referral_id, of.submission_id, heard.case_id)
    told = [BELONGS(heard.tenant, of.family_id, each) for each in named if each is not None]
    if heard.case_id is not None:
        told.append(BELONGS(heard.tenant, of.child, heard.case_id))
    return told
