"""Who owes a child the service is noted when it is found, and when it changes."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from ledger.testing import Given
from referrals.duty.rule import Circumstances, Owed, Undetermined
from referrals.duty.timeline import TIMELINE, DetermineResponsibility, ResponsibilityDetermined

GAIL = UUID(int=1)
known = Circumstances("order-granted", date(2023, 3, 14), "saltby", "northmoor")
owed = Owed("saltby", date(2023, 3, 14), date(2026, 3, 14))
later = Owed("northmoor", date(2026, 3, 15), None)
determine = DetermineResponsibility(GAIL, owed, known, "v1")
determined = ResponsibilityDetermined(
    child=GAIL,
    duty_holder="saltby",
    from_day=date(2023, 3, 14),
    to_day=date(2026, 3, 14),
    rule="v1",
    legal_status="order-granted",
    ordered_on=date(2023, 3, 14),
    placing_authority="saltby",
    lives_in="northmoor",
)
nothing = Given(TIMELINE)


def test_it_is_noted_when_it_is_found_and_when_it_changes() -> None:
    nothing.when(determine).then(determined)
    nothing.given(determined).when(DetermineResponsibility(GAIL, later, known, "v1")).then(
        replace(determined, duty_holder="northmoor", from_day=date(2026, 3, 15), to_day=None)
    )


def test_not_knowing_takes_nothing_back() -> None:
    unknown = DetermineResponsibility(GAIL, Undetermined(), known, "v1")
    nothing.when(unknown).then()
    nothing.given(determined).when(unknown).then()


def test_the_same_command_again_decides_nothing() -> None:
    nothing.repeats_nothing(determine)
