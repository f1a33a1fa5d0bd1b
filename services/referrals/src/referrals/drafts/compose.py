"""Which streams a command on a draft touches; a draft that is sent takes a submission's way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias, assert_never, get_args
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from chassis.failures import Conflicted, NotFound
from ledger.clock import london_day, start_of_day
from ledger.commands import Claim
from ledger.personal import Personal
from referrals.drafts.deadlines import DraftExpiryDue, DraftWarningDue
from referrals.drafts.draft import (
    DRAFT,
    DiscardDraft,
    Draft,
    NoteExpiryDue,
    NoteSent,
    NoteWarningDue,
    Open,
    SaveDraft,
    SaveUnchanged,
    StartDraft,
    Terms,
    written,
)
from referrals.drafts.events import DraftStarted
from referrals.enquiries.enquiry import ENQUIRY, NoteReferrals
from referrals.intake import compose as intake
from referrals.intake.compose import ReceiveSubmission
from referrals.life.commands import ReceiveReferral
from referrals.rules.policies import shipped
from referrals.streams import draft_stream, enquiry_stream

CONTENT_CLAIM: Final = "draft-content"
"""The kind of claim by which a draft's content is known again without opening it."""


@dataclass(frozen=True, slots=True)
class BeginDraft:
    """Start a draft. `key`: the blind index of its first content."""

    started: DraftStarted
    content: Personal[str]
    key: str
    partnership: str


@dataclass(frozen=True, slots=True)
class WriteDraft:
    """Save a draft that was saved `number` times.

    `same` is the blind index of this content as that saving's, `following` as the next one's.
    """

    draft: UUID
    content: Personal[str]
    number: int
    same: str
    following: str
    partnership: str


@dataclass(frozen=True, slots=True)
class SendDraft:
    """Receive a draft's content as a submission."""

    draft: UUID
    submission: ReceiveSubmission


@dataclass(frozen=True, slots=True)
class RecallSent:
    """Ask what a draft came to that was sent: its command is known, and answered as before."""

    draft: UUID


Command: TypeAlias = (
    BeginDraft
    | WriteDraft
    | SendDraft
    | RecallSent
    | DiscardDraft
    | DraftWarningDue
    | DraftExpiryDue
)


async def compose(  # noqa: PLR0911 # a row of the table is a return
    command: Command, situation: Situation
) -> Sequence[Step]:
    """Turn a command into steps. Raises NotFound for a draft that is not there."""
    match command:
        case BeginDraft():
            return [begin(command, await situation.now())]
        case WriteDraft():
            return [await _write(command, situation)]
        case SendDraft():
            return await _send(command, situation)
        case RecallSent(draft=draft):
            await _there(draft, situation)
            # Known before anything is decided; of a draft that was never sent, refused.
            return [Step(DRAFT, draft_stream(draft), NoteSent(draft, ()))]
        case DiscardDraft(draft=draft):
            await _there(draft, situation)
            return [Step(DRAFT, draft_stream(draft), command)]
        case DraftWarningDue(stream=stream, due_at=due_at):
            return [Step(DRAFT, stream, NoteWarningDue(due_at))]
        case DraftExpiryDue(stream=stream, due_at=due_at):
            return [Step(DRAFT, stream, NoteExpiryDue(due_at))]
        case _:
            assert_never(command)


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(Command), compose)


def begin(command: BeginDraft, now: datetime) -> Step:
    """Return the step that starts a draft."""
    return Step(
        DRAFT,
        draft_stream(command.started.draft),
        StartDraft(command.started, command.content, terms(now, command.partnership)),
        take=(Claim(CONTENT_CLAIM, command.key),),
    )


def terms(now: datetime, partnership: str) -> Terms:
    """Return how long a draft that is saved now is kept: whole days in London."""
    rules = shipped().on(london_day(now), partnership)
    over = london_day(now) + timedelta(days=rules.draft_days + 1)
    warn = over - timedelta(days=rules.draft_warning_days)
    return Terms(rules.version, now, start_of_day(warn), start_of_day(over))


async def _write(command: WriteDraft, situation: Situation) -> Step:
    stream, same = draft_stream(command.draft), Claim(CONTENT_CLAIM, command.same)
    await situation.look({stream: DRAFT}, [same])
    state = await _there(command.draft, situation)
    if isinstance(state, Open) and state.saved.number != command.number:
        raise Conflicted("the draft was saved meanwhile")
    if await situation.holder(same) == stream:
        return Step(DRAFT, stream, SaveUnchanged(command.draft))
    kept = terms(await situation.now(), command.partnership)
    return Step(
        DRAFT,
        stream,
        SaveDraft(command.draft, command.content, kept),
        take=(Claim(CONTENT_CLAIM, command.following),),
    )


async def _send(command: SendDraft, situation: Situation) -> Sequence[Step]:
    """Return a submission's steps; the draft is noted as sent, and so where it came from."""
    state = await _there(command.draft, situation)
    received = await intake.compose(command.submission, situation)
    referrals = tuple(
        each.command.said.referral for each in received if isinstance(each.command, ReceiveReferral)
    )
    sent = Step(DRAFT, draft_stream(command.draft), NoteSent(command.draft, referrals))
    before = written(state)
    enquiry = before.started.enquiry if before else None
    if enquiry is None:
        return [sent, *received]
    noted = NoteReferrals(enquiry, command.draft, referrals)
    return [sent, Step(ENQUIRY, enquiry_stream(enquiry), noted), *received]


async def _there(draft: UUID, situation: Situation) -> Draft:
    state: Draft = await situation.state(DRAFT, draft_stream(draft))
    if written(state) is None:
        raise NotFound("draft")
    return state
