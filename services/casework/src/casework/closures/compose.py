"""Which streams the end of an episode goes to, and what is looked up for it."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from casework.allocations import allocation, allocation_commands
from casework.allocations.allocating import overtaken
from casework.cases import case
from casework.closures import closure
from casework.closures.checklist import Open, handed_over
from casework.closures.commands import CloseCase, Ids, NoteLeftOpen, ProposeClosure, ReturnClosure
from casework.decisions import notice
from casework.decisions.notice_states import Notice
from casework.decisions.notice_states import NotProposed as NoNotice
from casework.duty.compose import refuse_to_leave
from casework.plans.coming_and_going import Ending, ending_steps
from casework.plans.plan_events import EndReason, Ground
from casework.rules.clocks import Clock, Unit
from casework.rules.policies import shipped
from casework.sessions import booking
from casework.streams import (
    allocation_stream,
    booking_stream,
    case_stream,
    closure_stream,
    concern_stream,
    notice_stream,
)
from casework.tasks.kinds import MANAGER, TaskKind
from casework.tasks.left_open import booked, raised
from casework.tasks.raising import drop_step, settle_step, task_step
from casework.urgent import concern
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day


async def _propose(command: ProposeClosure, situation: Situation) -> Sequence[Step]:
    of_case, stream = case_stream(command.case_id), closure_stream(command.case_id)
    await situation.look({of_case: case.DECIDER, stream: closure.DECIDER})
    found = await situation.state(case.DECIDER, of_case)
    people = case.people_of(found)
    propose = closure.Propose(found, command.terms, command.explained, command.words)
    return [
        Step(closure.DECIDER, stream, propose, command.case_id, people),
        task_step(
            situation.tenant,
            TaskKind.SIGN_CLOSURE,
            command.case_id,
            _about(found),
            child=people[0] if people else None,
            whom=MANAGER,
        ),
    ]


async def _return(command: ReturnClosure, situation: Situation) -> Sequence[Step]:
    of_case, stream = case_stream(command.case_id), closure_stream(command.case_id)
    await situation.look({of_case: case.DECIDER, stream: closure.DECIDER})
    found = await situation.state(case.DECIDER, of_case)
    if isinstance(found, case.NotOpened):
        raise case.NoSuchCase
    people, about = case.people_of(found), _about(found)
    back = closure.Return(command.words)
    return [
        Step(closure.DECIDER, stream, back, command.case_id, people),
        drop_step(situation.tenant, TaskKind.SIGN_CLOSURE, command.case_id, about),
    ]


async def _close(command: CloseCase, situation: Situation) -> list[Step]:
    """Sign the closure, close the case, end its plan and its allocation: all or nothing."""
    case_id = command.case_id
    stream, of_lead = case_stream(case_id), allocation_stream(case_id)
    of_closure = closure_stream(case_id)
    await situation.look(
        {stream: case.DECIDER, of_lead: allocation.DECIDER, of_closure: closure.DECIDER}
    )
    found = await situation.state(case.DECIDER, stream)
    if isinstance(found, case.Open):
        await refuse_to_leave(situation, case_id, found.child)
    before = await situation.state(allocation.DECIDER, of_lead)
    on = command.on or london_day(await situation.now())
    people = case.people_of(found)
    sign = await _sign(command, found, on, situation)
    end = case.EndCase(command.reason, on, command.summary)
    plan_over = Ending(case_id, on, EndReason.CASE_CLOSED, Ground.CLOSING, stream)
    over = [] if isinstance(found, case.Closed) else await ending_steps(plan_over, situation)
    return [
        Step(case.DECIDER, stream, end, case_id, people),
        Step(closure.DECIDER, of_closure, sign, case_id, people),
        *over,
        Step(
            allocation.DECIDER, of_lead, allocation_commands.EndAllocation(found), case_id, people
        ),
        *overtaken(situation, case_id, before.around.open),
        settle_step(situation.tenant, TaskKind.SIGN_CLOSURE, case_id, _about(found)),
    ]


async def _sign(
    command: CloseCase, found: case.Case, on: date, situation: Situation
) -> closure.Sign:
    proposed = await situation.state(closure.DECIDER, closure_stream(command.case_id))
    asked = closure.proposed_notice(proposed) if command.terms is None else command.terms.notice
    told: Notice = NoNotice()
    if asked is not None:
        told = await situation.state(notice.DECIDER, notice_stream(asked))
    rules = shipped().on(on, situation.partnership)
    return closure.Sign(
        found,
        command.reason,
        command.terms,
        command.explained,
        command.words,
        await _open(command.found, situation),
        told,
        command.signer,
        frozenset(rules.manager_signs_closing),
        rules.version,
    )


async def _open(found: Ids, situation: Situation) -> Open:
    streams = {concern_stream(each): concern.DECIDER for each in found.concerns}
    await situation.look(streams)
    concerns = [await situation.state(concern.DECIDER, each) for each in streams]
    return Open(found.places, found.bookings, tuple(concerns))


async def _left_open(command: NoteLeftOpen, situation: Situation) -> list[Step]:
    """Ask a manager for each that is still open, unless the case is worked on again."""
    found = await situation.state(case.DECIDER, case_stream(command.case_id))
    if not isinstance(found, case.Closed):
        return []
    today = london_day(await situation.now())
    rules = shipped().on(today, situation.partnership)
    clock = Clock(today, rules.left_open_working_days, Unit.WORKING_DAYS)
    asked: list[tuple[UUID | None, str, UUID | None]] = [
        (command.case_id, booked(each), found.last.child)
        for each in await _still_booked(command, situation)
    ]
    # In no case's file: not whoever works on the case may know of a concern.
    asked += [(None, raised(each), None) for each in await _not_handed_over(command, situation)]
    kind, tenant = TaskKind.LEFT_OPEN, situation.tenant
    return [
        task_step(
            tenant, kind, of, about, child=child, clock=clock, rule=rules.version, whom=MANAGER
        )
        for of, about, child in asked
    ]


async def _still_booked(command: NoteLeftOpen, situation: Situation) -> list[UUID]:
    streams = {each: booking_stream(each) for each in command.bookings}
    await situation.look(dict.fromkeys(streams.values(), booking.DECIDER))
    states: dict[UUID, booking.Booking] = {
        each: await situation.state(booking.DECIDER, stream) for each, stream in streams.items()
    }
    return [each for each, state in states.items() if isinstance(state, booking.Booked)]


async def _not_handed_over(command: NoteLeftOpen, situation: Situation) -> list[UUID]:
    found = await _open(Ids(concerns=command.concerns), situation)
    each_with = zip(command.concerns, found.concerns, strict=True)
    return [each for each, state in each_with if not handed_over(state)]


def _about(found: case.Case) -> str:
    """Name the episode, as a task about its end does."""
    match found:
        case case.Open(episode=episode) | case.Closed(last=case.Open(episode=episode)):
            return f"episode-{episode}"
        case case.NotOpened():
            return ""


COMMANDS: Mapping[type, Compose] = {
    ProposeClosure: _propose,
    ReturnClosure: _return,
    CloseCase: _close,
    NoteLeftOpen: _left_open,
}
