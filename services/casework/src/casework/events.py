"""The event types of this service, by stored name."""

from casework.allocations.allocation import AllocationEnded, AllocationOverdue, CaseAllocated
from casework.cases.case import CaseClosed, CaseOpened, EpisodeOpened, ReferralJoined
from casework.places.group_place import (
    GroupAttendanceRecorded,
    GroupPlaceAccepted,
    GroupPlaceDeclined,
    GroupPlaceLapsed,
    GroupPlaceOffered,
    GroupPlaceWaitlisted,
    GroupPlaceWithdrawn,
    PlaceRequested,
)
from casework.sessions.session import SessionCorrected, SessionRecorded
from casework.tasks.task_events import (
    TaskAcknowledged,
    TaskCompleted,
    TaskDropped,
    TaskDueMoved,
    TaskEscalated,
    TaskHandedOn,
    TaskRaised,
    TaskRecounted,
    TaskSettled,
)
from casework.urgent.concern_events import (
    ConcernAcknowledged,
    ConcernClosed,
    ConcernEscalated,
    ConcernIdentified,
    ConcernRaised,
    ConcernReopened,
    ConcernRepeated,
    EmergencyTold,
    LAAcknowledged,
    LAOverdue,
    ReferredToLA,
)
from casework.urgent.rota import (
    OnCallEnded,
    OnCallMoved,
    OnCallRanOut,
    OnCallStarted,
    OnCallUncovered,
)
from casework.workers.worker import WorkerRegistered, WorkerRegistrationChanged
from ledger.registry import Registry

REGISTRY = (
    Registry()
    .register("Case", CaseOpened, ReferralJoined, EpisodeOpened, CaseClosed)
    .register("Allocation", CaseAllocated, AllocationEnded, AllocationOverdue)
    .register("Session", SessionRecorded, SessionCorrected)
    .register("Worker", WorkerRegistered, WorkerRegistrationChanged)
    .register(
        "GroupPlace",
        PlaceRequested,
        GroupPlaceOffered,
        GroupPlaceWaitlisted,
        GroupPlaceAccepted,
        GroupPlaceDeclined,
        GroupPlaceLapsed,
        GroupPlaceWithdrawn,
        GroupAttendanceRecorded,
    )
    .register("OnCall", OnCallStarted, OnCallMoved, OnCallEnded, OnCallRanOut, OnCallUncovered)
    .register(
        "Concern",
        ConcernRaised,
        ConcernIdentified,
        ConcernRepeated,
        ConcernReopened,
        ConcernAcknowledged,
        ConcernEscalated,
        EmergencyTold,
        ReferredToLA,
        LAAcknowledged,
        LAOverdue,
        ConcernClosed,
    )
    .register(
        "Task",
        TaskRaised,
        TaskAcknowledged,
        TaskHandedOn,
        TaskDueMoved,
        TaskRecounted,
        TaskEscalated,
        TaskCompleted,
        TaskSettled,
        TaskDropped,
    )
)
