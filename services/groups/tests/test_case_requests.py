"""A case knows each place that was asked for under it, once."""

from uuid import UUID

from groups.case_requests import CASE_REQUESTS, NoteRequest, RequestNoted
from ledger.testing import Given, Transitions

P1, P2 = UUID(int=1), UUID(int=2)
case = Given(CASE_REQUESTS)
asked = case.given(RequestNoted(P1))

TRANSITIONS = Transitions(
    {"nothing was asked for": case, "a place was asked for": asked},
    {"note a place": NoteRequest(P1), "note another place": NoteRequest(P2)},
)


def test_each_place_is_noted_once() -> None:
    case.repeats_nothing(NoteRequest(P1))
    asked.when(NoteRequest(P2)).then(RequestNoted(P2))


def test_it_knows_the_places_in_order_of_asking() -> None:
    assert CASE_REQUESTS.fold([RequestNoted(P2), RequestNoted(P1)]) == (P2, P1)
