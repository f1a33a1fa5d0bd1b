"""A redirect waits for its acknowledgement until the end of a working day that the rules name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.acting import Do, Due, Met
from ledger.envelope import Recorded
from referrals.redirects.compose import RedirectFellDue
from referrals.redirects.events import (
    RedirectAskedBack,
    RedirectCameBack,
    RedirectOffered,
    RedirectTakenOver,
)

ACKNOWLEDGEMENT: Final = "redirect-acknowledgement"


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set the deadline with the offer; whatever settles the redirect meets it."""
    stream = recorded.envelope.stream_id
    match recorded.event:
        case RedirectOffered(answer_by=answer_by):
            return [Due(ACKNOWLEDGEMENT, stream, answer_by)]
        case RedirectAskedBack() | RedirectTakenOver() | RedirectCameBack():
            return [Met(ACKNOWLEDGEMENT, stream)]
        case _:
            return []


def fall_due(stream_id: UUID, _due_at: datetime) -> Do:
    """Ask the redirect back. One that was answered meanwhile is left as it is."""
    return Do(RedirectFellDue(stream_id), stream_id)
