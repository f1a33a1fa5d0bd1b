"""Which stream a command on a worker goes to."""

from collections.abc import Mapping, Sequence

from casework.streams import worker_stream
from casework.workers import worker
from chassis.acting import Compose, Situation, Step


async def _on_worker(
    command: worker.RegisterWorker | worker.ChangeWorkerRegistration, _situation: Situation
) -> Sequence[Step]:
    who = command.worker
    return [Step(worker.DECIDER, worker_stream(who), command, subjects=(who,))]


COMMANDS: Mapping[type, Compose] = {
    worker.RegisterWorker: _on_worker,
    worker.ChangeWorkerRegistration: _on_worker,
}
