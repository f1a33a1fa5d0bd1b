"""Which stream a command on a referral goes to."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never, get_args
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from chassis.failures import NotFound
from referrals.life.deadlines import ScreeningFellDue
from referrals.life.referral import (
    REFERRAL,
    AcceptReferral,
    DeclineReferral,
    NoteScreeningDue,
    NoteTakenUp,
    ReferralCommand,
    ScreenReferral,
)
from referrals.life.states import Referral, said_of
from referrals.redirects.ending import by_deciding
from referrals.streams import referral_stream

Command: TypeAlias = (
    ScreenReferral | AcceptReferral | DeclineReferral | NoteTakenUp | ScreeningFellDue
)


async def compose(command: Command, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps. Raises NotFound for a referral that is not there."""
    match command:
        case (
            ScreenReferral(referral=referral)
            | AcceptReferral(referral=referral)
            | DeclineReferral(referral=referral)
        ):
            stream = referral_stream(referral)
            held = await _referral(stream, situation)
            if said_of(held) is None:
                raise NotFound("referral")
            step = await _on_referral(stream, command, situation)
            if isinstance(command, ScreenReferral):
                return [step]
            return [step, *await by_deciding(held, situation)]
        case NoteTakenUp(referral=referral):
            return [await _on_referral(referral_stream(referral), command, situation)]
        case ScreeningFellDue(stream=stream, due_at=due_at):
            return [await _on_referral(stream, NoteScreeningDue(due_at), situation)]
        case _:
            assert_never(command)


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(Command), compose)


async def _referral(stream: UUID, situation: Situation) -> Referral:
    return await situation.state(REFERRAL, stream)


async def _on_referral(stream: UUID, command: ReferralCommand, situation: Situation) -> Step:
    """Return a step on a referral, which is about its child."""
    said = said_of(await _referral(stream, situation))
    return Step(REFERRAL, stream, command, subjects=(said.child,) if said else ())
