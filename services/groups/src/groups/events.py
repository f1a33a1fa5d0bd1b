"""Every event that this service stores, by the category of its stream. None holds personal data."""

from groups.attendance import AttendanceRecorded
from groups.case_requests import RequestNoted
from groups.cohort import CohortOpened, CohortPublished, PlaceFreed, PlaceGranted, PlaceQueued
from groups.invitation import InvitationReceived
from groups.place import PlaceAccepted, PlaceDeclined, PlaceLapsed, PlaceOffered, PlaceWaitlisted
from groups.programme import ProgrammePublished
from groups.request import PlaceRequested, PlaceWithdrawn
from ledger.registry import Registry

REGISTRY = (
    Registry()
    .register("Programme", ProgrammePublished)
    .register("Cohort", CohortPublished, CohortOpened, PlaceGranted, PlaceQueued, PlaceFreed)
    .register("Invitation", InvitationReceived)
    .register("CaseRequests", RequestNoted)
    .register(
        "Place",
        PlaceRequested,
        PlaceWithdrawn,
        PlaceOffered,
        PlaceWaitlisted,
        PlaceAccepted,
        PlaceDeclined,
        PlaceLapsed,
        AttendanceRecorded,
    )
)
