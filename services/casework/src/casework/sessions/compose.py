"""Which streams a command on a session goes to, and what is looked up for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework.cases import case
from casework.sessions import booking, intervention, session
from casework.sessions.commands import (
    CancelSession,
    CorrectSession,
    PauseIntervention,
    RecordSession,
    ResumeIntervention,
    ScheduleSession,
)
from casework.streams import (
    booking_stream,
    case_stream,
    intervention_stream,
    session_stream,
    worker_stream,
)
from casework.tasks.kinds import MANAGER, TaskKind
from casework.tasks.left_open import booking_over
from casework.tasks.raising import task_step
from casework.workers import worker
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day


async def _record(command: RecordSession, situation: Situation) -> Sequence[Step]:
    stream = session_stream(command.session_id)
    of_case, of_worker = case_stream(command.case_id), worker_stream(command.worker)
    of_work = intervention_stream(command.case_id)
    await situation.look(
        {
            of_case: case.DECIDER,
            of_worker: worker.DECIDER,
            stream: session.DECIDER,
            of_work: intervention.DECIDER,
        }
    )
    found = await situation.state(case.DECIDER, of_case)
    by = await situation.state(worker.DECIDER, of_worker)
    match found:
        case case.NotOpened():
            raise case.NoSuchCase
        case case.Open(child=child):
            closed_on = None
        case case.Closed(last=case.Open(child=child), on=on):
            closed_on = on
    record = session.RecordSession(
        command.session_id,
        command.case_id,
        child,
        worker.known_worker(by),
        command.account,
        closed_on,
        command.notes,
    )
    work = await situation.state(intervention.DECIDER, of_work)
    return [
        Step(session.DECIDER, stream, record, command.case_id, (command.worker,)),
        *await _kept(command, situation),
        *_in_a_pause(command, child, work, situation.tenant),
    ]


async def _kept(command: RecordSession, situation: Situation) -> list[Step]:
    if command.booking is None:
        return []
    stream = booking_stream(command.booking)
    booked = await situation.state(booking.DECIDER, stream)
    _check_of(command.case_id, booked)
    return [
        Step(booking.DECIDER, stream, booking.Keep(command.session_id), command.case_id),
        booking_over(situation.tenant, command.case_id, command.booking),
    ]


def _in_a_pause(
    command: RecordSession, child: UUID, work: intervention.Intervention, tenant: UUID
) -> list[Step]:
    """Let a manager look at direct work that was done in a pause: what happened is recorded."""
    since = work.since if isinstance(work, intervention.Paused) else ()
    account = command.account
    if account.kind not in booking.DIRECT or all(account.on <= on for _, on in since):
        return []
    about = f"paused/{command.session_id}"
    return [
        task_step(
            tenant,
            TaskKind.HELD_SESSION,
            command.case_id,
            about,
            child=child,
            whom=MANAGER,
        )
    ]


async def _correct(command: CorrectSession, situation: Situation) -> Sequence[Step]:
    stream = session_stream(command.session_id)
    found = await situation.state(session.DECIDER, stream)
    if not isinstance(found, session.Held):
        raise session.NoSuchSession
    by = worker.known_worker(await situation.state(worker.DECIDER, worker_stream(found.worker)))
    correct = session.CorrectSession(
        command.version, command.change, by, command.reason, command.notes
    )
    return [Step(session.DECIDER, stream, correct, found.case_id, (found.worker,))]


async def _schedule(command: ScheduleSession, situation: Situation) -> Sequence[Step]:
    slot = command.slot
    of_case, of_worker = case_stream(command.case_id), worker_stream(slot.worker)
    await situation.look({of_case: case.DECIDER, of_worker: worker.DECIDER})
    found = await situation.state(case.DECIDER, of_case)
    who = worker.known_worker(await situation.state(worker.DECIDER, of_worker))
    asked = booking.Schedule(command.booking_id, found, who, slot, command.words)
    stream = booking_stream(command.booking_id)
    return [Step(booking.DECIDER, stream, asked, command.case_id, (slot.worker,))]


async def _cancel(command: CancelSession, situation: Situation) -> Sequence[Step]:
    stream = booking_stream(command.booking_id)
    _check_of(command.case_id, await situation.state(booking.DECIDER, stream))
    cancel = booking.Cancel(command.reason, command.words)
    return [
        Step(booking.DECIDER, stream, cancel, command.case_id),
        booking_over(situation.tenant, command.case_id, command.booking_id),
    ]


def _check_of(case_id: UUID, booked: booking.Booking) -> None:
    """Refuse a booking of another case: whoever may see one case learns nothing of another."""
    if isinstance(booked, booking.NotBooked) or booking.booked_slot(booked).case_id != case_id:
        raise booking.NoSuchBooking


async def _pause_or_resume(
    command: PauseIntervention | ResumeIntervention, situation: Situation
) -> Sequence[Step]:
    of_case, stream = case_stream(command.case_id), intervention_stream(command.case_id)
    await situation.look({of_case: case.DECIDER, stream: intervention.DECIDER})
    found = await situation.state(case.DECIDER, of_case)
    on = command.on or london_day(await situation.now())
    kind = intervention.Pause if isinstance(command, PauseIntervention) else intervention.Resume
    asked = kind(found, command.cause, on, command.reasons)
    return [Step(intervention.DECIDER, stream, asked, command.case_id, case.people_of(found))]


COMMANDS: Mapping[type, Compose] = {
    RecordSession: _record,
    CorrectSession: _correct,
    ScheduleSession: _schedule,
    CancelSession: _cancel,
    PauseIntervention: _pause_or_resume,
    ResumeIntervention: _pause_or_resume,
}
