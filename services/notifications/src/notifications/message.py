"""A message's life: queued, attempted until it is sent or given up, or blocked before it went.

The attempt is recorded before anything is sent. Where nobody knows how an attempt ended it is in
doubt, and the message is sent again under the same `Message-ID`, so that it counts once. A note to
a worker needs no attempt: recording it is its delivery.
"""

from dataclasses import replace
from typing import assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from notifications.letter import BY_A_WORKER, Channel, Letter
from notifications.message_commands import (
    AcknowledgeMessage,
    BeginAttempt,
    BlockMessage,
    ConfirmSent,
    GiveUp,
    LeaveToWorker,
    MessageCommand,
    PlaceNote,
    QueueMessage,
    RecordDoubt,
    RecordFailure,
)
from notifications.message_events import (
    AttemptBegun,
    AttemptFailed,
    AttemptInDoubt,
    MessageAcknowledged,
    MessageBlocked,
    MessageEvent,
    MessageGivenUp,
    MessageLeftToWorker,
    MessageQueued,
    MessageSent,
    NotePlaced,
)
from notifications.message_states import (
    Acknowledged,
    Attempting,
    Blocked,
    Failed,
    GivenUp,
    InDoubt,
    Message,
    NotQueued,
    Placed,
    Queued,
    Sent,
)


class OtherMessageId(Refusal):
    """Every attempt of a message goes under one `Message-ID`, with one version of the words."""


class NotTheRecipient(Refusal):
    """Only its recipient can acknowledge a note."""


