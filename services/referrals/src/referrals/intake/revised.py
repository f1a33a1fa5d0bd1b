"""A referral that its sender sends anew: what it says now of the child, and why help is asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from chassis.failures import NotFound
from ledger.clock import london_day
from ledger.commands import Claim
from ledger.decider import Refusal
from ledger.personal import Plain
from referrals.duty.facts import ResidenceLearned
from referrals.duty.said import facts_of
from referrals.duty.timeline import TIMELINE, LearnFacts
from referrals.intake.compose import along
from referrals.intake.consented import consents
from referrals.intake.described import Identified, IdentifiedChild, child_described, duty_said
from referrals.intake.not_mapped import Along
from referrals.intake.submission import Submission
from referrals.life.amendable import YES, CodedField, WordsField
from referrals.life.commands import Recode, Revise, Reword
from referrals.life.events import ReferralReceived
from referrals.life.referral import REFERRAL
from referrals.life.states import said_of
from referrals.life.targets import screening_targets
from referrals.people.person import CHILD_CLAIM, PERSON, IdentifyChild
from referrals.rules.policies import duty_rules, shipped
from referrals.streams import person_stream, referral_stream, timeline_stream


@dataclass(frozen=True, slots=True)
class ReviseReferral:
    """Set a referral right by what its sender says now, as a submission of one child.

    `key` is the child's blind index, `digest` that of the content. `lives_in_is_said`: whether the
    address named an authority.
    """

    referral: UUID
    submission: Submission
    key: str | None
    partnerships: frozenset[str]
    digest: str
    along: Along
    lives_in_is_said: bool


class OtherChild(Refusal):
    """What is said now is not of the child that the referral is of."""


async def compose(command: ReviseReferral, situation: Situation) -> Sequence[Step]:
    """Turn a revision into steps. Raises OtherChild where it names somebody else."""
    said = said_of(await situation.state(REFERRAL, referral_stream(command.referral)))
    if said is None:
        raise NotFound("referral")
    known = await situation.holder(Claim(CHILD_CLAIM, command.key)) if command.key else None
    if known != person_stream(said.child):
        raise OtherChild
    now = await situation.now()
    targets = screening_targets(now, said.partnership)
    sent_at = command.submission.received_at.astimezone(UTC)
    revise = Revise(_revision(command), sent_at, tuple(_changes(command, said)), targets)
    child = IdentifiedChild(said.child, said.case, True, said.referral, said.reference)  # noqa: FBT003 # a field
    who = Identified(said.family, said.referrer, (), (child,))
    stream = referral_stream(said.referral)
    return [
        Step(REFERRAL, stream, revise, subjects=(said.child,)),
        _described(command, said),
        *_residence(command, said, today=london_day(now)),
        *consents(command.submission, who, command.partnerships),
        *along(command.along, _revision(command), child),
    ]


COMMANDS: Mapping[type, Compose] = {ReviseReferral: compose}


def _revision(command: ReviseReferral) -> UUID:
    return command.submission.said.submission_id


def _changes(command: ReviseReferral, said: ReferralReceived) -> Iterator[Recode | Reword]:
    """Return what is said otherwise; a need or a worry is added by a message, never taken away."""
    document = command.submission.said
    yield Reword(WordsField.IN_THEIR_WORDS, Plain(document.in_their_words))
    yield Recode(CodedField.NEEDS, tuple(dict.fromkeys([*said.needs, *document.needs])))
    if document.safeguarding.concern:
        yield Recode(CodedField.SAFEGUARDING_CONCERN, (YES,))
    if document.safeguarding.words:
        yield Reword(WordsField.SAFEGUARDING_WORDS, Plain(document.safeguarding.words))
    if command.submission.asked_urgently:
        yield Recode(CodedField.ASKED_URGENTLY, (YES,))
    if document.consents.to_refer:
        yield Recode(CodedField.CONSENT_TO_REFER, (YES,))


def _described(command: ReviseReferral, said: ReferralReceived) -> Step:
    described = child_described(command.submission, 1, said.child)
    if not command.lives_in_is_said:
        described = replace(described, lives_in=said.lives_in)
    return Step(
        PERSON,
        person_stream(said.child),
        IdentifyChild(said.case, said.family, described),
        case_id=said.case,
        subjects=(said.child,),
    )


def _residence(command: ReviseReferral, said: ReferralReceived, *, today: date) -> Sequence[Step]:
    """Return the step on the line of who owes the service where the family lives elsewhere now."""
    if not command.lives_in_is_said or command.submission.said.family.lives_in == said.lives_in:
        return []
    told = duty_said(command.submission, 1, said.child, command.partnerships)
    learned = tuple(each for each in facts_of(told) if isinstance(each, ResidenceLearned))
    rules = duty_rules(shipped(), told.partnership)
    return [
        Step(
            TIMELINE,
            timeline_stream(said.child),
            LearnFacts(learned, rules, today),
            case_id=said.case,
            subjects=(said.child,),
        )
    ]
