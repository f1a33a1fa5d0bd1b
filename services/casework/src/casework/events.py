"""The event types of this service, by stored name: what each aggregate's decider can decide."""

from typing import get_args

from casework.allocations.allocation_events import AllocationEvent
from casework.allocations.conflict import ConflictEvent as ConflictOfInterestEvent
from casework.assessments.assessment_events import AssessmentEvent
from casework.assessments.formulation import FormulationEvent
from casework.cases.case import CaseEvent
from casework.cases.duty_line import DutyLearned
from casework.cases.family_link import FamilyLinkEvent
from casework.closures.closure import ClosureEvent
from casework.complaints.complaint_events import ComplaintEvent
from casework.consents.consent_events import ConsentEvent
from casework.decisions.notice_events import NoticeEvent
from casework.duty.events import DutyArrivalEvent, DutyChangeEvent
from casework.information.conflict import ConflictEvent
from casework.information.item import ItemEvent
from casework.places.group_place import GroupPlaceEvent
from casework.plans.plan_events import PlanEvent
from casework.provision.provision import ProvisionEvent
from casework.reviews.review_events import ReviewEvent
from casework.sessions.booking import BookingEvent
from casework.sessions.intervention import InterventionEvent
from casework.sessions.session import SessionEvent
from casework.tasks.task_events import TaskEvent
from casework.transfers.events import TransferEvent
from casework.transfers.incoming_events import IncomingEvent
from casework.transfers.record import EntryCopied
from casework.urgent.concern_events import ConcernEvent
from casework.urgent.rota_events import RotaEvent
from casework.workers.worker_events import WorkerEvent
from ledger.registry import Registry

REGISTRY = (
    Registry()
    .register("Allocation", *get_args(AllocationEvent))
    .register("ConflictOfInterest", *get_args(ConflictOfInterestEvent))
    .register("Case", *get_args(CaseEvent))
    .register("FamilyLink", *get_args(FamilyLinkEvent))
    .register("DutyLine", DutyLearned)
    .register("Session", *get_args(SessionEvent))
    .register("Closure", *get_args(ClosureEvent))
    .register("Booking", *get_args(BookingEvent))
    .register("Intervention", *get_args(InterventionEvent))
    .register("Consent", *get_args(ConsentEvent))
    .register("Worker", *get_args(WorkerEvent))
    .register("GroupPlace", *get_args(GroupPlaceEvent))
    .register("OnCall", *get_args(RotaEvent))
    .register("Concern", *get_args(ConcernEvent))
    .register("Task", *get_args(TaskEvent))
    .register("Information", *get_args(ItemEvent))
    .register("Conflict", *get_args(ConflictEvent))
    .register("Assessment", *get_args(AssessmentEvent))
    .register("Formulation", *get_args(FormulationEvent))
    .register("Plan", *get_args(PlanEvent))
    .register("Review", *get_args(ReviewEvent))
    .register("Notice", *get_args(NoticeEvent))
    .register("UrgentProvision", *get_args(ProvisionEvent))
    .register("Complaint", *get_args(ComplaintEvent))
    .register("Transfer", *get_args(TransferEvent))
    .register("IncomingTransfer", *get_args(IncomingEvent))
    .register("TransferredRecord", EntryCopied)
    .register("DutyChange", *get_args(DutyChangeEvent))
    .register("DutyArrival", *get_args(DutyArrivalEvent))
)
