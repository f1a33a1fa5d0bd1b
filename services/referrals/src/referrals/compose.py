"""Which room turns a command into steps."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from referrals.arrivals import compose as arrivals
from referrals.consents import compose as consents
from referrals.drafts import compose as drafts
from referrals.duty import compose as duty
from referrals.enquiries import compose as enquiries
from referrals.intake import compose as intake
from referrals.intake import revised
from referrals.life import compose as life
from referrals.people import compose as people
from referrals.redirects import compose as redirects
from referrals.screening import compose as screening
from referrals.worklists import compose as worklists

COMMANDS: Mapping[type, Compose] = {
    **arrivals.COMMANDS,
    **consents.COMMANDS,
    **drafts.COMMANDS,
    **duty.COMMANDS,
    **enquiries.COMMANDS,
    **intake.COMMANDS,
    **revised.COMMANDS,
    **life.COMMANDS,
    **people.COMMANDS,
    **redirects.COMMANDS,
    **screening.COMMANDS,
    **worklists.COMMANDS,
}


def outcome(command: object, events: Sequence[tuple[UUID, object]]) -> str:
    """Return what a repeated command is answered with: that of the submission it brings."""
    if isinstance(command, revised.ReviseReferral):
        return command.digest
    brought = command.submission if isinstance(command, drafts.SendDraft) else command
    return intake.outcome(brought, events)


async def compose(command: Any, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps, in the room that it belongs to."""
    return await COMMANDS[type(command)](command, situation)
