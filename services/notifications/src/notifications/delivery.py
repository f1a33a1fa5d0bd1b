"""One message brought one step further: its address asked, its words filled in, handed over.

The attempt is recorded before the message is handed over, and how it ended after. Whatever happens
between the two, a crash too, leaves it in doubt; then it goes again under the same `Message-ID`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid5

from chassis import crash
from chassis.acting import Act, Done
from chassis.commands.shell import Shell
from chassis.directory import Directory
from chassis.failures import Unavailable
from chassis.roles import Role
from chassis.running import logs
from ledger.envelope import Actor
from ledger.personal import Plain
from notifications import mail, message, template
from notifications.circuit import Circuit
from notifications.compose import SERVICE, message_stream, template_stream
from notifications.contacts import (
    Contact,
    Contacts,
    ContactsAway,
    RatherByHand,
    Reachable,
    Unreachable,
)
from notifications.letter import Channel, Letter, Placeholder, Reason, message_id_header
from notifications.message_commands import (
    BeginAttempt,
    BlockMessage,
    ConfirmSent,
    GiveUp,
    LeaveToWorker,
    MessageCommand,
    PlaceNote,
    RecordDoubt,
    RecordFailure,
)
from notifications.message_events import AttemptBegun
from notifications.message_states import Attempting, Failed, InDoubt, Queued
from notifications.pending import Pending
from notifications.retries import Retries
from notifications.template import Template
from notifications.wording import Rendered, Wording, render
from vault.access import SubjectShredded

ACTOR = Actor(f"service:{SERVICE}", Role.SERVICE.value)
UNNAMED = "Sir or Madam"

# A person may be known to readers a moment after the news of it; later than this, it is not known.
UNKNOWN_PAUSES_S = (0.1, 0.4, 1.0)
# How often the end of an attempt is recorded again when the store does not answer.
RECORD_PAUSES_S = (0.1, 0.5, 2.0)

_log = logs.logger(__name__)


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt to be made. All attempts of a message share the words' version and the header."""

    number: int
    template_version: int
    header: str
    words: Template


def authority_name(directory: Directory, tenant: UUID) -> str:
    """Return an authority's name as letters say it."""
    authority = directory.by_id(tenant)
    if authority is None:
        raise LookupError("authority")
    return authority.name


def filled(
    wording: Wording, letter: Letter, authority: str, recipient: str, to_family: str
) -> Rendered:
    """Return the words of a message as its recipient gets them. `to_family`: those asked for."""
    values = {each.name: each.value for each in letter.facts}
    values |= {Placeholder.AUTHORITY: authority, Placeholder.RECIPIENT: recipient or UNNAMED}
    return render(wording, values | {Placeholder.WORDS: to_family})


