"""Leads, answers and registrations are due by their facts' own days, in London; others end them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.allocations import deadlines
from casework.allocations.allocation_events import (
    AllocationDeclined,
    AllocationEnded,
    AllocationOffered,
    AllocationReason,
    CaseAllocated,
    DeclineReason,
    LeadAwaited,
    LeadEnded,
    LeavingReason,
    Part,
    Reach,
)
from casework.allocations.commands import NoteAllocationOverdue, NoteOfferUnanswered
from casework.allocations.deadlines import ALLOCATION
from casework.deadlines import fall_due
from casework.rules.policies import shipped
from casework.streams import allocation_stream, worker_stream
from casework.workers import deadlines as of_workers
from casework.workers.profile import Registration, RegistrationBody
from casework.workers.worker_commands import NoteRegistrationEnding, NoteRegistrationLapse
from casework.workers.worker_events import WorkerRegistrationChanged
from chassis.acting import Do, Due, Met
from ledger.clock import london_day
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain

CASE, CHILD, SOME, OFFER = (UUID(int=n) for n in range(1, 5))
AT = datetime(2025, 10, 20, 9, tzinfo=UTC)
NO_WORDS: Plain[str | None] = Plain(None)
# The clocks go back on 26 October: the day of 30 October ends at midnight UTC.
LAST_DAY, ENDS = date(2025, 10, 30), datetime(2025, 10, 31, tzinfo=UTC)
stream = allocation_stream(CASE)
offered = AllocationOffered(
    CASE,
    CHILD,
    1,
    OFFER,
    SOME,
    Part.LEAD,
    AllocationReason.NEW_CASE,
    Reach.NOT_SAID,
    50,
    LAST_DAY,
    "any",
    NO_WORDS,
)
period = Registration(RegistrationBody.HCPC, date(2024, 6, 1), date(2026, 5, 31))
warn_on = (date(2026, 3, 2), date(2026, 5, 1), date(2026, 5, 24))


def recorded(event: object, at: datetime = AT) -> Recorded[Any]:
    return Recorded(
        event,
        Envelope(
            SOME, SOME, "Case", SOME, 1, 1, "Any", 1, Occurred(at), at, Actor("x", "y"), SOME, SOME
        ),
    )


def test_a_gap_sets_the_deadline_at_the_end_of_its_last_day() -> None:
    gone = LeavingReason.ABSENCE
    for each in (
        LeadAwaited(CASE, CHILD, 1, LAST_DAY, "any"),
        LeadEnded(CASE, CHILD, 1, SOME, gone, LAST_DAY, "any", NO_WORDS),
    ):
        assert deadlines.deadlines(recorded(each)) == [Due(ALLOCATION, stream, ENDS)]


def test_a_lead_or_the_closing_meets_it() -> None:
    reason = AllocationReason.NEW_CASE
    allocated = CaseAllocated(CASE, CHILD, 1, SOME, None, reason, NO_WORDS)
    for each in (allocated, AllocationEnded(CASE, 1, None)):
        assert deadlines.deadlines(recorded(each)) == [Met(ALLOCATION, stream)]


def test_an_offer_waits_for_its_answer() -> None:
    kind = f"allocation-offer/{CASE}/{OFFER}"
    assert deadlines.deadlines(recorded(offered)) == [Due(kind, stream, ENDS)]
    reason = DeclineReason.HOURS
    declined = AllocationDeclined(CASE, CHILD, 1, OFFER, SOME, Part.LEAD, reason, NO_WORDS)
    assert deadlines.deadlines(recorded(declined)) == [Met(kind, stream)]
    noted = NoteOfferUnanswered(CASE, OFFER)
    assert fall_due(kind, stream, ENDS) == Do(noted, target=stream)


def test_what_falls_due_is_noted_on_the_allocation_with_its_last_day() -> None:
    noted = NoteAllocationOverdue(stream, LAST_DAY)
    assert fall_due(ALLOCATION, stream, ENDS) == Do(noted, target=stream)
    with pytest.raises(LookupError):
        fall_due("other", stream, ENDS)


def test_the_days_come_from_the_shared_rule_sets() -> None:
    rules = shipped().on(date(2025, 10, 20))
    assert (rules.allocation_days, rules.lead_gap_working_days) == (10, 1)
    assert rules.registration_warnings == (90, 30, 7)


def test_a_registration_is_warned_of_on_its_days_and_lapses_after_its_last() -> None:
    changed = WorkerRegistrationChanged(SOME, period, warn_on, "any")
    of = worker_stream(SOME)
    set_then = of_workers.deadlines(recorded(changed))
    assert [(each.kind, london_day(each.due_at)) for each in set_then if isinstance(each, Due)] == [
        ("registration-ending/hcpc/2024-06-01/90", date(2026, 3, 2)),
        ("registration-ending/hcpc/2024-06-01/30", date(2026, 5, 1)),
        ("registration-ending/hcpc/2024-06-01/7", date(2026, 5, 24)),
        ("registration-lapse/hcpc/2024-06-01", date(2026, 6, 1)),
    ]
    lapse = set_then[-1]
    assert isinstance(lapse, Due)
    noted = NoteRegistrationLapse(of, date(2026, 6, 1))
    assert fall_due(lapse.kind, of, lapse.due_at) == Do(noted, target=of)
    warning = NoteRegistrationEnding(of, RegistrationBody.HCPC, date(2024, 6, 1), 30)
    kind = "registration-ending/hcpc/2024-06-01/30"
    assert fall_due(kind, of, lapse.due_at) == Do(warning, target=of)


def test_of_warnings_that_are_over_when_it_is_learned_the_last_is_still_told() -> None:
    changed = WorkerRegistrationChanged(SOME, period, warn_on, "any")
    in_may = datetime(2026, 5, 10, 9, tzinfo=UTC)
    assert [type(each) for each in of_workers.deadlines(recorded(changed, in_may))] == [
        Met,
        Due,
        Due,
        Due,
    ]


def test_who_needs_no_register_is_not_watched() -> None:
    assert of_workers.deadlines(recorded(WorkerRegistrationChanged(SOME, period, (), "any"))) == []


@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_the_deadline_is_the_first_instant_after_its_last_day(last: date) -> None:
    (due,) = deadlines.deadlines(recorded(LeadAwaited(CASE, CHILD, 1, last, "any")))
    assert isinstance(due, Due)
    assert london_day(due.due_at).toordinal() == last.toordinal() + 1
    assert fall_due(ALLOCATION, stream, due.due_at).command == NoteAllocationOverdue(stream, last)
