"""Which streams a redirect touches on either side; each command is of one side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias, assert_never, get_args
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from chassis.failures import NotFound
from ledger.clock import london_day, start_of_day
from ledger.decider import Refusal
from ledger.personal import Personal
from ledger.working_days import ENGLAND_AND_WALES
from referrals.consents.consent import CONSENT, NoConsent, RelyOnConsent, held
from referrals.consents.recipient import Recipient
from referrals.life.commands import NoteRedirected
from referrals.life.events import ReferralReceived
from referrals.life.referral import REFERRAL
from referrals.life.states import said_of
from referrals.redirects.arrival import ReceiveRedirected, arrive
from referrals.redirects.ending import by_deciding, on_incoming, on_redirect
from referrals.redirects.events import RedirectOffered
from referrals.redirects.incoming import (
    INCOMING,
    AcknowledgeRedirect,
    GiveBack,
    RefuseRedirect,
    arrived,
)
from referrals.redirects.reasons import Ground
from referrals.redirects.redirect import (
    REDIRECT,
    EndUnanswered,
    EndUnsent,
    NoteAcknowledged,
    NoteDelivered,
    NoteGivenBack,
    NoteRefused,
    NotOffered,
    Offer,
    RecallRedirect,
    RecordOutsideAcknowledgement,
    Redirect,
)
from referrals.rules.policies import shipped
from referrals.streams import consent_stream, incoming_stream, redirect_stream, referral_stream


@dataclass(frozen=True, slots=True)
class OfferRedirect:
    """Offer a referral to another authority.

    `recipients` are those for whom a consent would do: the authority, and its partnership.
    """

    redirect: UUID
    referral: UUID
    to: str
    to_authority: UUID
    outside: bool
    ground: Ground
    recipients: tuple[Recipient, ...]
    words: Personal[str | None]
    how_sent: Personal[str | None]


@dataclass(frozen=True, slots=True)
class RedirectFellDue:
    """The time to acknowledge the redirect of this stream is over."""

    stream: UUID


class OwnAuthority(Refusal):
    """A referral is not redirected to the authority that has it."""


_Noted: TypeAlias = NoteDelivered | NoteAcknowledged | NoteRefused | NoteGivenBack | EndUnsent
_Acted: TypeAlias = RecallRedirect | RecordOutsideAcknowledgement
_Answered: TypeAlias = AcknowledgeRedirect | RefuseRedirect
Command: TypeAlias = (
    OfferRedirect | _Acted | _Noted | RedirectFellDue | _Answered | GiveBack | ReceiveRedirected
)


async def compose(command: Command, situation: Situation) -> Sequence[Step]:  # noqa: PLR0911 # a row a command
    """Turn a command into steps. Raises NotFound for a redirect that a worker names wrongly."""
    match command:
        case OfferRedirect():
            return await _offer(command, situation)
        case RecallRedirect() | RecordOutsideAcknowledgement():
            stream = redirect_stream(command.redirect)
            sent: Redirect = await situation.state(REDIRECT, stream)
            if isinstance(sent, NotOffered):
                raise NotFound("redirect")
            return await on_redirect(stream, command, situation)
        case NoteDelivered() | NoteAcknowledged() | NoteRefused() | NoteGivenBack() | EndUnsent():
            return await on_redirect(redirect_stream(command.redirect), command, situation)
        case RedirectFellDue(stream=stream):
            return await on_redirect(stream, EndUnanswered(), situation)
        case AcknowledgeRedirect() | RefuseRedirect():
            stream = incoming_stream(command.redirect)
            if arrived(await situation.state(INCOMING, stream)) is None:
                raise NotFound("redirect")
            return await on_incoming(command.redirect, command, situation)
        case GiveBack():
            return await on_incoming(command.redirect, command, situation)
        case ReceiveRedirected():
            return await arrive(command, situation)
        case _:
            assert_never(command)


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(Command), compose)


def answer_by(offered_on: date, working_days: int) -> datetime:
    """Return the first instant at which an acknowledgement is late."""
    last = ENGLAND_AND_WALES.after(offered_on, working_days)
    return start_of_day(last + timedelta(days=1))


async def _offer(command: OfferRedirect, situation: Situation) -> Sequence[Step]:
    if command.to_authority == situation.tenant:
        raise OwnAuthority
    stream = referral_stream(command.referral)
    referral = await situation.state(REFERRAL, stream)
    said = said_of(referral)
    if said is None:
        raise NotFound("referral")
    today = london_day(await situation.now())
    relied = await _consent(command, said, today, situation)
    offered = _offered(command, said, today, relied)
    steps = [
        Step(REDIRECT, redirect_stream(command.redirect), Offer(offered), said.case, (said.child,)),
        Step(
            REFERRAL,
            stream,
            NoteRedirected(command.redirect, command.to, command.ground.value),
            subjects=(said.child,),
        ),
        *await by_deciding(said, situation),
    ]
    if relied is not None:
        rely = RelyOnConsent(command.redirect, today)
        consent = consent_stream(said.child, relied.code)
        steps.append(Step(CONSENT, consent, rely, said.case, (said.child,)))
    return steps


def _offered(
    command: OfferRedirect, said: ReferralReceived, today: date, relied: Recipient | None
) -> RedirectOffered:
    rules = shipped().on(today, said.partnership)
    return RedirectOffered(
        redirect=command.redirect,
        referral=command.referral,
        child=said.child,
        to=command.to,
        to_authority=command.to_authority,
        outside=command.outside,
        ground=command.ground,
        recipient=relied.code if relied else None,
        answer_by=answer_by(today, rules.redirect),
        rule=rules.version,
        words=command.words,
        how_sent=command.how_sent,
    )


async def _consent(
    command: OfferRedirect, said: ReferralReceived, today: date, situation: Situation
) -> Recipient | None:
    """Return whom the consent names that the redirect rests on; None where it rests on a duty."""
    if command.ground is not Ground.CONSENT:
        return None
    for recipient in command.recipients:
        stream = consent_stream(said.child, recipient.code)
        if held(await situation.state(CONSENT, stream), today) is not None:
            return recipient
    raise NoConsent
