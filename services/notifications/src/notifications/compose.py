"""Which stream a command touches: a template of the authority, a message, a notice's service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from chassis.acting import Situation, Step
from ledger.clock import london_day
from ledger.ids import stream_of
from ledger.personal import Plain
from notifications import message, notice_service, parties, template
from notifications.letter import Letter, TemplateCode
from notifications.message_commands import MessageCommand, QueueMessage
from notifications.notice_service import AwaitService, BlockService, DropService, RecordNotServed
from notifications.parties import NoteParties, TellAnswer
from notifications.rules import Method, deemed, shipped
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


def service_stream(service_id: UUID) -> UUID:
    """Return the stream of the service of a statutory notice."""
    return stream_of(SERVICE, "NoticeService", service_id)


@dataclass(frozen=True, slots=True)
class CheckedService:
    """A worker is about to serve a notice; where it may go was asked for just now."""

    service_id: UUID
    attempt: int
    method: Method
    address: Plain[str | None]


@dataclass(frozen=True, slots=True)
class ServeNotice:
    """A notice was handed over or posted on a day; None: today."""

    service_id: UUID
    attempt: int
    on: date | None


OfService: TypeAlias = (
    AwaitService | CheckedService | BlockService | ServeNotice | RecordNotServed | DropService
)


async def compose(
    command: PublishTemplate | MessageCommand | NoteParties | TellAnswer | OfService,
    situation: Situation,
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
        case (
            AwaitService()
            | CheckedService()
            | BlockService()
            | ServeNotice()
            | RecordNotServed()
            | (DropService())
        ):
            return await _of_service(command, situation)
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


async def _of_service(command: OfService, situation: Situation) -> Sequence[Step]:
    """Turn a command on a service into its step. It keeps to the case that it is awaited in."""
    if isinstance(command, AwaitService):
        notice = command.notice
        stream, people = service_stream(notice.service_id), (notice.addressee,)
        return [Step(notice_service.DECIDER, stream, command, command.case_id, people)]
    stream = service_stream(command.service_id)
    found = await situation.state(notice_service.DECIDER, stream)
    if isinstance(found, notice_service.NotAwaited):
        raise notice_service.NoSuchService
    asked = await _asked(command, found, situation)
    return [Step(notice_service.DECIDER, stream, asked, subjects=(found.notice.addressee,))]


async def _asked(
    command: CheckedService | BlockService | ServeNotice | RecordNotServed | DropService,
    found: notice_service.Service,
    situation: Situation,
) -> notice_service.ServiceCommand:
    """Add what a command does not know itself: the day, and on which one it counts as served."""
    match command:
        case CheckedService(which, attempt, method, address):
            today = london_day(await situation.now())
            return notice_service.PrepareService(which, attempt, method, today, address)
        case ServeNotice(which, attempt, on):
            sent_on = on or london_day(await situation.now())
            rules = shipped().on(sent_on, situation.partnership)
            counts = sent_on
            if isinstance(found, notice_service.Prepared):
                counts = deemed(found.method, sent_on, rules)
            return notice_service.RecordServed(which, attempt, sent_on, counts, rules.version)
        case BlockService() | RecordNotServed() | DropService():
            return command
        case _:
            assert_never(command)
