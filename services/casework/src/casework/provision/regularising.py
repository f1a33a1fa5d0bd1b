"""How other rooms use urgent provision: what stands in a case, and the steps that make it good."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from casework.provision import provision
from casework.provision.provision import Regularise, Skipped, Standing
from casework.streams import urgent_provision_of_case
from casework.tasks.kinds import TaskKind
from casework.tasks.raising import settle_step
from chassis.acting import Situation, Step

TASKS: Final[Mapping[Skipped, TaskKind]] = {
    Skipped.ASSESSMENT: TaskKind.REGULARISE_ASSESSMENT,
    Skipped.PLAN: TaskKind.REGULARISE_PLAN,
    Skipped.NOTICE: TaskKind.REGULARISE_NOTICE,
}


async def standing_in(case_id: UUID, step: Skipped, situation: Situation) -> UUID | None:
    """Return the urgent provision of a case that stands in for a step, if there is one."""
    _, found = await _standing(case_id, situation)
    if found is None or all(each.step is not step for each in found.known.missing):
        return None
    return found.known.provision_id


async def made_good_steps(
    case_id: UUID, good: Mapping[Skipped, UUID], on: date, situation: Situation
) -> list[Step]:
    """Return the steps by which skipped steps are made good, by what; none where none is missing.

    With the last of them the case is free for another urgent provision.
    """
    stream, found = await _standing(case_id, situation)
    if stream is None or found is None:
        return []
    return steps_for(stream, found, good, on, situation)


def steps_for(
    stream: UUID,
    found: Standing,
    good: Mapping[Skipped, UUID],
    on: date,
    situation: Situation,
) -> list[Step]:
    """Return the steps on that provision, with those that settle the tasks."""
    known = found.known
    missing = [each.step for each in known.missing if each.step in good]
    claim = urgent_provision_of_case(known.case_id)
    release = (claim,) if len(missing) == len(known.missing) else ()
    regular = [
        Step(
            provision.DECIDER,
            stream,
            Regularise(step, good[step], on),
            known.case_id,
            (known.child,),
            release=release if step is missing[-1] else (),
        )
        for step in missing
    ]
    about = str(known.provision_id)
    settled = [settle_step(situation.tenant, TASKS[step], known.case_id, about) for step in missing]
    return [*regular, *settled]


async def _standing(case_id: UUID, situation: Situation) -> tuple[UUID | None, Standing | None]:
    stream = await situation.holder(urgent_provision_of_case(case_id))
    if stream is None:
        return None, None
    found = await situation.state(provision.DECIDER, stream)
    return stream, found if isinstance(found, Standing) else None
