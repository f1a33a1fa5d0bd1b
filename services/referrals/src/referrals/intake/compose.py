"""What a submission becomes: in one append its people, and a referral for each of its children."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day
from ledger.commands import Claim
from ledger.ids import new_id, stream_of
from ledger.personal import Plain
from referrals.duty.said import facts_of
from referrals.duty.timeline import TIMELINE, LearnFacts
from referrals.intake.answer import answer_of
from referrals.intake.consented import consents
from referrals.intake.described import (
    Identified,
    IdentifiedChild,
    adult_described,
    child_described,
    duty_said,
    referral_received,
    referrer_described,
)
from referrals.intake.not_mapped import NOT_MAPPED, NOTHING, Along, keep
from referrals.intake.reference import SPACE, reference_of
from referrals.intake.submission import Submission
from referrals.life.commands import ReceiveReferral
from referrals.life.events import ReferralReceived
from referrals.life.referral import REFERENCE_CLAIM, REFERRAL
from referrals.life.targets import screening_targets
from referrals.people.facts import IdentifierKind, IdentifierRecorded
from referrals.people.learning import Learn
from referrals.people.person import (
    CHILD_CLAIM,
    PERSON,
    Child,
    DescribeAdult,
    DescribeReferrer,
    IdentifyChild,
)
from referrals.rules.policies import duty_rules, shipped
from referrals.streams import not_mapped_stream, person_stream, referral_stream, timeline_stream


@dataclass(frozen=True, slots=True)
class ReceiveSubmission:
    """Receive a whole submission.

    `keys` are the children's blind indexes, in order; None for one who has no name to be known by.
    `digest` is the blind index of the content; `along` came with the first child's referral.
    """

    submission: Submission
    keys: tuple[str | None, ...]
    partnerships: frozenset[str]
    digest: str = ""
    along: Along = NOTHING


async def compose(command: ReceiveSubmission, situation: Situation) -> Sequence[Step]:
    """Turn a submission into steps."""
    who = await identify(command, situation)
    return received(command, who, london_day(await situation.now()))


COMMANDS: Mapping[type, Compose] = {ReceiveSubmission: compose}


def outcome(command: object, events: Sequence[tuple[UUID, object]]) -> str:
    """Return what a repeated submission is answered with; ids, references and codes only."""
    made = [event for _, event in events if isinstance(event, ReferralReceived)]
    digest = command.digest if isinstance(command, ReceiveSubmission) else ""
    return answer_of(made, digest).encode() if made else ""


async def identify(command: ReceiveSubmission, situation: Situation) -> Identified:
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


def received(command: ReceiveSubmission, who: Identified, today: date) -> list[Step]:
    """Return the steps that keep a submission, once it is known who everybody is."""
    document = command.submission.said
    referrer = referrer_described(document, who.referrer, who.family)
    steps = [Step(PERSON, person_stream(who.referrer), DescribeReferrer(referrer))]
    for number, person in enumerate(who.adults, start=1):
        adult = adult_described(document, number, person, who.family)
        steps.append(Step(PERSON, person_stream(person), DescribeAdult(adult)))
    for number, key in enumerate(command.keys, start=1):
        steps.extend(_child(command, number, key, who))
        steps.append(_duty(command, number, who, today))
    for number, child in enumerate(who.children, start=1):
        said = referral_received(command.submission, number, who, command.partnerships)
        steps.append(
            Step(
                REFERRAL,
                referral_stream(child.referral),
                ReceiveReferral(said, screening_targets(said.received_at, said.partnership)),
                case_id=child.case,
                subjects=(child.person, who.referrer, *who.adults),
                take=(Claim(REFERENCE_CLAIM, child.reference),),
            )
        )
    steps.extend(consents(command.submission, who, command.partnerships))
    steps.extend(along(command.along, document.submission_id, who.children[0]))
    return steps


def along(came: Along, message: UUID, child: IdentifiedChild) -> list[Step]:
    """Keep what a message brought along about a child's referral."""
    steps: list[Step] = []
    subjects = (child.person,)
    if came.nhs_number is not None:
        # Of each message a record of its own, so that a repeat records nothing.
        record = stream_of(PERSON.category, "nhs-number", message)
        said = IdentifierRecorded(
            child.person, record, IdentifierKind.NHS_NUMBER, Plain(came.nhs_number)
        )
        stream = person_stream(child.person)
        steps.append(Step(PERSON, stream, Learn(said), case_id=child.case, subjects=subjects))
    if came.values:
        kept = keep(child.referral, child.person, message, came)
        stream = not_mapped_stream(child.referral)
        steps.append(Step(NOT_MAPPED, stream, kept, case_id=child.case, subjects=subjects))
    return steps


def _child(command: ReceiveSubmission, number: int, key: str | None, who: Identified) -> list[Step]:
    child = who.children[number - 1]
    named_earlier = child.person in {each.person for each in who.children[: number - 1]}
    is_new = not child.known_before and not named_earlier
    take = (Claim(CHILD_CLAIM, key),) if key is not None and is_new else ()
    said = child_described(command.submission, number, child.person)
    return [
        Step(
            PERSON,
            person_stream(child.person),
            IdentifyChild(child.case, who.family, said),
            case_id=child.case,
            subjects=(child.person,),
            take=take,
        ),
    ]


def _duty(command: ReceiveSubmission, number: int, who: Identified, today: date) -> Step:
    """Return the step on the line of who owes a child the service: what the submission says."""
    child = who.children[number - 1]
    said = duty_said(command.submission, number, child.person, command.partnerships)
    return Step(
        TIMELINE,
        timeline_stream(child.person),
        LearnFacts(facts_of(said), duty_rules(shipped(), said.partnership), today),
        case_id=child.case,
        subjects=(child.person,),
    )
