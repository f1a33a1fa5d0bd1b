"""What a correction corrects: the entry named by its event id, and the time that it then has."""

from typing import TYPE_CHECKING
from uuid import UUID

from casework import replies, requests
from casework.sessions import session
from casework.sessions.commands import CorrectSession
from casework.sessions.session import DECIDER, Held, NoSuchSession
from casework.streams import session_stream
from chassis.edge.malformed import a_uuid, malformed
from throughline.casework.v1 import casework_pb2 as pb
from throughline.common.v1.common_pb2 import CommandContext

if TYPE_CHECKING:
    from chassis.commands.shell import Shell


async def correction(
    shell: "Shell", tenant: UUID, request: pb.CorrectSessionRequest
) -> tuple[CorrectSession, UUID, CommandContext]:
    """Read a correction: the command, the event it corrects, and the context with its time.

    A correction happened when the session did, as it is now known: so it stands in the corrected
    entry's place in time. Raises Malformed, NoSuchSession.
    """
    corrects = a_uuid("corrects", request.corrects)
    session_id = a_uuid("session_id", request.session_id)
    change = requests.change(request)
    stored = await shell.store.read(tenant, session_stream(session_id))
    before = DECIDER.fold(shell.registry.decode(each).event for each in stored)
    if not isinstance(before, Held) or str(before.case_id) != request.case_id.lower():
        raise NoSuchSession
    versions = {each.event_id: each.version for each in stored}
    if corrects not in versions:
        raise malformed("corrects", "unknown-entry", "the id of an entry of this session")
    command = CorrectSession(
        session_id,
        versions[corrects],
        change,
        requests.correction_reason(request),
        requests.corrected_notes(request),
    )
    return command, corrects, _in_time(request.context, change, before)


def _in_time(context: CommandContext, change: session.Change, before: Held) -> CommandContext:
    timed = CommandContext()
    timed.CopyFrom(context)
    timed.occurred.CopyFrom(replies.occurred(change.of(before.account).held))
    return timed
