"""Which streams a command on an enquiry touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never, get_args
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from chassis.failures import NotFound
from referrals.drafts.compose import BeginDraft, begin
from referrals.enquiries.enquiry import (
    ENQUIRY,
    AddNote,
    AskSafety,
    CloseEnquiry,
    Enquiry,
    EnquiryCommand,
    MakeEnquiry,
    TurnIntoDraft,
    made,
)
from referrals.streams import enquiry_stream


@dataclass(frozen=True, slots=True)
class TurnEnquiry:
    """Start a draft from an enquiry."""

    enquiry: UUID
    begin: BeginDraft


Command: TypeAlias = MakeEnquiry | AskSafety | AddNote | TurnEnquiry | CloseEnquiry


async def compose(command: Command, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps. Raises NotFound for an enquiry that is not there."""
    match command:
        case MakeEnquiry(said=said):
            return [Step(ENQUIRY, enquiry_stream(said.enquiry), command)]
        case AskSafety() | AddNote():
            return [await _on(command.said.enquiry, command, situation)]
        case CloseEnquiry(enquiry=enquiry):
            return [await _on(enquiry, command, situation)]
        case TurnEnquiry(enquiry=enquiry, begin=started):
            turned = TurnIntoDraft(enquiry, started.started.draft)
            return [
                await _on(enquiry, turned, situation),
                begin(started, await situation.now()),
            ]
        case _:
            assert_never(command)


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(Command), compose)


async def _on(enquiry: UUID, command: EnquiryCommand, situation: Situation) -> Step:
    """Return a step on an enquiry, which is about whoever asked."""
    state: Enquiry = await situation.state(ENQUIRY, enquiry_stream(enquiry))
    there = made(state)
    if there is None:
        raise NotFound("enquiry")
    return Step(ENQUIRY, enquiry_stream(enquiry), command, subjects=(there.said.enquirer,))
