"""Which streams a command about people touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from chassis.failures import NotFound
from ledger.commands import Claim
from ledger.decider import Refusal
from ledger.personal import Personal
from referrals.people.facts import Relation
from referrals.people.known import MergedInto
from referrals.people.learning import (
    AllowContact,
    BecomeEarlierIdentity,
    BecomeOwnIdentity,
    CannotMerge,
    EndChannel,
    FoldInto,
    Learn,
    PartIdentity,
    Relate,
    Release,
    TakeIn,
    Unfold,
)
from referrals.people.link import LINK, LINK_CLAIM, LinkIdentities, UnlinkIdentities
from referrals.people.match import (
    MATCH,
    ConfirmMatch,
    Difference,
    Pair,
    ProposeMatch,
    Rejected,
    RejectMatch,
)
from referrals.people.person import PERSON, Adult, Child, Nobody, Referrer
from referrals.people.scoring import Reason
from referrals.people.sides import Side
from referrals.streams import link_stream, match_stream, person_stream

Somebody = Child | Adult | Referrer

# What the person is to the other, where the other is this to the person.
_OTHER_WAY: Final = {
    Relation.PARENT: Relation.CHILD,
    Relation.CHILD: Relation.PARENT,
    Relation.CARER: Relation.CHILD,
}


class StillMerged(Refusal):
    """Two people who are merged cannot be told apart: the merge is ended first."""


class CannotLink(Refusal):
    """The two cannot be linked so. It does not say why: that might tell of an identity."""


@dataclass(frozen=True, slots=True)
class RelatePersons:
    """Note on both what the other is to the person."""

    person: UUID
    other: UUID
    relation: Relation


@dataclass(frozen=True, slots=True)
class LinkTwoIdentities:
    """Note that two threads are a child before and after adoption; `keys`: their blind indexes."""

    link: UUID
    before: UUID
    after: UUID
    named: tuple[Personal[str], Personal[str]]
    keys: tuple[str, str]


@dataclass(frozen=True, slots=True)
class UnlinkTwoIdentities:
    """End the link of two threads that are not one child's; `keys`: their blind indexes."""

    before: UUID
    after: UUID
    keys: tuple[str, str]


@dataclass(frozen=True, slots=True)
class MergePersons:
    """Have a person's readings lead to another; `keys`: their blind indexes for a link."""

    person: UUID
    into: UUID
    episode: UUID
    keys: tuple[str, str]
    words: Personal[str | None]


@dataclass(frozen=True, slots=True)
class UnmergePersons:
    """End a merge, although some reasons speak for the two being one."""

    person: UUID
    into: UUID
    reasons: tuple[Reason, ...]
    words: Personal[str | None]


async def _learn(command: Any, situation: Situation) -> Sequence[Step]:
    person = command.said.person if isinstance(command, Learn) else command.person
    state = await _somebody(person, situation)
    if isinstance(command, PartIdentity) and not isinstance(state, Child):
        raise CannotLink
    return [_step(person, state, command)]


async def _decide_match(command: Any, situation: Situation) -> Sequence[Step]:
    pair: Pair = command.pair
    await situation.look(
        {person_stream(each): PERSON for each in (pair.one, pair.other)}
        | {match_stream(pair): MATCH}
    )
    one = await _somebody(pair.one, situation)
    other = await _somebody(pair.other, situation)
    if isinstance(command, RejectMatch) and _are_merged(pair, one, other):
        raise StillMerged
    return [_match_step(pair, command)]


async def _relate(command: RelatePersons, situation: Situation) -> Sequence[Step]:
    if command.person == command.other:
        raise CannotLink
    one = await _somebody(command.person, situation)
    other = await _somebody(command.other, situation)
    back = _OTHER_WAY.get(command.relation, command.relation)
    return [
        _step(command.person, one, Relate(command.person, command.other, command.relation)),
        _step(command.other, other, Relate(command.other, command.person, back)),
    ]


