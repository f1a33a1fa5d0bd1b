"""What can be done about a place in a group, before what it takes is looked up."""

from dataclasses import dataclass
from uuid import UUID

from casework.places.group_place import NoteTold


@dataclass(frozen=True, slots=True)
class RequestPlace:
    """Ask a group's cohort for a place for the family of the case."""

    request_id: UUID
    case_id: UUID
    cohort_id: UUID


@dataclass(frozen=True, slots=True)
class NotePlace:
    """A group told something of a place for the family of the case."""

    case_id: UUID
    note: NoteTold
