"""Which streams a command on a session goes to, and what is looked up for it."""

from collections.abc import Mapping, Sequence

from casework.cases import case
from casework.sessions import session
from casework.sessions.commands import CorrectSession, RecordSession
from casework.streams import case_stream, session_stream, worker_stream
from casework.workers import worker
from chassis.acting import Compose, Situation, Step


async def _record(command: RecordSession, situation: Situation) -> Sequence[Step]:
    stream = session_stream(command.session_id)
    of_case, of_worker = case_stream(command.case_id), worker_stream(command.worker)
    await situation.look(
        {of_case: case.DECIDER, of_worker: worker.DECIDER, stream: session.DECIDER}
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
    return [Step(session.DECIDER, stream, record, command.case_id, (command.worker,))]


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


COMMANDS: Mapping[type, Compose] = {RecordSession: _record, CorrectSession: _correct}
