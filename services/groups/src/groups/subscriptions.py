"""What this service does when others speak: casework's requests and closings, and its own flow."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from chassis.acting import Do, Heard, Subscription
from groups import known, placing, streams
from groups.asks import AskForPlace, EndCase
from ledger.clock import london_day
from ledger.writes import Write


class PlaceWanted(BaseModel):
    """Casework's PlaceRequested, as far as it matters here."""

    request_id: UUID
    cohort_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID


def hear_casework(heard: Heard) -> Sequence[Do | Write]:
    """Turn a case's request for a place, and its closing, into commands."""
    match heard.type:
        case "PlaceRequested":
            return [_ask(heard)]
        case "CaseClosed" if heard.case_id is not None:
            target = streams.case_requests_stream(heard.tenant, heard.case_id)
            return [Do(EndCase(heard.case_id), target)]
        case _:
            return []


def _ask(heard: Heard) -> Do:
    wanted = PlaceWanted.model_validate(heard.data)
    place_id = streams.place_of(heard.tenant, wanted.request_id)
    ask = AskForPlace(
        place_id=place_id,
        request_id=wanted.request_id,
        cohort_id=wanted.cohort_id,
        family_id=wanted.family_id,
        contact=wanted.contact,
        child=wanted.child,
        case_id=heard.case_id,
        asked_on=london_day(heard.occurred.at),
    )
    return Do(ask, streams.place_stream(place_id))


def _of_casework(heard: Heard) -> Sequence[Do | Write]:
    return [*known.hear(heard), *hear_casework(heard)]


SUBSCRIPTIONS = (Subscription("casework", _of_casework), Subscription("groups", placing.hear))
