"""Which stream a command touches: a template of the authority, or one message."""

from collections.abc import Sequence
from uuid import UUID

from chassis.acting import Situation, Step
from ledger.ids import stream_of
from notifications import message, parties, template
from notifications.letter import Letter, TemplateCode
from notifications.message_commands import MessageCommand, QueueMessage
from notifications.parties import NoteParties, TellAnswer
from notifications.template import PublishTemplate

SERVICE = "notifications"


def template_stream(tenant: UUID, code: TemplateCode) -> UUID:
    """Return the stream of an authority's template."""
    return stream_of(SERVICE, "Template", f"{tenant}/{code.value}")


def message_stream(message_id: UUID) -> UUID:
    """Return the stream of a message."""
    return stream_of(SERVICE, "Message", message_id)


def parties_stream(referral: UUID) -> UUID:
    """Return the stream of whom a referral's answers go to."""
    return stream_of(SERVICE, "Parties", referral)


async def compose(
    command: PublishTemplate | MessageCommand | NoteParties | TellAnswer, situation: Situation
) -> Sequence[Step]:
    """Turn a command into its steps. A message keeps to the case that it was queued for."""
    match command:
        case PublishTemplate(code=code):
            return [Step(template.DECIDER, template_stream(situation.tenant, code), command)]
        case QueueMessage(letter=letter, case_id=case_id):
            return [_queue(letter, case_id)]
        case NoteParties(referral=referral, case_id=case_id):
            return [Step(parties.DECIDER, parties_stream(referral), command, case_id=case_id)]
        case TellAnswer(referral=referral, case_id=case_id):
            known = await situation.state(parties.DECIDER, parties_stream(referral))
            letters = parties.letters(known, command, situation.tenant)
            return [_queue(each, case_id) for each in letters]
        case _:
            stream_id = message_stream(command.message_id)
            before = await situation.state(message.DECIDER, stream_id)
            return [Step(message.DECIDER, stream_id, command, subjects=message.recipients(before))]


def _queue(letter: Letter, case_id: UUID | None) -> Step:
    return Step(
        message.DECIDER,
        message_stream(letter.message_id),
        QueueMessage(letter, case_id),
        case_id=case_id,
        subjects=(letter.recipient,),
    )