async def _link(command: LinkTwoIdentities, situation: Situation) -> Sequence[Step]:
    """Link the two; the identity after adoption is not touched, so that nothing names both."""
    before = await _somebody(command.before, situation)
    after = await _somebody(command.after, situation)
    pair = Pair.of(command.before, command.after)
    holders = [await situation.holder(Claim(LINK_CLAIM, each)) for each in command.keys]
    both = isinstance(before, Child) and isinstance(after, Child)
    merged = _are_merged(pair, before, after)
    if command.before == command.after or not both or merged or after.known.side is Side.BEFORE:
        raise CannotLink
    if holders[0] != holders[1]:
        # One of them is linked with somebody else already.
        raise CannotLink
    stream = holders[0] or link_stream(command.link)
    decided = LinkIdentities(command.link, *command.named)
    return [
        Step(LINK, stream, decided, take=tuple(Claim(LINK_CLAIM, each) for each in command.keys)),
        _step(command.before, before, BecomeEarlierIdentity(command.before)),
    ]


async def _unlink(command: UnlinkTwoIdentities, situation: Situation) -> Sequence[Step]:
    """End the link, if there is one, and with it all that it meant for the thread of before."""
    before = await _somebody(command.before, situation)
    await _somebody(command.after, situation)
    claims = [Claim(LINK_CLAIM, each) for each in command.keys]
    stream, other = [await situation.holder(each) for each in claims]
    if stream != other or command.before == command.after:
        raise CannotLink
    if before.known.absorbed or isinstance(before.known.standing, MergedInto):
        raise StillMerged
    own = _step(command.before, before, BecomeOwnIdentity(command.before))
    if stream is None:
        return [own]
    if before.known.side is not Side.BEFORE:
        # It is the other that is the identity before adoption.
        raise CannotLink
    return [Step(LINK, stream, UnlinkIdentities(), release=tuple(claims)), own]


async def _merge(command: MergePersons, situation: Situation) -> Sequence[Step]:
    person = await _somebody(command.person, situation)
    into = await _somebody(command.into, situation)
    pair = Pair.of(command.person, command.into)
    match = await situation.state(MATCH, match_stream(pair))
    holders = [await situation.holder(Claim(LINK_CLAIM, each)) for each in command.keys]
    linked = holders[0] is not None and holders[0] == holders[1]
    alike = isinstance(person, Child) == isinstance(into, Child)
    apart = person.known.side is not into.known.side
    if linked or apart or not alike or isinstance(match, Rejected):
        raise CannotMerge
    return [
        _step(command.person, person, FoldInto(command.person, command.into, command.episode)),
        _step(command.into, into, TakeIn(command.into, command.person, command.episode)),
        _match_step(pair, ConfirmMatch(pair, command.words)),
    ]


async def _unmerge(command: UnmergePersons, situation: Situation) -> Sequence[Step]:
    person = await _somebody(command.person, situation)
    into = await _somebody(command.into, situation)
    pair = Pair.of(command.person, command.into)
    steps = [
        _step(command.person, person, Unfold(command.person, command.into)),
        _step(command.into, into, Release(command.into, command.person)),
    ]
    if _are_merged(pair, person, into):
        apart = RejectMatch(pair, Difference.OTHER, command.reasons, command.words)
        steps.append(_match_step(pair, apart))
    return steps


COMMANDS: Mapping[type, Compose] = {
    **dict.fromkeys((Learn, EndChannel, AllowContact, PartIdentity), _learn),
    **dict.fromkeys((ProposeMatch, ConfirmMatch, RejectMatch), _decide_match),
    RelatePersons: _relate,
    LinkTwoIdentities: _link,
    UnlinkTwoIdentities: _unlink,
    MergePersons: _merge,
    UnmergePersons: _unmerge,
}


async def _somebody(person: UUID, situation: Situation) -> Somebody:
    state = await situation.state(PERSON, person_stream(person))
    if isinstance(state, Nobody):
        raise NotFound("person")
    return state


def _step(person: UUID, state: Somebody, command: object) -> Step:
    case_id = state.case if isinstance(state, Child) else None
    stream = person_stream(person)
    return Step(PERSON, stream, command, case_id=case_id, subjects=(person,))


def _match_step(pair: Pair, command: object) -> Step:
    return Step(MATCH, match_stream(pair), command, subjects=(pair.one, pair.other))


def _are_merged(pair: Pair, one: Somebody, other: Somebody) -> bool:
    """Whether one of the two, in whichever order, is read as the other."""
    both = (pair.one, pair.other)
    standings = (one.known.standing, other.known.standing)
    return any(isinstance(each, MergedInto) and each.into in both for each in standings)
