"""Which room turns a command into steps."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.acting import Compose, Situation, Step
from referrals.consents import compose as consents
from referrals.intake import compose as intake
from referrals.life import compose as life
from referrals.redirects import compose as redirects

COMMANDS: Mapping[type, Compose] = {
    **consents.COMMANDS,
    **intake.COMMANDS,
    **life.COMMANDS,
    **redirects.COMMANDS,
}

outcome = intake.outcome


async def compose(command: Any, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps, in the room that it belongs to."""
    return await COMMANDS[type(command)](command, situation)
