"""The event types of this service, by stored name."""

from casework.allocations.allocation_events import (
    AllocationAccepted,
    AllocationDeclined,
    AllocationEnded,
    AllocationOffered,
    AllocationOverdue,
    AllocationUnanswered,
    AllocationWithdrawn,
    CaseAllocated,
    CaseWeighed,
    HandoverAccepted,
    HandoverOffered,
    LeadAwaited,
    LeadEnded,
    WorkerJoined,
    WorkerLeft,
)
from casework.allocations.conflict import ConflictCleared, ConflictDeclared
from casework.assessments.assessment_events import (
    AssessmentAbandoned,
    AssessmentCompleted,
    AssessmentOverdue,
    AssessmentStarted,
    HeadingConsidered,
)
from casework.assessments.formulation import (
    FormulationAgreed,
    FormulationDrafted,
    FormulationShared,
)
from casework.cases.case import CaseClosed, CaseOpened, CaseTakenOver, EpisodeOpened, ReferralJoined
from casework.cases.duty_line import DutyLearned
from casework.cases.family_link import FamilyLinked, FamilyUnlinked
from casework.cases.reopening import CaseReopened
from casework.closures.closure import ClosureProposed, ClosureReturned, ClosureSigned
from casework.complaints.complaint_events import (
    ComplaintMade,
    ComplaintWithdrawn,
    PanelHeld,
    PanelReported,
    StageAnswered,
    StageBegun,
    StageExtended,
    StageOverdue,
)
from casework.consents.consent_events import (
    CompetenceAssessed,
    ConsentBegan,
    ConsentCeased,
    ConsentDecided,
    ConsentDisputed,
    ConsentGiven,
    ConsentRefused,
    ConsentWithdrawn,
    SharingStarted,
    SharingStopped,
)
from casework.decisions.notice_events import (
    DecisionMade,
    DecisionNoticeIssued,
    DecisionNoticeServed,
    FamilySatisfied,
    NoticeIssued,
    ProposalReworded,
    ProposalServed,
    ProposalWithdrawn,
    RepresentationMade,
    RepresentationPeriodEnded,
    ServiceOfDecisionFailed,
    ServiceOfProposalFailed,
    ServiceProposed,
)
from casework.duty.events import (
    DutyArrived,
    DutyChangeBegan,
    DutyChangeWithdrawn,
    DutyHandedOn,
    DutyKeptByChoice,
    DutyStaysThere,
    DutyTakenOn,
)
from casework.information.conflict import (
    ConflictFlagged,
    ConflictLeftStanding,
    ConflictResolved,
)
from casework.information.item import InformationCorrected, InformationReceived
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
from casework.plans.plan_events import (
    MonitorNominated,
    PlanActivated,
    PlanDrafted,
    PlanEnded,
    PlanPaused,
    PlanProposalEnded,
    PlanProposed,
    PlanResumed,
)
from casework.provision.provision import (
    StepRegularised,
    UrgentProvisionAuthorised,
    UrgentProvisionEnded,
    UrgentProvisionRegularised,
)
from casework.reviews.review_events import (
    ChangeNoted,
    ReviewCompleted,
    ReviewHeadingConsidered,
    ReviewOverdue,
    ReviewsCeased,
    ReviewScheduled,
    ReviewStarted,
)
from casework.sessions.booking import BookingKept, SessionCancelled, SessionScheduled
from casework.sessions.intervention import InterventionPaused, InterventionResumed
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
from casework.transfers.events import (
    AgencyTookOver,
    CustodyCameBack,
    CustodyPassed,
    TeamTookOver,
    TransferAskedBack,
    TransferOffered,
    TransferRefused,
    TransferRevoked,
)
from casework.transfers.incoming_events import (
    CaseReceived,
    CopyComplete,
    TransferAccepted,
    TransferArrived,
    TransferGivenBack,
    TransferTurnedDown,
)
from casework.transfers.record import EntryCopied
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
from casework.urgent.rota_events import (
    OnCallEnded,
    OnCallMoved,
    OnCallPlanDropped,
    OnCallPlanned,
    OnCallRanOut,
    OnCallStarted,
    OnCallUncovered,
)
from casework.workers.worker_events import (
    RegistrationEnding,
    RegistrationLapsed,
    RegistrationRestored,
    WorkerAssignedToTeam,
    WorkerLeftTeam,
    WorkerProfileChanged,
    WorkerRegistered,
    WorkerRegistrationChanged,
)
from ledger.registry import Registry

