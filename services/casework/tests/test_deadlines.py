"""A lead is due by a dated rule, counted in days in London; a lead or the closing meets it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.allocations import deadlines
from casework.allocations.allocation import AllocationReason, CaseAllocated
from casework.allocations.commands import NoteAllocationOverdue
from casework.allocations.deadlines import (
    ALLOCATION,
    AllocationRule,
    due_at,
    due_on,
    rule_on,
)
from casework.cases.case import (
    AcceptedReferral,
    CaseClosed,
    CaseOpened,
    CloseReason,
    EpisodeOpened,
    ReferralJoined,
)
from casework.deadlines import fall_due
from casework.streams import case_stream
from chassis.acting import Do, Due, Met
from ledger.clock import london_day
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain

CASE, CHILD, SOME = UUID(int=1), UUID(int=2), UUID(int=3)
AT = datetime(2025, 10, 20, 9, tzinfo=UTC)
# The clocks go back on 26 October: the day of 30 October ends at midnight UTC.
referral = AcceptedReferral(SOME, "WM-1", SOME, None, (), None, date(2025, 10, 20))
ENDS = datetime(2025, 10, 31, tzinfo=UTC)
stream = case_stream(CASE)


def recorded(event: object) -> Recorded[Any]:
    return Recorded(
        event,
        Envelope(
            SOME, SOME, "Case", SOME, 1, 1, "Any", 1, Occurred(AT), AT, Actor("x", "y"), SOME, SOME
        ),
    )


def test_an_opening_sets_the_deadline_at_the_end_of_its_last_day() -> None:
    due = [Due(ALLOCATION, stream, ENDS)]
    assert deadlines.deadlines(recorded(CaseOpened(CASE, CHILD, referral))) == due
    assert deadlines.deadlines(recorded(EpisodeOpened(CASE, CHILD, 2, referral))) == due
    assert deadlines.deadlines(recorded(ReferralJoined(CASE, CHILD, 1, referral))) == []


def test_a_lead_or_the_closing_meets_it() -> None:
    allocated = CaseAllocated(CASE, CHILD, 1, SOME, None, AllocationReason.NEW_CASE, Plain(None))
    closed = CaseClosed(CASE, CHILD, 1, CloseReason.MOVED, date(2025, 10, 21), Plain("Moved."))
    for each in (allocated, closed):
        assert deadlines.deadlines(recorded(each)) == [Met(ALLOCATION, stream)]


def test_what_falls_due_is_noted_on_the_case_with_its_last_day() -> None:
    assert fall_due(ALLOCATION, stream, ENDS) == Do(
        NoteAllocationOverdue(stream, date(2025, 10, 30)), target=stream
    )
    with pytest.raises(LookupError):
        fall_due("other", stream, ENDS)


def test_a_case_keeps_the_rule_of_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    old = AllocationRule("allocation-1", date(2000, 1, 1), 10)
    new = AllocationRule("allocation-2", date(2026, 4, 1), 5)
    monkeypatch.setattr(deadlines, "RULES", (old, new))
    assert rule_on(date(2026, 3, 31)) == old
    assert rule_on(date(2026, 4, 1)) == new
    assert rule_on(date(1999, 1, 1)) == old
    assert due_on(date(2026, 3, 31)) == date(2026, 4, 10)
    assert due_on(date(2026, 4, 1)) == date(2026, 4, 6)


@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_the_deadline_is_the_first_instant_after_its_last_day(opened: date) -> None:
    assert london_day(due_at(opened)).toordinal() == due_on(opened).toordinal() + 1
    assert fall_due(ALLOCATION, stream, due_at(opened)).command == NoteAllocationOverdue(
        stream, due_on(opened)
    )
