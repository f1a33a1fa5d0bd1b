"""What falls due at the front door, of every room."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.acting import Do, Due, Met
from ledger.envelope import Recorded
from referrals.drafts import deadlines as drafts
from referrals.duty import deadlines as duty
from referrals.life import deadlines as life
from referrals.redirects import deadlines as redirects

SETTING: Final = (drafts.deadlines, duty.deadlines, life.deadlines, redirects.deadlines)
FALLING: Final[Mapping[str, Any]] = {
    **drafts.FALLING,
    duty.SPAN: duty.fall_due,
    life.SCREENING: life.screening_falls_due,
    life.INFORMATION: life.information_falls_due,
    redirects.ACKNOWLEDGEMENT: redirects.fall_due,
}
"""What follows when a deadline of a kind is over."""


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set and end the deadlines of all rooms."""
    return [each for setting in SETTING for each in setting(recorded)]


def fall_due(kind: str, stream_id: UUID, due_at: datetime) -> Do:
    """Say what follows when a deadline is over. Raises LookupError for a kind that is not ours."""
    if kind not in FALLING:
        raise LookupError(f"no deadline of kind {kind} is known")
    falling: Do = FALLING[kind](stream_id, due_at)
    return falling
