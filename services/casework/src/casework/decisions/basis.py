"""On which assessment a proposal of a case can rest. Pure."""

from uuid import UUID

from casework.assessments.assessment import Assessment, Completed


def completed(found: Assessment) -> UUID | None:
    """Return the completed assessment of a case, if the latest one is."""
    return found.known.assessment_id if isinstance(found, Completed) else None
