"""Which streams a command on who works on a case goes to, and what is looked up."""

from collections.abc import Mapping, Sequence
from typing import assert_never, get_args

from casework.allocations import allocation, allocation_commands, conflict
from casework.allocations.allocating import (
    allocate_steps,
    allocation_step,
    answer_wanted,
    answered,
    candidate,
    end_part,
    gap_ends_by,
    keep_away,
    lead_found,
    lead_offers,
    lead_wanted,
    look_at_case,
    overtaken,
    rules_today,
)
from casework.allocations.allocation_events import DeclineReason, Part, Reach
from casework.allocations.allocation_states import Unallocated, Weighed
from casework.allocations.commands import (
    AcceptAllocation,
    AllocateCase,
    ClearConflictIn,
    DeclareConflictIn,
    DeclineAllocation,
    EndPartInCase,
    NoteAllocationOverdue,
    NoteOfferUnanswered,
    OfAllocation,
    OfferAllocation,
    WeighCaseBy,
    WithdrawAllocation,
)
from casework.allocations.conflict import Knows, Tie
from casework.allocations.weight import shipped as formulas
from casework.allocations.weight import weigh
from casework.cases import case
from casework.streams import allocation_stream, interest_stream, known_to
from casework.tasks.kinds import MANAGER, TaskKind
from casework.tasks.raising import task_step
from casework.workers.worker import Registered, Worker
from chassis.acting import Compose, Situation, Step
from ledger.personal import Plain
from ledger.working_days import ENGLAND_AND_WALES


async def _of_allocation(  # noqa: C901, PLR0911, PLR0912 # a row a command
    command: OfAllocation, situation: Situation
) -> Sequence[Step]:
    match command:
        case AllocateCase(part=Part.LEAD):
            await look_at_case(command.case_id, situation)
            return await allocate_steps(
                situation, command.case_id, command.worker, command.reason, command.words
            )
        case AllocateCase():
            return await _join(command, situation)
        case NoteAllocationOverdue():
            return await _note_overdue(command, situation)
        case OfferAllocation():
            return await _offer(command, situation)
        case AcceptAllocation():
            return await _accept(command, situation)
        case DeclineAllocation():
            return await _decline(command, situation)
        case WithdrawAllocation(offer_id, case_id, reason):
            found = await look_at_case(case_id, situation)
            back = allocation_commands.WithdrawOffer(offer_id, found, reason)
            before = await situation.state(allocation.DECIDER, allocation_stream(case_id))
            gone = [each for each in before.around.open if each.offer_id == offer_id]
            return [allocation_step(case_id, back, found), *overtaken(situation, case_id, gone)]
        case NoteOfferUnanswered():
            return await _unanswered(command, situation)
        case EndPartInCase(case_id, who, reason, words):
            return await end_part(case_id, who, reason, words, situation)
        case WeighCaseBy():
            return await _weigh(command, situation)
        case DeclareConflictIn():
            return await _declare(command, situation)
        case ClearConflictIn():
            return await _clear(command, situation)
        case _:
            assert_never(command)


async def _join(command: AllocateCase, situation: Situation) -> list[Step]:
    found = await look_at_case(command.case_id, situation)
    who = await candidate(situation, found, command.worker)
    asked = allocation_commands.JoinCase(found, who, command.part, command.reason, command.words)
    return [allocation_step(command.case_id, asked, found, command.worker)]


async def _note_overdue(command: NoteAllocationOverdue, situation: Situation) -> list[Step]:
    found = await situation.state(allocation.DECIDER, command.allocation_stream)
    # A lead was named or the case closed at the same instant: there is nothing to say.
    if not isinstance(found, Unallocated) or found.due_on != command.due_on:
        return []
    noted = allocation_commands.NoteOverdue(command.due_on)
    due_on, rule = await gap_ends_by(situation)
    case_id, child, gap = found.case_id, found.child, found.around.gaps
    stream = command.allocation_stream
    return [
        Step(allocation.DECIDER, stream, noted, case_id, (child,)),
        lead_wanted(situation, case_id, child, gap, due_on, rule),
    ]


async def _offer(command: OfferAllocation, situation: Situation) -> list[Step]:
    case_id = command.case_id
    found = await look_at_case(case_id, situation)
    who = await candidate(situation, found, command.worker)
    before = await situation.state(allocation.DECIDER, allocation_stream(case_id))
    rules, today = await rules_today(situation)
    weight = before.around.weight
    unweighed = formulas().on(today, situation.partnership).unweighed
    answer_by = ENGLAND_AND_WALES.after(today, rules.offer_answer_working_days)
    offer = allocation_commands.OfferPart(
        command.offer_id,
        found,
        who,
        command.part,
        command.reason,
        _reach(who.worker, command.area),
        weight.weight if isinstance(weight, Weighed) else unweighed,
        answer_by,
        rules.version,
        command.words,
    )
    asked = (command.offer_id, command.worker, answer_by, rules.version)
    return [
        allocation_step(case_id, offer, found, command.worker),
        *answer_wanted(situation, found, *asked),
    ]


