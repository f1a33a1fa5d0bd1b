"""The ids of this service's streams, made from what they are about."""

from uuid import UUID

from ledger.ids import stream_of

SERVICE = "groups"


def programme_stream(programme_id: UUID) -> UUID:
    """Return the stream of a programme."""
    return stream_of(SERVICE, "Programme", programme_id)


def cohort_stream(cohort_id: UUID) -> UUID:
    """Return the stream of a cohort, in its host's record."""
    return stream_of(SERVICE, "Cohort", cohort_id)


def invitation_stream(authority: UUID, cohort_id: UUID) -> UUID:
    """Return the stream of what one authority knows of a cohort."""
    return stream_of(SERVICE, "Invitation", f"{authority}/{cohort_id}")


def place_stream(place_id: UUID) -> UUID:
    """Return the stream of a place, in the record of the family's authority."""
    return stream_of(SERVICE, "Place", place_id)


def case_requests_stream(authority: UUID, case_id: UUID) -> UUID:
    """Return the stream of the places asked for under a case, for each authority of its own."""
    return stream_of(SERVICE, "CaseRequests", f"{authority}/{case_id}")


def programme_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the programme that a command publishes: sent again it is the same."""
    return stream_of(SERVICE, "programme of command", f"{authority}/{command_id}")


def cohort_made_by(authority: UUID, command_id: UUID) -> UUID:
    """Return the id of the cohort that a command publishes: sent again it is the same."""
    return stream_of(SERVICE, "cohort of command", f"{authority}/{command_id}")


def place_of(authority: UUID, request_id: UUID) -> UUID:
    """Return the id of the place that answers a request: the same request is never two places."""
    return stream_of(SERVICE, "place of request", f"{authority}/{request_id}")
