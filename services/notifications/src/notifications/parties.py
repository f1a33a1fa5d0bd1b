"""Whom a referral's answers go to: who referred, and the family, as told when it was received.

Later news of the referral names no people; and a professional is told that the family was answered,
never what was decided about it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from ledger.decider import Decider
from notifications.letter import Fact, Letter, Placeholder, TemplateCode, message_id
from notifications.wording import KINDS

OF_THE_FAMILY = frozenset({"adopter", "adopted-adult"})
"""Kinds of referrer who speak for themselves: what the family may know, they may."""


class Answer(StrEnum):
    """What is told of a referral after it was received."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    SIGNPOSTED = "signposted"
    REDIRECTED = "redirected"
    FAMILY_ASKED = "family-asked"
    REFERRER_ASKED = "referrer-asked"


@dataclass(frozen=True, slots=True)
class NoteParties:
    """A referral was received, from and about these people."""

    referral: UUID
    reference: str
    referrer: UUID
    referrer_kind: str
    contact: UUID | None
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class TellAnswer:
    """Something was decided or asked of a referral; `answer_by`: where an answer is waited for."""

    referral: UUID
    about_event: UUID
    answer: Answer
    answer_by: date | None
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class PartiesNoted:
    """Answers to this referral go to these people; `contact`: of the family, None if not named."""

    referral: UUID
    reference: str
    referrer: UUID
    referrer_kind: str
    contact: UUID | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing was heard of the referral."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Whom to answer."""

    parties: PartiesNoted


Parties: TypeAlias = Unknown | Noted


def decide(command: NoteParties, parties: Parties) -> list[PartiesNoted]:
    """Note them once: the first word stands."""
    match parties:
        case Unknown():
            return [
                PartiesNoted(
                    command.referral,
                    command.reference,
                    command.referrer,
                    command.referrer_kind,
                    command.contact,
                )
            ]
        case Noted():
            return []


def evolve(_parties: Parties, event: PartiesNoted) -> Parties:
    """Fold one recorded fact into the state."""
    return Noted(event)


_TO_FAMILY: Mapping[Answer, TemplateCode] = {
    Answer.ACCEPTED: TemplateCode.FAMILY_ACCEPTED,
    Answer.DECLINED: TemplateCode.FAMILY_DECLINED,
    Answer.SIGNPOSTED: TemplateCode.FAMILY_SIGNPOSTED,
    Answer.REDIRECTED: TemplateCode.FAMILY_REDIRECTED,
    Answer.FAMILY_ASKED: TemplateCode.INFORMATION_ASKED,
}
_TO_REFERRER: Mapping[Answer, TemplateCode] = {
    Answer.REFERRER_ASKED: TemplateCode.INFORMATION_ASKED,
}
_TO_PROFESSIONAL = frozenset({Answer.ACCEPTED, Answer.DECLINED, Answer.SIGNPOSTED})


def letters(parties: Parties, command: TellAnswer, tenant: UUID) -> list[Letter]:
    """Return what is to be written to whom; nothing where nothing was heard of the referral."""
    match parties:
        case Unknown():
            return []
        case Noted(parties=known):
            to = dict(_recipients(known, command.answer))
            return [_letter(tenant, command, known, code, to[code]) for code in to]


def _recipients(known: PartiesNoted, answer: Answer) -> Iterator[tuple[TemplateCode, UUID]]:
    referrer_is_family = known.referrer_kind in OF_THE_FAMILY
    # Who wrote for the family is answered; else the adult whom the referral names.
    family = known.referrer if referrer_is_family else known.contact
    if answer in _TO_FAMILY and family is not None:
        yield _TO_FAMILY[answer], family
    if answer in _TO_REFERRER:
        yield _TO_REFERRER[answer], known.referrer
    if answer in _TO_PROFESSIONAL and not referrer_is_family:
        yield TemplateCode.REFERRAL_ANSWERED, known.referrer


def _letter(
    tenant: UUID, command: TellAnswer, known: PartiesNoted, code: TemplateCode, recipient: UUID
) -> Letter:
    facts = [Fact(Placeholder.REFERENCE, known.reference)]
    if Placeholder.WORDS in KINDS[code].text:
        facts.append(Fact(Placeholder.WORDS, str(known.referral)))
    if command.answer_by is not None:
        facts.append(Fact(Placeholder.ANSWER_BY, command.answer_by.isoformat()))
    return Letter(
        message_id=message_id(tenant, command.about_event, code, recipient),
        template=code,
        channel=KINDS[code].channel,
        recipient=recipient,
        about_event=command.about_event,
        facts=tuple(facts),
    )


DECIDER: Decider[NoteParties, Parties, PartiesNoted] = Decider("Parties", Unknown(), decide, evolve)