def _reach(worker: Worker, area: str) -> Reach:
    if not area or not isinstance(worker, Registered) or not worker.profile.areas:
        return Reach.NOT_SAID
    return Reach.OWN_AREA if worker.profile.minutes_to(area) is not None else Reach.OUTSIDE_AREA


async def _accept(command: AcceptAllocation, situation: Situation) -> list[Step]:
    case_id = command.case_id
    found = await look_at_case(case_id, situation)
    who = await candidate(situation, found, command.worker)
    before = await situation.state(allocation.DECIDER, allocation_stream(case_id))
    taken = allocation_commands.AcceptOffer(command.offer_id, found, who, Plain(None))
    offer = before.around.offer(command.offer_id)
    settled = [answered(situation, case_id, command.offer_id)]
    if offer and offer.part is Part.LEAD:
        settled += lead_found(situation, case_id, before)
        settled += overtaken(situation, case_id, lead_offers(before), command.offer_id)
    return [allocation_step(case_id, taken, found, command.worker), *settled]


async def _decline(command: DeclineAllocation, situation: Situation) -> list[Step]:
    case_id, who = command.case_id, command.worker
    found = await look_at_case(case_id, situation)
    declined = allocation_commands.DeclineOffer(
        command.offer_id, found, who, command.reason, command.words
    )
    steps = [
        allocation_step(case_id, declined, found, who),
        answered(situation, case_id, command.offer_id),
    ]
    if command.reason is DeclineReason.CONFLICT_OF_INTEREST:
        child = case.open_case(found).child
        known = conflict.DeclareConflict(who, child, Knows.CHILD, Tie.OTHER, Plain(None))
        steps += await keep_away(known, case_id, situation)
    return steps


async def _unanswered(command: NoteOfferUnanswered, situation: Situation) -> list[Step]:
    case_id = command.case_id
    found = await look_at_case(case_id, situation)
    before = await situation.state(allocation.DECIDER, allocation_stream(case_id))
    noted = allocation_commands.NoteUnanswered(command.offer_id, found)
    if not isinstance(found, case.Open) or command.offer_id not in {
        each.offer_id for each in before.around.open
    }:
        return []
    due_on, rule = await gap_ends_by(situation)
    asked = task_step(
        situation.tenant,
        TaskKind.HAND_OVER,
        case_id,
        str(command.offer_id),
        child=found.child,
        due_on=due_on,
        rule=rule,
        whom=MANAGER,
    )
    gone = [each for each in before.around.open if each.offer_id == command.offer_id]
    return [allocation_step(case_id, noted, found), asked, *overtaken(situation, case_id, gone)]


async def _weigh(command: WeighCaseBy, situation: Situation) -> list[Step]:
    found = await look_at_case(command.case_id, situation)
    _, today = await rules_today(situation)
    formula = formulas().on(today, situation.partnership)
    weight = weigh(command.factors, formula)
    asked = allocation_commands.WeighCase(found, command.factors, weight, formula.version)
    return [allocation_step(command.case_id, asked, found)]


async def _declare(command: DeclareConflictIn, situation: Situation) -> list[Step]:
    """Record it, and end whatever part he has in the case, all in one append."""
    found, who = await look_at_case(command.case_id, situation), command.worker
    known = _known(found)
    about = known.child if command.knows is Knows.CHILD else known.family_id
    said = conflict.DeclareConflict(who, about, command.knows, command.tie, command.words)
    return await keep_away(said, command.case_id, situation)


async def _clear(command: ClearConflictIn, situation: Situation) -> list[Step]:
    known, who = _known(await look_at_case(command.case_id, situation)), command.worker
    steps = []
    for about in (known.child, known.family_id):
        stream, clear = interest_stream(who, about), conflict.ClearConflict(who, about)
        subjects, claim = (who,), known_to(who, about)
        steps.append(Step(conflict.DECIDER, stream, clear, None, subjects, release=(claim,)))
    return steps


def _known(found: case.Case) -> case.Open:
    match found:
        case case.NotOpened():
            raise case.NoSuchCase
        case case.Open() as known:
            return known
        case case.Closed(last=known):
            return known


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(OfAllocation), _of_allocation)
