"""Which room turns a command into steps."""

from collections.abc import Mapping, Sequence
from typing import Any

from casework.allocations import compose as allocations
from casework.assessments import compose as assessments
from casework.cases import compose as cases
from casework.closures import compose as closures
from casework.complaints import compose as complaints
from casework.consents import compose as consents
from casework.decisions import compose as decisions
from casework.duty import compose as duty
from casework.information import compose as information
from casework.places import compose as places
from casework.plans import compose as plans
from casework.provision import compose as provision
from casework.reviews import compose as reviews
from casework.sessions import compose as sessions
from casework.tasks import compose as tasks
from casework.transfers import compose as transfers
from casework.urgent import compose as urgent
from casework.workers import compose as workers
from chassis.acting import Compose, Situation, Step

COMMANDS: Mapping[type, Compose] = {
    **allocations.COMMANDS,
    **assessments.COMMANDS,
    **cases.COMMANDS,
    **closures.COMMANDS,
    **complaints.COMMANDS,
    **consents.COMMANDS,
    **decisions.COMMANDS,
    **information.COMMANDS,
    **duty.COMMANDS,
    **places.COMMANDS,
    **plans.COMMANDS,
    **provision.COMMANDS,
    **reviews.COMMANDS,
    **sessions.COMMANDS,
    **tasks.COMMANDS,
    **transfers.COMMANDS,
    **urgent.COMMANDS,
    **workers.COMMANDS,
}


async def compose(command: Any, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps, in the room that it belongs to."""
    return await COMMANDS[type(command)](command, situation)
