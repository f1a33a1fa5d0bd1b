"""A person is kept for life: the one home of names, addresses and safe channels, as said and when.

A child is identified once for an authority and described by each submission that names them. An
adult of the family or a referrer is described by the submission that brings them. Whatever is
learned of any of them later (`facts.py`) is decided on by `learning.py` and folded by `folding.py`.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias
from uuid import UUID

from ledger.decider import Decider, Refusal
from referrals.people.describing import known_adult, known_child, known_referrer
from referrals.people.facts import Fact
from referrals.people.folding import evolve_known
from referrals.people.known import NOTHING, Known
from referrals.people.learning import Learning, learn
from referrals.people.said import AdultDescribed, ChildDescribed, ReferrerDescribed

CATEGORY = "Person"
CHILD_CLAIM = "child"
"""The kind of claim by which a child's blind index belongs to one Person of an authority."""


@dataclass(frozen=True, slots=True)
class ChildIdentified:
    """A child became known to the authority; the case id goes with the child from here on."""

    person: UUID
    case: UUID
    family: UUID


PersonEvent: TypeAlias = (
    ChildIdentified | ChildDescribed | AdultDescribed | ReferrerDescribed | Fact
)


@dataclass(frozen=True, slots=True)
class IdentifyChild:
    """Make a child known, or say again of a known one what a submission says."""

    case: UUID
    family: UUID
    said: ChildDescribed


@dataclass(frozen=True, slots=True)
class DescribeAdult:
    """Keep an adult of the family."""

    said: AdultDescribed


@dataclass(frozen=True, slots=True)
class DescribeReferrer:
    """Keep a referrer."""

    said: ReferrerDescribed


PersonCommand: TypeAlias = IdentifyChild | DescribeAdult | DescribeReferrer | Learning


@dataclass(frozen=True, slots=True)
class Nobody:
    """Nothing is known."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child. `said`: by which submissions, and as which child of each; `latest`: the last one.

    Whoever was identified is described in the same append.
    """

    person: UUID
    case: UUID
    family: UUID
    said: frozenset[tuple[UUID, int]]
    latest: ChildDescribed | None
    known: Known = NOTHING


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult of a family."""

    said: AdultDescribed
    known: Known = NOTHING


@dataclass(frozen=True, slots=True)
class Referrer:
    """Somebody who referred."""

    said: ReferrerDescribed
    known: Known = NOTHING


Person: TypeAlias = Nobody | Child | Adult | Referrer


def decide(  # noqa: PLR0911 # a row of the table is a return
    command: PersonCommand, person: Person
) -> list[PersonEvent]:
    """Each row is something that can be learned of a person; whatever is not a row is refused."""
    match command, person:
        case IdentifyChild(case=case, family=family, said=said), Nobody():
            return [ChildIdentified(said.person, case, family), said]
        case IdentifyChild(said=said), Child() if _place(said) not in person.said:
            return [said]
        case DescribeAdult(said=said), Nobody():
            return [said]
        case DescribeReferrer(said=said), Nobody():
            return [said]
        # The same again is the same answer, so that callers may retry.
        case IdentifyChild(), Child():
            return []
        case DescribeAdult(said=said), Adult(said=held) if _same(said, held):
            return []
        case DescribeReferrer(said=said), Referrer(said=held) if _same(said, held):
            return []
        case ((IdentifyChild() | DescribeAdult() | DescribeReferrer()), _):
            raise Refusal(type(command), type(person))
        case _, (Child() | Adult() | Referrer()):
            return list(learn(command, person.known))
        case _:
            raise Refusal(type(command), type(person))


def evolve(person: Person, event: PersonEvent) -> Person:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, person:
        case ChildIdentified(person=known_as, case=case, family=family), _:
            folded: Person = Child(known_as, case, family, frozenset(), None)
        case ChildDescribed(), Child():
            known = known_child(person.known, event)
            said = person.said | {_place(event)}
            folded = replace(person, said=said, latest=event, known=known)
        case AdultDescribed(), Nobody():
            folded = Adult(event, known_adult(event))
        case ReferrerDescribed(), Nobody():
            folded = Referrer(event, known_referrer(event))
        case _, (Child() | Adult() | Referrer()) if isinstance(event, Fact):
            folded = replace(person, known=evolve_known(person.known, event))
        case _:
            folded = person
    return folded


PERSON: Decider[PersonCommand, Person, PersonEvent] = Decider(CATEGORY, Nobody(), decide, evolve)


def _place(said: ChildDescribed) -> tuple[UUID, int]:
    return said.submission, said.number


def _same(said: AdultDescribed | ReferrerDescribed, held: object) -> bool:
    """Whether it is the same person of the same submission (sealed values do not compare)."""
    return (
        isinstance(held, AdultDescribed | ReferrerDescribed)
        and said.person == held.person
        and said.submission == held.submission
    )
