"""The commands that the shell itself gives, before the service's own."""

from collections.abc import Sequence
from typing import Any

from chassis.acting import Compose, Situation, Step
from chassis.commands.access import RecordRead, read_step
from chassis.inward.parking import RecordSkip, skip_step


def with_own_commands(service: str, compose: Compose) -> Compose:
    """Return a composition that knows the shell's commands and asks `compose` for all others."""

    async def composed(command: Any, situation: Situation) -> Sequence[Step]:
        match command:
            case RecordRead():
                return [read_step(service, command)]
            case RecordSkip():
                return [skip_step(service, command)]
            case _:
                return await compose(command, situation)

    return composed
