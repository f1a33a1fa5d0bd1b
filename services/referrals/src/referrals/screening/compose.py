"""Which stream a command on a safeguarding screen goes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from chassis.failures import NotFound
from ledger.personal import Personal
from referrals.codes import Safeguarding
from referrals.screening.screen import SCREEN, About, HoldScreen, NotHeld
from referrals.streams import screen_stream


@dataclass(frozen=True, slots=True)
class OpenScreen:
    """Answer whether a child is safe of whom no referral tells, the first time or anew."""

    screen: UUID
    is_new: bool
    about: About
    answer: Safeguarding
    words: Personal[str | None]


async def compose(command: OpenScreen, situation: Situation) -> Sequence[Step]:
    """Turn a command into a step. Raises NotFound where no such screen is to be answered anew.

    Nobody is known yet, so the screen stands for the child.
    """
    screen = command.screen
    held = await situation.state(SCREEN, screen_stream(screen))
    if isinstance(held, NotHeld) and not command.is_new:
        raise NotFound("screen")
    hold = HoldScreen(screen, screen, command.about, command.answer, command.words)
    return [Step(SCREEN, screen_stream(screen), hold)]


COMMANDS: Mapping[type, Compose] = {OpenScreen: compose}
