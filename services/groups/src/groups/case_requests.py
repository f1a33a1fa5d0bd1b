"""The places that were asked for under one case, so that the case's closing finds them."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from ledger.decider import Decider


@dataclass(frozen=True, slots=True)
class NoteRequest:
    """A place was asked for under this case."""

    place_id: UUID


@dataclass(frozen=True, slots=True)
class RequestNoted:
    """The place belongs to the case; recorded with the request itself."""

    place_id: UUID


CaseRequestsState: TypeAlias = tuple[UUID, ...]
"""The places, in order of asking."""


def decide(command: NoteRequest, places: CaseRequestsState) -> list[RequestNoted]:
    """Note each place once."""
    return [] if command.place_id in places else [RequestNoted(command.place_id)]


def evolve(places: CaseRequestsState, event: RequestNoted) -> CaseRequestsState:
    """Add the place."""
    return (*places, event.place_id)


CASE_REQUESTS: Decider[NoteRequest, CaseRequestsState, RequestNoted] = Decider(
    "CaseRequests", (), decide, evolve
)
