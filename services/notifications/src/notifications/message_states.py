"""How far a message came."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from notifications.letter import Letter
from notifications.message_events import AttemptBegun, NotePlaced


@dataclass(frozen=True, slots=True)
class NotQueued:
    """There is no such message."""


@dataclass(frozen=True, slots=True)
class Queued:
    """Nothing was attempted yet."""

    letter: Letter


@dataclass(frozen=True, slots=True)
class Attempting:
    """An attempt was begun and its end is not recorded."""

    letter: Letter
    last: AttemptBegun


@dataclass(frozen=True, slots=True)
class Failed:
    """The last attempt failed; the next is due at an instant of the real clock."""

    letter: Letter
    last: AttemptBegun
    retry_at: datetime


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The last attempt may have succeeded; the next is due at an instant of the real clock."""

    letter: Letter
    last: AttemptBegun
    retry_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail server has it."""

    letter: Letter
    last: AttemptBegun


@dataclass(frozen=True, slots=True)
class Placed:
    """It stands in its recipient's inbox."""

    note: NotePlaced


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Its recipient has read it."""

    note: NotePlaced


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It could not be delivered."""

    letter: Letter
    last: AttemptBegun


@dataclass(frozen=True, slots=True)
class Blocked:
    """It may not be sent."""

    letter: Letter


Attempted: TypeAlias = Attempting | Failed | InDoubt | Sent | GivenUp
Message: TypeAlias = NotQueued | Queued | Attempted | Placed | Acknowledged | Blocked
