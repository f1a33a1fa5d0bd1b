"""An offer lasts to the end of its last day; nobody's answer makes it lapse, an answer saves it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from chassis.acting import Do, Due, Met
from groups.compose import offer_end
from groups.deadlines import OFFER, deadlines, fall_due
from groups.place import LapseOffer, PlaceAccepted, PlaceDeclined, PlaceLapsed, PlaceOffered
from groups.request import Asked
from ledger.envelope import Actor, Envelope, Occurred, Recorded

P1, COHORT_ID, HOST, STREAM = (UUID(int=n) for n in range(1, 5))
UNTIL = datetime(2026, 1, 10, tzinfo=UTC)
asked = Asked(P1, P1, COHORT_ID, HOST, P1, P1, None)


def recorded(event: object) -> Recorded[object]:
    actor, at = Actor("groups", "service"), Occurred(UNTIL)
    around = Envelope(P1, HOST, "Place", STREAM, 2, 7, "", 1, at, UNTIL, actor, P1, P1)
    return Recorded(event, around)


def test_an_offer_runs_to_the_end_of_its_last_day_in_london() -> None:
    winter, summer = datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    assert offer_end(winter, 4) == UNTIL
    assert offer_end(summer, 4) == datetime(2026, 6, 6, 23, tzinfo=UTC)


def test_an_offer_sets_the_deadline_on_its_place() -> None:
    assert deadlines(recorded(PlaceOffered(asked, UNTIL))) == [Due(OFFER, STREAM, UNTIL)]


@pytest.mark.parametrize(
    "answer", [PlaceAccepted(P1, COHORT_ID), PlaceDeclined(P1, COHORT_ID, HOST)]
)
def test_an_answer_meets_it(answer: object) -> None:
    assert deadlines(recorded(answer)) == [Met(OFFER, STREAM)]


def test_nothing_else_touches_it() -> None:
    assert deadlines(recorded(PlaceLapsed(P1, COHORT_ID, HOST))) == []


def test_falling_due_it_lets_the_offer_lapse() -> None:
    assert fall_due(OFFER, STREAM, UNTIL) == Do(LapseOffer(STREAM, UNTIL), STREAM)


def test_a_deadline_of_another_kind_is_an_error() -> None:
    with pytest.raises(LookupError):
        fall_due("review", STREAM, UNTIL)
