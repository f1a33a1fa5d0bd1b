"""Which streams a command touches; a submission makes one Referral a child and its people."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never
from uuid import UUID

from chassis.acting import Situation, Step
from chassis.failures import NotFound
from ledger.commands import Claim
from ledger.ids import new_id
from referrals.answer import answer_of
from referrals.deadlines import ScreeningFellDue
from referrals.duty import CURRENT, duty_on
from referrals.intake import (
    Identified,
    IdentifiedChild,
    adult_described,
    child_described,
    circumstances,
    referral_received,
    referrer_described,
)
from referrals.person import (
    CHILD_CLAIM,
    PERSON,
    Child,
    DescribeAdult,
    DescribeReferrer,
    DetermineResponsibility,
    IdentifyChild,
)
from referrals.reference import SPACE, reference_of
from referrals.referral import (
    REFERENCE_CLAIM,
    REFERRAL,
    AcceptReferral,
    DeclineReferral,
    NoteScreeningDue,
    NoteTakenUp,
    ReceiveReferral,
    ReferralCommand,
    ScreenReferral,
)
from referrals.referral_events import ReferralReceived
from referrals.referral_states import Referral, said_of
from referrals.streams import person_stream, referral_stream
from referrals.submission import Submission


@dataclass(frozen=True, slots=True)
class ReceiveSubmission:
    """Receive a whole submission.

    `keys` are the children's blind indexes, in order; None for one who has no name to be known by.
    """

    submission: Submission
    keys: tuple[str | None, ...]
    partnerships: frozenset[str]


Command: TypeAlias = (
    ReceiveSubmission
    | ScreenReferral
    | AcceptReferral
    | DeclineReferral
    | NoteTakenUp
    | ScreeningFellDue
)


async def compose(command: Command, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps. Raises NotFound for a referral that is not there."""
    match command:
        case ReceiveSubmission():
            return _receive(command, await _identify(command, situation))
        case (
            ScreenReferral(referral=referral)
            | AcceptReferral(referral=referral)
            | DeclineReferral(referral=referral)
        ):
            stream = referral_stream(referral)
            if said_of(await _referral(stream, situation)) is None:
                raise NotFound("referral")
            return [await _on_referral(stream, command, situation)]
        case NoteTakenUp(referral=referral):
            return [await _on_referral(referral_stream(referral), command, situation)]
        case ScreeningFellDue(stream=stream, due_at=due_at):
            return [await _on_referral(stream, NoteScreeningDue(due_at), situation)]
        case _:
            assert_never(command)


def outcome(_command: object, events: Sequence[tuple[UUID, object]]) -> str:
    """Return what a repeated submission is answered with; ids, references and codes only."""
    received = [event for _, event in events if isinstance(event, ReferralReceived)]
    return answer_of(received).encode() if received else ""


async def _referral(stream: UUID, situation: Situation) -> Referral:
    return await situation.state(REFERRAL, stream)


async def _on_referral(stream: UUID, command: ReferralCommand, situation: Situation) -> Step:
    """Return a step on a referral, which is about its child."""
    said = said_of(await _referral(stream, situation))
    return Step(REFERRAL, stream, command, subjects=(said.child,) if said else ())


async def _identify(command: ReceiveSubmission, situation: Situation) -> Identified:
    """Find who each child is: known by the claim on the blind index, or new."""
    keys = [each for each in command.keys if each is not None]
    claims = [Claim(CHILD_CLAIM, each) for each in dict.fromkeys(keys)]
    await situation.look(claims=claims)
    held = [await situation.holder(each) for each in claims]
    await situation.look({each: PERSON for each in held if each is not None})
    known = {key: await _known(key, situation) for key in keys}
    families = [each.family for each in known.values() if each is not None]
    fresh: dict[str, tuple[UUID, UUID]] = {}
    children: list[IdentifiedChild] = []
    for key in command.keys:
        before = known[key] if key is not None else None
        if before is not None:
            person, case = before.person, before.case
        else:
            # The same child twice in one submission is one person.
            person, case = fresh.setdefault(key or str(len(children)), (new_id(), new_id()))
        reference = reference_of(secrets.randbelow(SPACE))
        children.append(IdentifiedChild(person, case, before is not None, new_id(), reference))
    return Identified(
        # A family whose child is known is that family again.
        family=families[0] if families else new_id(),
        referrer=new_id(),
        adults=tuple(new_id() for _ in command.submission.said.family.adults),
        children=tuple(children),
    )


async def _known(key: str, situation: Situation) -> Child | None:
    stream = await situation.holder(Claim(CHILD_CLAIM, key))
    if stream is None:
        return None
    child = await situation.state(PERSON, stream)
    if not isinstance(child, Child):
        raise TypeError(f"{stream} holds a child's claim and is {type(child).__name__}")
    return child


def _receive(command: ReceiveSubmission, who: Identified) -> list[Step]:
    document = command.submission.said
    referrer = referrer_described(document, who.referrer, who.family)
    steps = [Step(PERSON, person_stream(who.referrer), DescribeReferrer(referrer))]
    for number, person in enumerate(who.adults, start=1):
        adult = adult_described(document, number, person, who.family)
        steps.append(Step(PERSON, person_stream(person), DescribeAdult(adult)))
    for number, key in enumerate(command.keys, start=1):
        steps.extend(_child(command.submission, number, key, who))
    for number, child in enumerate(who.children, start=1):
        received = referral_received(command.submission, number, who, command.partnerships)
        steps.append(
            Step(
                REFERRAL,
                referral_stream(child.referral),
                ReceiveReferral(received),
                case_id=child.case,
                subjects=(child.person, who.referrer, *who.adults),
                take=(Claim(REFERENCE_CLAIM, child.reference),),
            )
        )
    return steps


def _child(submission: Submission, number: int, key: str | None, who: Identified) -> list[Step]:
    child = who.children[number - 1]
    stream = person_stream(child.person)
    named_earlier = child.person in {each.person for each in who.children[: number - 1]}
    is_new = not child.known_before and not named_earlier
    take = (Claim(CHILD_CLAIM, key),) if key is not None and is_new else ()
    known = circumstances(submission.children[number - 1], submission.said.family.lives_in)
    duty = duty_on(submission.received_on, known)
    said = child_described(submission, number, child.person)
    return [
        Step(
            PERSON,
            stream,
            IdentifyChild(child.case, who.family, said),
            case_id=child.case,
            subjects=(child.person,),
            take=take,
        ),
        Step(
            PERSON,
            stream,
            DetermineResponsibility(duty, known, CURRENT.version),
            case_id=child.case,
            subjects=(child.person,),
        ),
    ]