def real_now() -> datetime:
    """Return the instant by the real clock, which rules retries."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Brings messages on, several at once if asked; safe to repeat at any point.

    `to_mail` and `to_contacts` are the circuits to the two servers that may be away; then nothing
    is attempted, so that no attempt is spent on it.
    """

    shell: Shell
    directory: Directory
    contacts: Contacts
    connections: mail.Connections
    server: mail.MailServer
    retries: Retries
    to_mail: Circuit = field(default_factory=Circuit)
    to_contacts: Circuit = field(default_factory=Circuit)
    clock: Callable[[], datetime] = real_now

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels by which messages can go now."""
        if self.to_mail.is_closed and self.to_contacts.is_closed:
            return (Channel.IN_APP, Channel.EMAIL)
        return (Channel.IN_APP,)

    async def bring_on(self, due: Pending) -> None:
        """Do what is next for a message; nothing, if it came further in the meantime."""
        known = await self.shell.state(due.tenant, message.DECIDER, message_stream(due.message_id))
        match known:
            case Queued(letter=letter):
                await self._first_try(due, letter)
            case (
                Failed(letter=letter, last=last, retry_at=at)
                | InDoubt(letter=letter, last=last, retry_at=at)
            ) if at <= self.clock():
                words = await self._template(due.tenant, letter)
                again = Try(last.attempt + 1, last.template_version, last.header, words)
                await self._send(due, letter, again)
            case Attempting(last=last):
                # Whoever began it is gone. It goes again at once: no server asked for a pause.
                await self._end(due, last.attempt, mail.Unclear(Reason.INTERRUPTED), self.clock())
            case _:
                return

    async def _first_try(self, due: Pending, letter: Letter) -> None:
        words = await self._template(due.tenant, letter)
        header = message_id_header(letter.message_id, self.server.domain)
        first = Try(1, template.newest_version(words), header, words)
        if letter.channel is Channel.IN_APP:
            await self._place(due, letter, first)
        else:
            await self._send(due, letter, first)

    async def _template(self, tenant: UUID, letter: Letter) -> Template:
        stream = template_stream(tenant, letter.template)
        return await self.shell.state(tenant, template.DECIDER, stream)

    def _words(
        self, tenant: UUID, letter: Letter, this: Try, recipient: str, to_family: str = ""
    ) -> Rendered:
        wording = template.wording_of(this.words, letter.template, this.template_version)
        name = authority_name(self.directory, tenant)
        return filled(wording, letter, name, recipient, to_family)

    async def _place(self, due: Pending, letter: Letter, this: Try) -> None:
        words = self._words(due.tenant, letter, this, "")
        note = PlaceNote(
            letter.message_id, this.template_version, Plain(words.subject), Plain(words.text)
        )
        try:
            await self._record(due, note, this.number)
        except SubjectShredded:
            await self._block(due, letter, this, Reason.UNKNOWN_RECIPIENT)

    async def _block(self, due: Pending, letter: Letter, this: Try, reason: Reason) -> None:
        _log.warning("message blocked", message_id=due.message_id, reason=reason)
        block = BlockMessage(letter.message_id, this.template_version, reason)
        await self._record(due, block, this.number)

    async def _send(self, due: Pending, letter: Letter, this: Try) -> None:
        """Attempt once, unless one of the servers needed for it is away."""
        try:
            async with self.connections.leased() as connection:
                self.to_mail.answered()
                contact = await self._ask(due.tenant, letter)
                if isinstance(contact, RatherByHand):
                    if this.number == 1:
                        leave = LeaveToWorker(letter.message_id, contact.channel)
                        await self._record(due, leave, this.number)
                        return
                    contact = contact.otherwise
                match contact:
                    case Unreachable(reason=reason):
                        await self._block(due, letter, this, reason)
                    case Reachable() as contact:
                        await self._attempt(due, letter, this, contact, connection)
        except mail.ServerAway as away:
            self.to_mail.failed()
            _log.warning("mail server away", error=str(away))
        except ContactsAway as away:
            self.to_contacts.failed()
            _log.warning("contacts away", status=str(away))

    async def _ask(self, tenant: UUID, letter: Letter) -> Contact:
        for pause_s in UNKNOWN_PAUSES_S:
            contact = await self.contacts.ask(tenant, letter.recipient, letter.about_event)
            self.to_contacts.answered()
            if contact != Unreachable(Reason.UNKNOWN_RECIPIENT):
                return contact
            await asyncio.sleep(pause_s)
        return contact

    async def _attempt(
        self,
        due: Pending,
        letter: Letter,
        this: Try,
        contact: Reachable,
        connection: mail.Connection,
    ) -> None:
        to_family = await self.contacts.words_to_family(due.tenant, letter)
        words = self._words(due.tenant, letter, this, contact.name, to_family)
        begin = BeginAttempt(
            message_id=letter.message_id,
            attempt=this.number,
            template_version=this.template_version,
            header=this.header,
            address=Plain(contact.address),
            subject_line=Plain(words.subject),
            text=Plain(words.text),
        )
        try:
            begun = await self._record(due, begin, this.number)
        except SubjectShredded:
            # What would be sent could not be kept: nobody is known there any more.
            await self._block(due, letter, this, Reason.UNKNOWN_RECIPIENT)
            return
        if not any(isinstance(event, AttemptBegun) for _, event in begun.events):
            # Another sender began it; only he knows how it ended.
            return
        wire = mail.as_mail(words, contact.address, self.server.sender, this.header, self.clock())
        crash.point("sender.before-send")
        came_to = await connection.hand_over(contact.address, wire)
        crash.point("sender.after-send")
        await self._end(due, this.number, came_to, self.retries.after(this.number, self.clock()))

    async def _end(
        self, due: Pending, attempt: int, came_to: mail.HandedOver, retry_at: datetime
    ) -> None:
        """Record how an attempt ended, trying a store that is away for a while."""
        command = _as_command(due.message_id, attempt, came_to, retry_at, self.retries.attempts)
        if not isinstance(came_to, mail.TakenOver):
            _log.warning(
                "attempt without success",
                message_id=due.message_id,
                attempt=attempt,
                reason=came_to.reason,
            )
        for pause_s in RECORD_PAUSES_S:
            try:
                await self._record(due, command, attempt)
            except Unavailable:
                await asyncio.sleep(pause_s)
            else:
                return
        await self._record(due, command, attempt)

    async def _record(self, due: Pending, command: MessageCommand, attempt: int) -> Done:
        return await self.shell.execute(
            Act(
                command_id=uuid5(due.message_id, f"{type(command).__name__}/{attempt}"),
                tenant=due.tenant,
                scope=frozenset([due.tenant]),
                actor=ACTOR,
                command=command,
                correlation_id=due.correlation_id,
                causation_id=due.queued_by,
            )
        )


def _as_command(
    message_id: UUID, attempt: int, came_to: mail.HandedOver, retry_at: datetime, limit: int
) -> MessageCommand:
    match came_to:
        case mail.TakenOver():
            return ConfirmSent(message_id, attempt)
        case mail.NotNow(reason=reason):
            return RecordFailure(message_id, attempt, reason, retry_at, limit)
        case mail.Unclear(reason=reason):
            return RecordDoubt(message_id, attempt, reason, retry_at, limit)
        case mail.Never(reason=reason):
            return GiveUp(message_id, attempt, reason)
