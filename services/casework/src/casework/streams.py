"""The ids of this service's streams, made from what they are about."""

from datetime import date
from uuid import UUID

from casework.consents.consent_events import Matter
from casework.tasks.kinds import TaskKind
from casework.urgent.rule import Post
from ledger.commands import Claim
from ledger.ids import stream_of

SERVICE = "casework"


def case_stream(case_id: UUID) -> UUID:
    """Return the stream of a case."""
    return stream_of(SERVICE, "Case", case_id)


def allocation_stream(case_id: UUID) -> UUID:
    """Return the stream of who leads a case."""
    return stream_of(SERVICE, "Allocation", case_id)


def offer_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the offer that a command makes to a worker."""
    return stream_of(SERVICE, "offer made by", f"{authority}/{command_id}")


def interest_stream(worker: UUID, about: UUID) -> UUID:
    """Return the stream of whether a worker knows a child or family: a conflict of interest."""
    return stream_of(SERVICE, "ConflictOfInterest", f"{worker}/{about}")


def known_to(worker: UUID, about: UUID) -> Claim:
    """Return the claim that says, at once, that a worker knows a child or family."""
    return Claim(f"conflict-of:{worker}", str(about))


def session_stream(session_id: UUID) -> UUID:
    """Return the stream of a session: its record and its corrections."""
    return stream_of(SERVICE, "Session", session_id)


def worker_stream(worker: UUID) -> UUID:
    """Return the stream of a worker, in the record of each authority he works for."""
    return stream_of(SERVICE, "Worker", worker)


def group_place_stream(case_id: UUID, cohort_id: UUID) -> UUID:
    """Return the stream of what a case has to do with a cohort of a group."""
    return stream_of(SERVICE, "GroupPlace", f"{case_id}/{cohort_id}")


def session_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the session that a command records: a retry records the same one."""
    return stream_of(SERVICE, "session made by", f"{authority}/{command_id}")


def request_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the request for a place that a command makes."""
    return stream_of(SERVICE, "request made by", f"{authority}/{command_id}")


def case_of_child(child: UUID) -> Claim:
    """Return the claim that makes a case the only one of its child in an authority."""
    return Claim("case-of-child", str(child))


def on_call_stream(authority: UUID, post: Post) -> UUID:
    """Return the stream of an authority's rota for a post.

    Each authority keeps its own, also where one worker stands for all of a partnership: a concern
    is decided in its authority's record and must see there, in the same breath, who is on duty.
    """
    return stream_of(SERVICE, "OnCall", f"{authority}/{post.value}")


def concern_stream(concern_id: UUID) -> UUID:
    """Return the stream of a concern."""
    return stream_of(SERVICE, "Concern", concern_id)


def concern_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the concern that a command raises: a retry raises the same one."""
    return stream_of(SERVICE, "concern made by", f"{authority}/{command_id}")


def concern_about(authority: UUID, told_in: UUID) -> UUID:
    """Return the id of the one concern that a referral or enquiry gives rise to, however told."""
    return stream_of(SERVICE, "concern about", f"{authority}/{told_in}")


def duty_line_stream(child: UUID) -> UUID:
    """Return the stream of who owes a child of ours the service."""
    return stream_of(SERVICE, "DutyLine", child)


def task_stream(task_id: UUID) -> UUID:
    """Return the stream of a task."""
    return stream_of(SERVICE, "Task", task_id)


def task_made_for(authority: UUID, kind: TaskKind, case_id: UUID | None, about: str) -> UUID:
    """Return the id of the one task of a kind that a cause raises in a case, or in none."""
    return stream_of(SERVICE, "task made for", f"{authority}/{case_id}/{kind.value}/{about}")


def information_stream(item_id: UUID) -> UUID:
    """Return the stream of an item of information."""
    return stream_of(SERVICE, "Information", item_id)


def conflict_stream(case_id: UUID) -> UUID:
    """Return the stream of what contradicts each other in a case."""
    return stream_of(SERVICE, "Conflict", case_id)


def assessment_stream(case_id: UUID) -> UUID:
    """Return the stream of the assessments of a case, one after the other."""
    return stream_of(SERVICE, "Assessment", case_id)


def formulation_stream(case_id: UUID) -> UUID:
    """Return the stream of how a child's difficulties are understood, in versions."""
    return stream_of(SERVICE, "Formulation", case_id)


def plan_stream(case_id: UUID) -> UUID:
    """Return the stream of the plan of a case, in versions."""
    return stream_of(SERVICE, "Plan", case_id)


