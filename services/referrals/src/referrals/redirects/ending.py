"""Steps on a redirect that take its referral along: what ends the one moves the other."""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from chassis.acting import Situation, Step
from referrals.life.commands import NoteCameBack, NoteTakenBack
from referrals.life.events import ReferralReceived
from referrals.life.referral import REFERRAL
from referrals.redirects.arrival import ROUTE
from referrals.redirects.events import RedirectCameBack, RedirectOffered
from referrals.redirects.incoming import (
    INCOMING,
    AcknowledgeRedirect,
    GiveBack,
    Incoming,
    RedirectGivenBack,
    RedirectRefused,
    RefuseRedirect,
    Waiting,
    arrived,
)
from referrals.redirects.redirect import (
    REDIRECT,
    EndForConsent,
    EndUnanswered,
    EndUnsent,
    NoteAcknowledged,
    NoteDelivered,
    NoteGivenBack,
    NoteRefused,
    NotOffered,
    RecallRedirect,
    RecordOutsideAcknowledgement,
    Redirect,
)
from referrals.streams import incoming_stream, redirect_stream, referral_stream

Onward: TypeAlias = (
    RecallRedirect
    | EndForConsent
    | EndUnsent
    | EndUnanswered
    | NoteDelivered
    | NoteAcknowledged
    | NoteRefused
    | NoteGivenBack
    | RecordOutsideAcknowledgement
)
Answer: TypeAlias = AcknowledgeRedirect | RefuseRedirect | GiveBack


async def on_redirect(stream: UUID, command: Onward, situation: Situation) -> Sequence[Step]:
    """Return a step on a redirect, and on its referral where it comes back by that."""
    state: Redirect = await situation.state(REDIRECT, stream)
    if isinstance(state, NotOffered):
        return [Step(REDIRECT, stream, command)]
    said = state.said
    decided = REDIRECT.decide(command, state)
    back = [_came_back(said, each) for each in decided if isinstance(each, RedirectCameBack)]
    return [Step(REDIRECT, stream, command, subjects=(said.child,)), *back]


def _came_back(said: RedirectOffered, event: RedirectCameBack) -> Step:
    note = NoteCameBack(said.redirect, event.reason.value)
    return Step(REFERRAL, referral_stream(said.referral), note, subjects=(said.child,))


async def on_incoming(redirect: UUID, command: Answer, situation: Situation) -> Sequence[Step]:
    """Return a step on a redirect that came here, and on its copy where it ends by that."""
    stream = incoming_stream(redirect)
    state: Incoming = await situation.state(INCOMING, stream)
    here = arrived(state)
    if here is None:
        return [Step(INCOMING, stream, command)]
    steps = [Step(INCOMING, stream, command, subjects=(here.child,))]
    for event in INCOMING.decide(command, state):
        if isinstance(event, RedirectRefused | RedirectGivenBack):
            note = NoteTakenBack(redirect)
            copy = referral_stream(here.referral)
            steps.append(Step(REFERRAL, copy, note, subjects=(here.child,)))
    return steps


async def by_deciding(said: ReferralReceived, situation: Situation) -> Sequence[Step]:
    """Return the step that acknowledges the redirect which brought a referral, if one did.

    Whoever decides on the copy has it: that is said in the same append.
    """
    if said.route != ROUTE:
        return []
    state = await situation.state(INCOMING, incoming_stream(said.submission))
    if not isinstance(state, Waiting):
        return []
    return await on_incoming(said.submission, AcknowledgeRedirect(said.submission), situation)


async def for_consent(redirects: Sequence[UUID], situation: Situation) -> Sequence[Step]:
    """Return the steps that call back redirects whose consent was taken back."""
    await situation.look({redirect_stream(each): REDIRECT for each in redirects})
    return [
        step
        for each in redirects
        for step in await on_redirect(redirect_stream(each), EndForConsent(each), situation)
    ]
