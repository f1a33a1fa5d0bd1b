"""Whom a worker knows, heard from casework: nothing of a family's past is there for him."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from chassis.acting import Heard
from chassis.queries.known_people import BELONGS, KNOWS, KNOWS_NOT
from ledger.writes import Write


class _Declared(BaseModel):
    """Casework's ConflictDeclared, as far as it matters here."""

    worker: UUID
    about: UUID


class _OfFamily(BaseModel):
    """Casework's CaseOpened and PlaceRequested, as far as they matter here."""

    child: UUID
    family_id: UUID
    contact: UUID | None = None


def hear(heard: Heard) -> Sequence[Write]:
    """Keep who knows whom, and who belongs together."""
    match heard.type:
        case "ConflictDeclared":
            said = _Declared.model_validate(heard.data)
            return [KNOWS(heard.tenant, heard.stream_id, said.worker, said.about, False)]  # noqa: FBT003 # a column
        case "ConflictCleared":
            return [KNOWS_NOT(heard.tenant, heard.stream_id)]
        case "CaseOpened" | "PlaceRequested":
            return _together(heard, _OfFamily.model_validate(heard.data))
        case _:
            return []


def _together(heard: Heard, of: _OfFamily) -> Sequence[Write]:
    members = [each for each in (of.child, of.contact, heard.case_id) if each is not None]
    told = [BELONGS(heard.tenant, of.family_id, each) for each in members]
    if heard.case_id is not None:
        told.append(BELONGS(heard.tenant, of.child, heard.case_id))
    return told
