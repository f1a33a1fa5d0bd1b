"""When others are warned that a registration ends, and when it has: as its fact says it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from casework.falling import FallDue
from casework.streams import worker_stream
from casework.workers.profile import Registration, RegistrationBody
from casework.workers.worker_commands import NoteRegistrationEnding, NoteRegistrationLapse
from casework.workers.worker_events import WorkerRegistrationChanged
from chassis.acting import Do, Due, Met
from ledger.clock import london_day, start_of_day
from ledger.envelope import Recorded

ENDING: Final = "registration-ending/"
"""Followed by the body, the first day and how many days are left then."""
LAPSE: Final = "registration-lapse/"
"""Followed by the body and the first day: a worker may have several periods."""


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Set the warnings that are still to come, and the lapse, at each change of a period."""
    match recorded.event:
        case WorkerRegistrationChanged(worker, registration=period, warn_on=(*days,)) if days:
            stream = worker_stream(worker)
            today = london_day(recorded.envelope.recorded_at)
            lapses = Due(f"{LAPSE}{_period(period)}", stream, _after(period.valid_to))
            return [*(_warning(period, each, days, today, stream) for each in days), lapses]
        case _:
            return []


def _warning(
    period: Registration, day: date, days: Sequence[date], today: date, stream: UUID
) -> Due | Met:
    kind = f"{ENDING}{_period(period)}/{(period.valid_to - day).days}"
    # Of the days that are over when the period is learned of, the last one is still told.
    latest = max((each for each in days if each <= today), default=day)
    if day < latest:
        return Met(kind, stream)
    return Due(kind, stream, start_of_day(day))


def _period(of: Registration) -> str:
    return f"{of.body.value}/{of.valid_from.isoformat()}"


def _after(day: date) -> datetime:
    return start_of_day(day + timedelta(days=1))


def _ending(kind: str, stream_id: UUID, _due: datetime) -> Do:
    body, first, days = kind.removeprefix(ENDING).split("/")
    noted = NoteRegistrationEnding(
        stream_id, RegistrationBody(body), date.fromisoformat(first), int(days)
    )
    return Do(noted, target=stream_id)


def _lapsed(_kind: str, stream_id: UUID, due: datetime) -> Do:
    return Do(NoteRegistrationLapse(stream_id, london_day(due)), target=stream_id)


FALLING: Mapping[str, FallDue] = {ENDING: _ending, LAPSE: _lapsed}
