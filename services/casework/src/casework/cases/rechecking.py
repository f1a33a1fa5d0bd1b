"""What is to be checked again after an acceptance reopened a case, and when that is done.

Nobody asked before the case was open again. The task is over by itself once it is known who owes
the service, and the family was asked since and agrees to be assessed.
"""

from uuid import UUID

from casework.cases import case, duty_line
from casework.consents.consent_states import Consent, asked_since, holds
from casework.tasks.kinds import DUTY, TaskKind
from casework.tasks.raising import settle_step, task_step
from chassis.acting import Situation, Step
from ledger.clock import london_day


def recheck(tenant: UUID, case_id: UUID, child: UUID, episode: int) -> Step:
    """Ask for duty holder and consents to be checked again."""
    kind, about = TaskKind.RECHECK, _about(episode)
    return task_step(tenant, kind, case_id, about, child=child, whom=DUTY)


async def rechecked(
    found: case.Case, agreed: Consent, owed: tuple[duty_line.Owed, ...], situation: Situation
) -> list[Step]:
    """Settle it where both were recorded; nothing where the case was never reopened."""
    if not isinstance(found, case.Open) or found.episode == 1:
        return []
    asked = holds(agreed) and asked_since(agreed, found.opened_on)
    today = london_day(await situation.now())
    if not asked or duty_line.holder_on(owed, today) is None:
        return []
    about = _about(found.episode)
    return [settle_step(situation.tenant, TaskKind.RECHECK, found.case_id, about)]


def _about(episode: int) -> str:
    return f"episode-{episode}"