def review_stream(case_id: UUID) -> UUID:
    """Return the stream of the reviews of a case's plan."""
    return stream_of(SERVICE, "Review", case_id)


def entry_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of what a command writes into one of these: a retry writes the same."""
    return stream_of(SERVICE, "entry made by", f"{authority}/{command_id}")


def joint_assessment_of(family_id: UUID, requested_on: date) -> UUID:
    """Return the id that the assessments of siblings, asked for together, have in common.

    Each authority's record makes it by itself, so neither learns of the other's from it.
    """
    return stream_of(SERVICE, "joint assessment", f"{family_id}/{requested_on.isoformat()}")


def consent_stream(case_id: UUID, matter: Matter) -> UUID:
    """Return the stream of what was said on one matter of consent in a case."""
    about = f"{case_id}/{matter.purpose.value}/{matter.party or ''}"
    return stream_of(SERVICE, "Consent", about)


def intervention_stream(case_id: UUID) -> UUID:
    """Return the stream of whether the direct work of a case runs or is paused."""
    return stream_of(SERVICE, "Intervention", case_id)


def closure_stream(case_id: UUID) -> UUID:
    """Return the stream of how a case's episodes are brought to their end."""
    return stream_of(SERVICE, "Closure", case_id)


def family_link_stream(case_id: UUID, other: UUID) -> UUID:
    """Return the stream of whether another case is of a case's family, in the record of the one."""
    return stream_of(SERVICE, "FamilyLink", f"{case_id}/{other}")


def reopening_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the reopening that a command decides: a retry decides the same one."""
    return stream_of(SERVICE, "reopening made by", f"{authority}/{command_id}")


def booking_stream(booking_id: UUID) -> UUID:
    """Return the stream of a session that is booked."""
    return stream_of(SERVICE, "Booking", booking_id)


def booking_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the booking that a command makes: a retry makes the same one."""
    return stream_of(SERVICE, "booking made by", f"{authority}/{command_id}")


def notice_stream(notice_id: UUID) -> UUID:
    """Return the stream of a proposal: its notice, what the family said, the decision."""
    return stream_of(SERVICE, "Notice", notice_id)


def notice_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the proposal that a command writes: a retry writes the same one."""
    return stream_of(SERVICE, "notice made by", f"{authority}/{command_id}")


def representation_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the representations that a command records."""
    return stream_of(SERVICE, "representation made by", f"{authority}/{command_id}")


def provision_stream(provision_id: UUID) -> UUID:
    """Return the stream of an urgent provision."""
    return stream_of(SERVICE, "UrgentProvision", provision_id)


def provision_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the urgent provision that a command authorises."""
    return stream_of(SERVICE, "urgent provision made by", f"{authority}/{command_id}")


def urgent_provision_of_case(case_id: UUID) -> Claim:
    """Return the claim that makes an urgent provision the only one that stands in a case."""
    return Claim("urgent-provision-of-case", str(case_id))


def complaint_stream(complaint_id: UUID) -> UUID:
    """Return the stream of a complaint."""
    return stream_of(SERVICE, "Complaint", complaint_id)


def complaint_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the complaint that a command records: a retry records the same one."""
    return stream_of(SERVICE, "complaint made by", f"{authority}/{command_id}")


def action_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the action that a command agrees: a retry agrees the same one."""
    return stream_of(SERVICE, "action made by", f"{authority}/{command_id}")


def transfer_stream(case_id: UUID) -> UUID:
    """Return the stream of where a case is to go; it tells when custody passes."""
    return stream_of(SERVICE, "Transfer", case_id)


def transfer_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the transfer that a command offers: a retry offers the same one."""
    return stream_of(SERVICE, "transfer made by", f"{authority}/{command_id}")


def incoming_transfer_stream(transfer: UUID) -> UUID:
    """Return the stream of a transfer on the side to which a case is offered."""
    return stream_of(SERVICE, "IncomingTransfer", transfer)


def transferred_record_stream(transfer: UUID, stream_id: UUID) -> UUID:
    """Return the stream that holds the copy of a stream of whoever held a case before."""
    return stream_of(SERVICE, "TransferredRecord", f"{transfer}/{stream_id}")


def duty_change_stream(case_id: UUID) -> UUID:
    """Return the stream of a case's changes of duty, on the side that gives the service."""
    return stream_of(SERVICE, "DutyChange", case_id)


def duty_arrival_stream(child: UUID) -> UUID:
    """Return the stream of a duty to a child that came from another authority."""
    return stream_of(SERVICE, "DutyArrival", child)