def decide(  # noqa: C901, PLR0911, PLR0912 # a table: one row a transition
    command: MessageCommand, message: Message
) -> list[MessageEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, message:
        case QueueMessage(letter=letter), NotQueued():
            return [MessageQueued(letter)]
        # The same cause again, or another event of the same submission.
        case QueueMessage(), _:
            return []
        case LeaveToWorker(channel=channel), Queued(letter=letter) if (
            letter.channel is not Channel.IN_APP
        ):
            left = replace(letter, channel=channel)
            return [] if left == letter else [MessageLeftToWorker(left)]
        case BeginAttempt(), _:
            return _begin(command, message)
        case ConfirmSent() | RecordFailure() | RecordDoubt() | GiveUp(), _:
            return _end(command, message)
        case PlaceNote(), Queued(letter=letter) if letter.channel is Channel.IN_APP:
            return [_placed(command, letter)]
        case PlaceNote(), Placed() | Acknowledged():
            return []
        case BlockMessage(), Queued() | Failed() | InDoubt() | Attempting() if _may_go_again(
            message
        ):
            return [MessageBlocked(message.letter, command.template_version, command.reason)]
        case BlockMessage(), Blocked():
            return []
        case AcknowledgeMessage(), Placed(note=note) | Acknowledged(note=note) if (
            command.by != note.recipient
        ):
            raise NotTheRecipient
        case AcknowledgeMessage(message_id=message_id, by=worker), Placed():
            return [MessageAcknowledged(message_id, worker)]
        case AcknowledgeMessage(), Acknowledged():
            return []
        case _:
            raise Refusal(type(command), type(message))


def _may_go_again(message: Message) -> bool:
    """Whether no attempt is under way; what a worker has in hand he may prepare anew."""
    return not isinstance(message, Attempting) or message.letter.channel in BY_A_WORKER


def _begin(command: BeginAttempt, message: Message) -> list[MessageEvent]:
    match message:
        case Queued(letter=letter) if letter.channel is not Channel.IN_APP and command.attempt == 1:
            return [_begun(command, letter)]
        case (
            Failed(letter=letter, last=last)
            | InDoubt(letter=letter, last=last)
            | Attempting(letter=letter, last=last)
        ) if command.attempt == last.attempt + 1 and _may_go_again(message):
            if (command.header, command.template_version) != (last.header, last.template_version):
                raise OtherMessageId
            return [_begun(command, letter)]
        # Begun already, maybe by a sender that is gone: whoever asks must not send.
        case Attempting(last=last) if command.attempt == last.attempt:
            return []
        case _:
            raise Refusal(type(command), type(message))


def _end(
    command: ConfirmSent | RecordFailure | RecordDoubt | GiveUp, message: Message
) -> list[MessageEvent]:
    """Record how an attempt ended. That a server took the message is true however late it comes."""
    match command, message:
        case ConfirmSent(attempt=attempt), (
            Attempting(letter=letter, last=last)
            | Failed(letter=letter, last=last)
            | InDoubt(letter=letter, last=last)
        ) if attempt <= last.attempt:
            return [MessageSent(letter, last.template_version, attempt)]
        case _, Sent(last=last) if command.attempt <= last.attempt:
            return []
        case RecordFailure() | RecordDoubt() | GiveUp(), Attempting(letter=letter, last=last) if (
            command.attempt == last.attempt
        ):
            return [_not_sent(command, letter, last)]
        case RecordFailure(), Failed(last=last) if command.attempt == last.attempt:
            return []
        case RecordDoubt(), InDoubt(last=last) if command.attempt == last.attempt:
            return []
        case RecordFailure() | RecordDoubt() | GiveUp(), GivenUp(last=last) if (
            command.attempt == last.attempt
        ):
            return []
        case _:
            raise Refusal(type(command), type(message))


def _not_sent(
    command: RecordFailure | RecordDoubt | GiveUp, letter: Letter, last: AttemptBegun
) -> MessageEvent:
    match command:
        case RecordFailure(attempt=attempt, limit=limit) if attempt < limit:
            return AttemptFailed(letter.message_id, attempt, command.reason, command.retry_at)
        case RecordDoubt(attempt=attempt, limit=limit) if attempt < limit:
            return AttemptInDoubt(letter.message_id, attempt, command.reason, command.retry_at)
        case _:
            return MessageGivenUp(letter, last.template_version, command.attempt, command.reason)


def _begun(command: BeginAttempt, letter: Letter) -> AttemptBegun:
    return AttemptBegun(
        message_id=letter.message_id,
        attempt=command.attempt,
        recipient=letter.recipient,
        template_version=command.template_version,
        header=command.header,
        address=command.address,
        subject_line=command.subject_line,
        text=command.text,
    )


def _placed(command: PlaceNote, letter: Letter) -> NotePlaced:
    return NotePlaced(
        letter=letter,
        recipient=letter.recipient,
        template_version=command.template_version,
        subject_line=command.subject_line,
        text=command.text,
    )


def evolve(message: Message, event: MessageEvent) -> Message:  # noqa: PLR0911 # a row an event
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case MessageQueued(letter=letter) | MessageLeftToWorker(letter=letter):
            return Queued(letter)
        case NotePlaced():
            return Placed(event)
        case MessageBlocked(letter=letter):
            return Blocked(letter)
        case MessageAcknowledged():
            return Acknowledged(message.note) if isinstance(message, Placed) else message
        case AttemptBegun():
            if isinstance(message, Queued | Failed | InDoubt | Attempting):
                return Attempting(message.letter, event)
            return message
        case AttemptFailed() | AttemptInDoubt() | MessageSent() | MessageGivenUp():
            return _ended(message, event)
        case _:
            assert_never(event)


def _ended(
    message: Message, event: AttemptFailed | AttemptInDoubt | MessageSent | MessageGivenUp
) -> Message:
    if not isinstance(message, Attempting | Failed | InDoubt):
        return message
    match event:
        case AttemptFailed(retry_at=retry_at):
            return Failed(message.letter, message.last, retry_at)
        case AttemptInDoubt(retry_at=retry_at):
            return InDoubt(message.letter, message.last, retry_at)
        case MessageSent():
            return Sent(message.letter, message.last)
        case MessageGivenUp():
            return GivenUp(message.letter, message.last)
        case _:
            assert_never(event)


def recipients(message: Message) -> tuple[UUID, ...]:
    """Return whom the message is for: nobody, if there is no message."""
    match message:
        case NotQueued():
            return ()
        case Placed(note=note) | Acknowledged(note=note):
            return (note.recipient,)
        case _:
            return (message.letter.recipient,)


DECIDER: Decider[MessageCommand, Message, MessageEvent] = Decider(
    category="Message", initial=NotQueued(), decide=decide, evolve=evolve
)
