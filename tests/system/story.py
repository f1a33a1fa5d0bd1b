"""One case with two sessions, one of which was set right later, for readers of the past."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.system.office import Office
from tests.system.submissions import invented
from throughline_cli.operating import Clock
from throughline_cli.past import Asked, read_history
from throughline_cli.playing import Accepted
from throughline_cli.playing_group import Sessions


@dataclass(frozen=True, slots=True)
class Story:
    """The case; the session said to be on `said_on` was held on `held_on`.

    That was recorded after `before`. `corrected` is the event that was set right.
    """

    case: Accepted
    said_on: date
    held_on: date
    before: datetime
    corrected: str

    @property
    def asked(self) -> tuple[str, str, str]:
        """Name the case as a command takes it."""
        return (self.case.case_id, "--authority", str(self.case.authority))


async def tell(office: Office) -> Story:
    """Let a worker record two sessions, and weeks later set the first one right."""
    [case] = await office.take_on(invented())
    clock = await Clock.of(office.operator)
    begun = clock.now
    await clock.reach(begun + timedelta(days=4))
    worker = office.staff.worker_for(case.authority, case.case_id)
    sessions = Sessions(await office.staff.line_of(worker.slug), case)
    said_on, held_on = (begun + timedelta(days=2)).date(), (begun + timedelta(days=3)).date()
    first = await sessions.record(1, said_on, 60, "A first talk.")
    await sessions.record(2, held_on, 45, "A second talk.")
    await office.operator.settle()
    auditor = await office.staff.reader(str(case.authority), None)
    known = await read_history(auditor, Asked(case.case_id, str(case.authority)))
    corrected = next(each.event_id for each in known.entries if each.type == "SessionRecorded")
    before = (clock.now + timedelta(days=1)).astimezone(UTC)
    await clock.reach(clock.now + timedelta(days=3))
    await sessions.correct(first, corrected, held_on, "It was a day later.")
    await office.operator.settle()
    return Story(case, said_on, held_on, before, corrected)
