"""Which stream a command touches: a template of the authority, or one message."""

from collections.abc import Sequence
from uuid import UUID

from chassis.acting import Situation, Step
from ledger.ids import stream_of
from notifications import message, template
from notifications.letter import TemplateCode
from notifications.message_commands import MessageCommand, QueueMessage
from notifications.template import PublishTemplate

SERVICE = "notifications"


def template_stream(tenant: UUID, code: TemplateCode) -> UUID:
    """Return the stream of an authority's template."""
    return stream_of(SERVICE, "Template", f"{tenant}/{code.value}")


def message_stream(message_id: UUID) -> UUID:
    """Return the stream of a message."""
    return stream_of(SERVICE, "Message", message_id)


async def compose(
    command: PublishTemplate | MessageCommand, situation: Situation
) -> Sequence[Step]:
    """Turn a command into its one step. A message keeps to the case that it was queued for."""
    match command:
        case PublishTemplate(code=code):
            return [Step(template.DECIDER, template_stream(situation.tenant, code), command)]
        case QueueMessage(letter=letter, case_id=case_id):
            return [
                Step(
                    message.DECIDER,
                    message_stream(letter.message_id),
                    command,
                    case_id=case_id,
                    subjects=(letter.recipient,),
                )
            ]
        case _:
            stream_id = message_stream(command.message_id)
            known = await situation.state(message.DECIDER, stream_id)
            return [Step(message.DECIDER, stream_id, command, subjects=message.recipients(known))]
