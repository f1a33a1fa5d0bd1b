"""The thread of each case and each person: which events are about them, in order."""

from collections.abc import Sequence
from typing import Any

from ledger.envelope import Recorded
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Rows, Statement, Write

ADD = Statement(
    "add to thread",
    "insert into es.threads (tenant, thread, position) values ($1, $2, $3) on conflict do nothing",
    key=(0, 1, 2),
    adds=Rows("es.threads", ("tenant", "thread", "position")),
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Put the event on the thread of its case and of each person it is about."""
    envelope = recorded.envelope
    about = [*envelope.subjects, *([envelope.case_id] if envelope.case_id else [])]
    return [ADD(envelope.tenant, thread, envelope.position) for thread in dict.fromkeys(about)]


PROJECTION = Projection("threads", project, ("es.threads",), By.STREAM)