REGISTRY = (
    Registry()
    .register(
        "Allocation",
        LeadAwaited,
        CaseAllocated,
        LeadEnded,
        WorkerJoined,
        WorkerLeft,
        AllocationOffered,
        HandoverOffered,
        AllocationAccepted,
        HandoverAccepted,
        AllocationDeclined,
        AllocationWithdrawn,
        AllocationUnanswered,
        AllocationEnded,
        AllocationOverdue,
        CaseWeighed,
    )
    .register("ConflictOfInterest", ConflictDeclared, ConflictCleared)
    .register(
        "Case", CaseOpened, ReferralJoined, EpisodeOpened, CaseTakenOver, CaseReopened, CaseClosed
    )
    .register("FamilyLink", FamilyLinked, FamilyUnlinked)
    .register("DutyLine", DutyLearned)
    .register("Session", SessionRecorded, SessionCorrected)
    .register("Closure", ClosureProposed, ClosureReturned, ClosureSigned)
    .register("Booking", SessionScheduled, SessionCancelled, BookingKept)
    .register("Intervention", InterventionPaused, InterventionResumed)
    .register(
        "Consent",
        ConsentGiven,
        ConsentRefused,
        ConsentWithdrawn,
        CompetenceAssessed,
        ConsentDisputed,
        ConsentDecided,
        ConsentBegan,
        ConsentCeased,
        SharingStarted,
        SharingStopped,
    )
    .register(
        "Worker",
        WorkerRegistered,
        WorkerProfileChanged,
        WorkerAssignedToTeam,
        WorkerLeftTeam,
        WorkerRegistrationChanged,
        RegistrationEnding,
        RegistrationLapsed,
        RegistrationRestored,
    )
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
    .register(
        "OnCall",
        OnCallPlanned,
        OnCallPlanDropped,
        OnCallStarted,
        OnCallMoved,
        OnCallEnded,
        OnCallRanOut,
        OnCallUncovered,
    )
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
    .register("Information", InformationReceived, InformationCorrected)
    .register("Conflict", ConflictFlagged, ConflictResolved, ConflictLeftStanding)
    .register(
        "Assessment",
        AssessmentStarted,
        HeadingConsidered,
        AssessmentOverdue,
        AssessmentCompleted,
        AssessmentAbandoned,
    )
    .register("Formulation", FormulationDrafted, FormulationShared, FormulationAgreed)
    .register(
        "Plan",
        PlanDrafted,
        PlanProposed,
        PlanProposalEnded,
        PlanActivated,
        MonitorNominated,
        PlanPaused,
        PlanResumed,
        PlanEnded,
    )
    .register(
        "Review",
        ReviewScheduled,
        ChangeNoted,
        ReviewOverdue,
        ReviewStarted,
        ReviewHeadingConsidered,
        ReviewCompleted,
        ReviewsCeased,
    )
    .register(
        "Notice",
        ServiceProposed,
        ProposalReworded,
        NoticeIssued,
        ProposalServed,
        ServiceOfProposalFailed,
        RepresentationMade,
        FamilySatisfied,
        RepresentationPeriodEnded,
        ProposalWithdrawn,
        DecisionMade,
        DecisionNoticeIssued,
        DecisionNoticeServed,
        ServiceOfDecisionFailed,
    )
    .register(
        "UrgentProvision",
        UrgentProvisionAuthorised,
        StepRegularised,
        UrgentProvisionRegularised,
        UrgentProvisionEnded,
    )
    .register(
        "Complaint",
        ComplaintMade,
        StageExtended,
        StageOverdue,
        StageAnswered,
        StageBegun,
        PanelHeld,
        PanelReported,
        ComplaintWithdrawn,
    )
    .register(
        "Transfer",
        TransferOffered,
        TransferAskedBack,
        TransferRevoked,
        TransferRefused,
        TeamTookOver,
        AgencyTookOver,
        CustodyPassed,
        CustodyCameBack,
    )
    .register(
        "IncomingTransfer",
        TransferArrived,
        TransferAccepted,
        TransferTurnedDown,
        TransferGivenBack,
        CaseReceived,
        CopyComplete,
    )
    .register("TransferredRecord", EntryCopied)
    .register("DutyChange", DutyChangeBegan, DutyHandedOn, DutyKeptByChoice, DutyChangeWithdrawn)
    .register("DutyArrival", DutyArrived, DutyTakenOn, DutyStaysThere)
)
