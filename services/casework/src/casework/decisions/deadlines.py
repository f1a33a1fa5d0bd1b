"""What a proposal waits for: the end of the time for representations."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from casework.decisions.commands import NotePeriodEnded
from casework.decisions.notice_events import DecisionMade, ProposalServed, ProposalWithdrawn
from casework.falling import FallDue
from casework.streams import notice_stream
from chassis.acting import Do, Due, Met
from ledger.clock import london_day, start_of_day
from ledger.envelope import Recorded

PERIOD = "representation-period"


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set the end of the period at service; a decision or the withdrawal meets it.

    A service that failed leaves it: when it falls due, a period that runs no more ends nothing.
    """
    match recorded.event:
        case ProposalServed(notice_id, last_day=last_day):
            ends_at = start_of_day(last_day + timedelta(days=1))
            return [Due(PERIOD, notice_stream(notice_id), ends_at)]
        case DecisionMade(notice_id) | ProposalWithdrawn(notice_id):
            return [Met(PERIOD, notice_stream(notice_id))]
        case _:
            return []


def _over(_kind: str, stream_id: UUID, due: datetime) -> Do:
    last_day = london_day(due - timedelta(microseconds=1))
    return Do(NotePeriodEnded(stream_id, last_day), target=stream_id)


FALLING: Mapping[str, FallDue] = {PERIOD: _over}
