"""What came in the instant of a closing, as the task about it names it; over when that is over."""

from uuid import UUID

from casework.tasks.kinds import TaskKind
from casework.tasks.raising import settle_step
from chassis.acting import Step


def booked(booking_id: UUID) -> str:
    """Name a booking, as a task about it does."""
    return f"booking/{booking_id}"


def raised(concern_id: UUID) -> str:
    """Name a concern, as a task about it does."""
    return f"concern/{concern_id}"


def booking_over(tenant: UUID, case_id: UUID, booking_id: UUID) -> Step:
    """Ask for it no longer: the session was held or cancelled."""
    return settle_step(tenant, TaskKind.LEFT_OPEN, case_id, booked(booking_id))


def concern_over(tenant: UUID, concern_id: UUID) -> Step:
    """Ask for it no longer: the concern was closed, or an authority took it on."""
    return settle_step(tenant, TaskKind.LEFT_OPEN, None, raised(concern_id))
