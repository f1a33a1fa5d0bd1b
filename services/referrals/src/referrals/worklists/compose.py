"""Which stream a look goes to: one for each reader."""

from collections.abc import Mapping, Sequence

from chassis.acting import Compose, Situation, Step
from referrals.streams import look_stream
from referrals.worklists.look import LOOK, NoteLook


async def compose(command: NoteLook, _situation: Situation) -> Sequence[Step]:
    """Turn a look into a step."""
    return [Step(LOOK, look_stream(command.shown.reader), command)]


COMMANDS: Mapping[type, Compose] = {NoteLook: compose}
