"""Steps on who works on a case, for this room and for those whose commands touch it."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from casework.allocations import allocation, conflict
from casework.allocations.allocation_commands import (
    AllocateLead,
    AllocationCommand,
    AwaitLead,
    Candidate,
    EndPart,
)
from casework.allocations.allocation_events import AllocationReason, LeavingReason, Part
from casework.allocations.allocation_states import Allocation, Led, Offer, lead_of
from casework.allocations.naming import GONE
from casework.cases import case
from casework.rules.policies import shipped
from casework.streams import (
    allocation_stream,
    case_stream,
    interest_stream,
    known_to,
    worker_stream,
)
from casework.tasks.kinds import MANAGER, TaskKind, to_worker
from casework.tasks.raising import drop_step, settle_step, task_step
from casework.workers import worker
from chassis.acting import Situation, Step
from ledger.clock import london_day
from ledger.personal import Plain
from ledger.working_days import ENGLAND_AND_WALES

if TYPE_CHECKING:
    from casework.rules.policies import CaseworkRules


async def rules_today(situation: Situation) -> tuple["CaseworkRules", date]:
    """Return the rule set of the authority's partnership in force today, and the day in London."""
    today = london_day(await situation.now())
    return shipped().on(today, situation.partnership), today


def await_lead(
    situation: Situation, case_id: UUID, child: UUID, episode: int, opened_on: date
) -> Step:
    """Wait for a lead of an episode that is being opened, in the append that opens it."""
    rules = shipped().on(opened_on, situation.partnership)
    due_on = date.fromordinal(opened_on.toordinal() + rules.allocation_days)
    wait = AwaitLead(case_id, child, episode, due_on, rules.version)
    return Step(allocation.DECIDER, allocation_stream(case_id), wait, case_id, (child,))


async def candidate(situation: Situation, found: case.Case, who: UUID) -> Candidate:
    """Look up a worker and whether he knows the child or family; checked again at the append."""
    of_worker = worker_stream(who)
    match found:
        case case.Open() as known:
            pass
        case case.Closed(last=known):
            pass
        case case.NotOpened():
            raise case.NoSuchCase
    known_about = [interest_stream(who, each) for each in (known.child, known.family_id)]
    await situation.look(
        {of_worker: worker.DECIDER, **dict.fromkeys(known_about, conflict.DECIDER)}
    )
    conflicts = [await situation.state(conflict.DECIDER, each) for each in known_about]
    today = london_day(await situation.now())
    return Candidate(await situation.state(worker.DECIDER, of_worker), today, tuple(conflicts))


async def allocate_steps(
    situation: Situation,
    case_id: UUID,
    who: UUID,
    reason: AllocationReason,
    words: Plain[str | None],
) -> list[Step]:
    """Let a worker lead a case from now on; the task that asked for a lead is settled."""
    stream = allocation_stream(case_id)
    found = await situation.state(case.DECIDER, case_stream(case_id))
    asked = AllocateLead(found, await candidate(situation, found, who), reason, words)
    before = await situation.state(allocation.DECIDER, stream)
    return [
        Step(allocation.DECIDER, stream, asked, case_id, (who,)),
        *lead_found(situation, case_id, before),
        *overtaken(situation, case_id, lead_offers(before)),
    ]


def lead_wanted(
    situation: Situation, case_id: UUID, child: UUID, gap: int, due_on: date, rule: str
) -> Step:
    """Ask the manager for a lead: the alarm of a gap, of which a case may have had earlier ones."""
    return task_step(
        situation.tenant,
        TaskKind.ALLOCATE,
        case_id,
        _about(gap),
        child=child,
        due_on=due_on,
        rule=rule,
        whom=MANAGER,
    )


def lead_found(situation: Situation, case_id: UUID, before: Allocation) -> list[Step]:
    """Settle what was asked for while nobody led the case."""
    if isinstance(before, Led):
        return []
    about = _about(before.around.gaps)
    return [settle_step(situation.tenant, TaskKind.ALLOCATE, case_id, about)]


