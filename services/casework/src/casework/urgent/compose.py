"""Which streams a command of the urgent path touches, and what it has to look up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never, get_args
from uuid import UUID

from casework.streams import concern_stream, on_call_stream, transfer_stream, worker_stream
from casework.tasks.left_open import concern_over
from casework.transfers import transfer
from casework.transfers.transfer_states import Gone
from casework.urgent import concern, concern_commands, rota, rota_commands, rota_states
from casework.urgent.alert import Alert, alert_at
from casework.urgent.commands import (
    AcknowledgeConcern,
    CloseConcern,
    DropPlannedOnCall,
    EndOnCall,
    NoteAuthoritySilent,
    NoteCover,
    NotePlanned,
    NoteUnacknowledged,
    OfConcern,
    OfRota,
    PlanOnCall,
    RaiseConcern,
    RecordAuthorityAnswer,
    RecordEmergencyTold,
    ReferConcern,
    StartOnCall,
)
from casework.urgent.concern_events import About
from casework.urgent.concern_states import NotRaised
from casework.urgent.rule import Post, answer_due, is_wanted, rule_on
from casework.workers import worker
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day


async def of_rota(command: OfRota, situation: Situation) -> Sequence[Step]:
    """Turn a command of a rota into its step, with whom to tell of a gap."""
    match command:
        case StartOnCall(post, who, until):
            stream, of_worker = on_call_stream(situation.tenant, post), worker_stream(who)
            await situation.look({stream: rota.DECIDER, of_worker: worker.DECIDER})
            standing = await situation.state(worker.DECIDER, of_worker)
            begin = rota_commands.BeginShift(post, standing, await situation.now(), until)
            return [Step(rota.DECIDER, stream, begin, subjects=(who,))]
        case EndOnCall(post, who):
            now = await situation.now()
            end = rota_commands.EndShift(post, who, now, await _cover(post, now, situation))
            stream = on_call_stream(situation.tenant, post)
            return [Step(rota.DECIDER, stream, end, subjects=(who,))]
        case PlanOnCall(post, who, starts_at, until):
            stream, of_worker = on_call_stream(situation.tenant, post), worker_stream(who)
            await situation.look({stream: rota.DECIDER, of_worker: worker.DECIDER})
            standing = await situation.state(worker.DECIDER, of_worker)
            shift = rota_states.Shift(who, starts_at, until)
            plan = rota_commands.PlanShift(post, standing, shift, await situation.now())
            return [Step(rota.DECIDER, stream, plan, subjects=(who,))]
        case DropPlannedOnCall(post, who, starts_at):
            stream = on_call_stream(situation.tenant, post)
            drop = rota_commands.DropPlanned(post, who, starts_at)
            return [Step(rota.DECIDER, stream, drop, subjects=(who,))]
        case NotePlanned(stream, starts_at):
            [post] = [e for e in Post if on_call_stream(situation.tenant, e) == stream]
            return [Step(rota.DECIDER, stream, rota_commands.BeginPlanned(post, starts_at))]
        case NoteCover(stream, at):
            return await _check(stream, at, situation)
        case _:
            assert_never(command)


async def _check(stream: UUID, at: datetime, situation: Situation) -> list[Step]:
    match await situation.state(rota.DECIDER, stream):
        case rota_states.NeverKept():
            return []
        case known:
            cover = await _cover(known.post, at, situation)
            return [Step(rota.DECIDER, stream, rota_commands.CheckCover(at, cover))]


async def _cover(post: Post, at: datetime, situation: Situation) -> rota_commands.Cover:
    """Say whether an hour must have somebody; its manager hears where it has nobody."""
    managers = await situation.state(
        rota.DECIDER, on_call_stream(situation.tenant, Post.DUTY_MANAGER)
    )
    manager = rota_states.stands_at(managers, at) or rota_states.stood_last(managers)
    return rota_commands.Cover(is_wanted(post, at), () if manager is None else (manager,))


async def _alert(situation: Situation) -> Alert:
    managers, on_call = (
        on_call_stream(situation.tenant, each) for each in (Post.DUTY_MANAGER, Post.ON_CALL)
    )
    await situation.look({managers: rota.DECIDER, on_call: rota.DECIDER})
    return alert_at(
        await situation.state(rota.DECIDER, managers),
        await situation.state(rota.DECIDER, on_call),
        await situation.now(),
    )


async def of_concern(command: OfConcern, situation: Situation) -> Sequence[Step]:
    """Turn a command of a concern into its step, in the file of the case if there is one."""
    match command:
        case RaiseConcern():
            return [await _raise(command, situation)]
        case NoteUnacknowledged(stream) | NoteAuthoritySilent(stream):
            pass
        case _:
            stream = concern_stream(command.concern_id)
    found = await situation.state(concern.DECIDER, stream)
    asked = await _asked(command, situation)
    if isinstance(found, NotRaised):
        return [Step(concern.DECIDER, stream, asked)]
    known = found.known
    own = Step(concern.DECIDER, stream, asked, known.filed, _people(known.about))
    if isinstance(command, CloseConcern | RecordAuthorityAnswer):
        return [own, concern_over(situation.tenant, known.concern_id)]
    return [own]


async def _raise(command: RaiseConcern, situation: Situation) -> Step:
    about = About(command.child, command.referral, command.case_id)
    concern_id = await _same(command, situation)
    before = await situation.state(concern.DECIDER, concern_stream(concern_id))
    # Whatever is recorded of a concern is in one file, even if the case is learned later.
    filed = await _file(command, situation) if isinstance(before, NotRaised) else before.known.filed
    alert = await _alert(situation)
    rule = rule_on(london_day(await situation.now()))
    raised = concern_commands.Raise(
        concern_id, about, command.source, command.words, alert, rule.name
    )
    stream = concern_stream(concern_id)
    return Step(concern.DECIDER, stream, raised, filed, _people(about))


async def _file(command: RaiseConcern, situation: Situation) -> UUID | None:
    """Return the case in whose file it goes: none where that file stands still (ADR 16)."""
    if command.case_id is None:
        return None
    of_transfer = transfer_stream(command.case_id)
    held = await situation.state(transfer.DECIDER, of_transfer)
    return None if isinstance(held, Gone) else command.case_id


async def _same(command: RaiseConcern, situation: Situation) -> UUID:
    """Return the id of the concern that is meant: an earlier one that is the same goes first."""
    if command.earlier is None:
        return command.concern_id
    earlier = await situation.state(concern.DECIDER, concern_stream(command.earlier))
    return command.concern_id if isinstance(earlier, NotRaised) else command.earlier


def _people(about: About) -> tuple[UUID, ...]:
    return () if about.child is None else (about.child,)


async def _asked(  # noqa: PLR0911 # a row a command
    command: AcknowledgeConcern
    | NoteUnacknowledged
    | RecordEmergencyTold
    | ReferConcern
    | RecordAuthorityAnswer
    | NoteAuthoritySilent
    | CloseConcern,
    situation: Situation,
) -> concern_commands.ConcernCommand:
    """Add what a command does not know itself: the hour, who is on duty, until when to wait."""
    match command:
        case AcknowledgeConcern(worker=who):
            return concern_commands.Acknowledge(who)
        case NoteUnacknowledged(due=due):
            return concern_commands.Escalate(due, await _alert(situation))
        case RecordEmergencyTold(body=body, at=at, words=words):
            told_at = at or await situation.now()
            return concern_commands.TellEmergency(body, told_at, words)
        case ReferConcern(authority=authority, consent=consent, on=on, words=words):
            day = on or london_day(await situation.now())
            answer_by = answer_due(rule_on(day), day)
            return concern_commands.Refer(authority, consent, answer_by, words)
        case RecordAuthorityAnswer(authority=authority):
            return concern_commands.NoteAnswer(authority)
        case NoteAuthoritySilent(authority=authority, answer_by=day):
            return concern_commands.NoteSilence(authority, day, await _alert(situation))
        case CloseConcern(outcome=outcome, words=reasons):
            return concern_commands.Close(outcome, reasons)
        case _:
            assert_never(command)


COMMANDS: Mapping[type, Compose] = {
    **dict.fromkeys(get_args(OfRota), of_rota),
    **dict.fromkeys(get_args(OfConcern), of_concern),
}
