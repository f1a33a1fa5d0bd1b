"""When a message is attempted again, by the real clock: soon at first, then ever more rarely."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Retries:
    """At most `attempts` for a message, with pauses that double.

    With 10 s and 16 attempts the last comes more than a day after the first (RFC 5321 §4.5.4.1
    asks for patience): a server that is away for an hour loses nobody's letter.
    """

    first_pause_s: float
    attempts: int

    def after(self, attempt: int, now: datetime) -> datetime:
        """Return when the attempt that follows this one is due."""
        pause = timedelta(seconds=self.first_pause_s * 2.0 ** min(attempt - 1, 20))
        return now + min(pause, LONGEST_PAUSE)