def answer_wanted(
    situation: Situation, found: case.Case, offer_id: UUID, who: UUID, due_on: date, rule: str
) -> list[Step]:
    """Ask the worker for his answer: it stands among his work until he gives it."""
    if not isinstance(found, case.Open):
        return []
    return [
        task_step(
            situation.tenant,
            TaskKind.ANSWER_OFFER,
            found.case_id,
            str(offer_id),
            child=found.child,
            due_on=due_on,
            rule=rule,
            whom=to_worker(who),
        )
    ]


def answered(situation: Situation, case_id: UUID, offer_id: UUID) -> Step:
    """Settle what the worker was asked for: he answered."""
    return settle_step(situation.tenant, TaskKind.ANSWER_OFFER, case_id, str(offer_id))


def overtaken(
    situation: Situation, case_id: UUID, offers: Iterable[Offer], but: UUID | None = None
) -> list[Step]:
    """Ask for no answer any more: the offers are no longer open."""
    return [
        drop_step(situation.tenant, TaskKind.ANSWER_OFFER, case_id, str(each.offer_id))
        for each in offers
        if each.offer_id != but
    ]


def lead_offers(before: Allocation) -> list[Offer]:
    """Return the open offers of the lead, which a naming overtakes."""
    return [each for each in before.around.open if each.part is Part.LEAD]


async def gap_ends_by(situation: Situation) -> tuple[date, str]:
    """Return the last day for naming a lead where one fell away today, and the rule."""
    rules, today = await rules_today(situation)
    return ENGLAND_AND_WALES.after(today, rules.lead_gap_working_days), rules.version


def _about(gap: int) -> str:
    return f"gap/{gap}"


async def look_at_case(case_id: UUID, situation: Situation) -> case.Case:
    """Return a case; who works on it is read with it."""
    stream, of_case = allocation_stream(case_id), case_stream(case_id)
    await situation.look({of_case: case.DECIDER, stream: allocation.DECIDER})
    return await situation.state(case.DECIDER, of_case)


def allocation_step(
    case_id: UUID, asked: AllocationCommand, found: case.Case, *workers: UUID
) -> Step:
    """Ask something of who works on a case; its people and the workers are whom it is about."""
    subjects = (*case.people_of(found), *workers)
    return Step(allocation.DECIDER, allocation_stream(case_id), asked, case_id, subjects)


async def end_part(
    case_id: UUID,
    who: UUID,
    reason: LeavingReason,
    words: Plain[str | None],
    situation: Situation,
) -> list[Step]:
    """End a part; where it is the lead's, the manager is asked for another in the same append."""
    found = await look_at_case(case_id, situation)
    before = await situation.state(allocation.DECIDER, allocation_stream(case_id))
    due_on, rule = await gap_ends_by(situation)
    end = EndPart(found, who, reason, due_on, rule, words)
    steps = [allocation_step(case_id, end, found, who)]
    if isinstance(found, case.Open) and lead_of(before) == who:
        gap = before.around.gaps + 1
        steps.append(lead_wanted(situation, case_id, found.child, gap, due_on, rule))
    if reason in GONE:
        his = [each for each in before.around.open if each.worker == who]
        steps += overtaken(situation, case_id, his)
    return steps


async def keep_away(
    said: conflict.DeclareConflict, case_id: UUID | None, situation: Situation
) -> list[Step]:
    """Keep a worker away from whom he knows, and end whatever part he has in the case it is about.

    What part he has in other cases of theirs ends a moment later (parting.py).
    """
    # In no case's file: the worker is not to find there who knows whom.
    stream, claim = interest_stream(said.worker, said.about), known_to(said.worker, said.about)
    steps = [Step(conflict.DECIDER, stream, said, None, (said.worker,), take=(claim,))]
    if case_id is not None:
        reason = LeavingReason.CONFLICT_OF_INTEREST
        steps += await end_part(case_id, said.worker, reason, Plain(None), situation)
    return steps
