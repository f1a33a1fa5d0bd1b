"""Which streams information touches: its own, what contradicts it, and what rests on it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args
from uuid import UUID

from casework.cases import case
from casework.information import conflict, item
from casework.information.commands import (
    CorrectInformation,
    FlagConflict,
    LeaveConflict,
    OfConflict,
    ReceiveInformation,
    ResolveConflict,
)
from casework.information.item import Item, NoSuchItem
from casework.streams import (
    case_stream,
    conflict_stream,
    information_stream,
)
from casework.tasks.kinds import TaskKind
from casework.tasks.raising import settle_step, task_step
from chassis.acting import Compose, Situation, Step


async def _receive(command: ReceiveInformation, situation: Situation) -> Sequence[Step]:
    """Write an item down, also of a case that is closed: facts may be late."""
    stream, of_case = information_stream(command.item_id), case_stream(command.case_id)
    await situation.look({stream: item.DECIDER, of_case: case.DECIDER})
    found = await situation.state(case.DECIDER, of_case)
    if isinstance(found, case.NotOpened):
        raise case.NoSuchCase
    (child,) = case.people_of(found)
    receive = item.ReceiveInformation(
        command.item_id, command.case_id, child, command.told, command.words
    )
    return [Step(item.DECIDER, stream, receive, command.case_id, (child,))]


async def _correct(command: CorrectInformation, situation: Situation) -> Sequence[Step]:
    """Set an item right. What was decided on it is for a person to look at: see the tasks."""
    (found,) = await items_of(command.case_id, [command.item_id], situation)
    correct = item.CorrectInformation(command.version, command.told, command.reason, command.words)
    stream = information_stream(command.item_id)
    return [Step(item.DECIDER, stream, correct, command.case_id, (found.child,))]


async def items_of(case_id: UUID, items: Iterable[UUID], situation: Situation) -> tuple[Item, ...]:
    """Return items of a case as they stand. Raises NoSuchItem for one that is not the case's."""
    streams = {information_stream(each): item.DECIDER for each in items}
    await situation.look(streams)
    found = [await situation.state(item.DECIDER, each) for each in streams]
    ours = tuple(each for each in found if isinstance(each, Item) and each.case_id == case_id)
    if len(ours) < len(found):
        raise NoSuchItem
    return ours


async def _of_conflict(command: OfConflict, situation: Situation) -> Sequence[Step]:
    stream = conflict_stream(command.case_id)
    conflicts = await situation.state(conflict.DECIDER, stream)
    found = conflicts.of(command.conflict_id)
    case_id, tenant = command.case_id, situation.tenant
    match command:
        case FlagConflict(items=asked, words=words):
            ours = await items_of(case_id, dict.fromkeys(asked), situation)
            if not ours:
                raise conflict.TooFewItems
            child, new = ours[0].child, frozenset(each.item_id for each in ours)
            flag = conflict.FlagConflict(command.conflict_id, case_id, child, new, words)
            known: frozenset[UUID] = frozenset() if found is None else found.items
            about = _about(command.conflict_id, known | new)
            raised = task_step(tenant, TaskKind.SETTLE_CONFLICT, case_id, about, child=child)
            return [Step(conflict.DECIDER, stream, flag, case_id, (child,)), raised]
        case ResolveConflict(conflict_id=conflict_id, how=how, holds=holds, words=said):
            settle: conflict.ConflictCommand = conflict.ResolveConflict(
                conflict_id, how, frozenset(holds), said
            )
        case LeaveConflict(conflict_id=conflict_id, reason=reason, words=said):
            settle = conflict.LeaveConflict(conflict_id, reason, said)
    if found is None:
        raise conflict.NoSuchConflict
    done = settle_step(tenant, TaskKind.SETTLE_CONFLICT, case_id, _about(conflict_id, found.items))
    return [Step(conflict.DECIDER, stream, settle, case_id, (found.child,)), done]


def _about(conflict_id: UUID, items: frozenset[UUID]) -> str:
    # With another item it is asked for anew, also where it was settled before.
    return f"{conflict_id}/{len(items)}"


COMMANDS: Mapping[type, Compose] = {
    ReceiveInformation: _receive,
    CorrectInformation: _correct,
    **dict.fromkeys(get_args(OfConflict), _of_conflict),
}
