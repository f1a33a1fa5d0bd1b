"""What may be learned of somebody who is there, whoever they are: a decision table of its own."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from ledger.decider import Refusal
from referrals.people.facts import (
    BecameEarlierIdentity,
    BecameOwnIdentity,
    ChannelEnded,
    ContactAllowed,
    EndReason,
    Fact,
    IdentityParted,
    Learned,
    PersonAbsorbed,
    PersonMerged,
    PersonReleased,
    PersonsRelated,
    PersonUnmerged,
    Relation,
)
from referrals.people.known import Absorbed, Alone, Earlier, Ended, Known, MergedInto, Related
from referrals.people.sides import Side

MOST = 500
"""How much may be learned of one person; more is no life but a fault."""


@dataclass(frozen=True, slots=True)
class Learn:
    """Record something that was learned."""

    said: Learned


@dataclass(frozen=True, slots=True)
class EndChannel:
    """Use a channel no more from a day on."""

    person: UUID
    record: UUID
    on: date
    reason: EndReason


@dataclass(frozen=True, slots=True)
class AllowContact:
    """Let an order not to contact somebody stand no more from a day on."""

    person: UUID
    record: UUID
    on: date


@dataclass(frozen=True, slots=True)
class PartIdentity:
    """Note that a child took a new identity on a day."""

    person: UUID
    on: date


@dataclass(frozen=True, slots=True)
class BecomeEarlierIdentity:
    """Put a whole thread on the side of before the adoption."""

    person: UUID


@dataclass(frozen=True, slots=True)
class BecomeOwnIdentity:
    """Undo that a whole thread was put on the side of before the adoption."""

    person: UUID


@dataclass(frozen=True, slots=True)
class Relate:
    """Note what another person is to this one."""

    person: UUID
    other: UUID
    relation: Relation


@dataclass(frozen=True, slots=True)
class FoldInto:
    """Have the person's readings lead to another, who is the same."""

    person: UUID
    into: UUID
    episode: UUID


@dataclass(frozen=True, slots=True)
class TakeIn:
    """Have another person's readings lead here."""

    person: UUID
    merged: UUID
    episode: UUID


@dataclass(frozen=True, slots=True)
class Unfold:
    """End a merge, on the side of the person who was merged."""

    person: UUID
    into: UUID


@dataclass(frozen=True, slots=True)
class Release:
    """End a merge, on the side of the person who was merged into."""

    person: UUID
    merged: UUID


Learning: TypeAlias = (
    Learn
    | EndChannel
    | AllowContact
    | PartIdentity
    | BecomeEarlierIdentity
    | BecomeOwnIdentity
    | Relate
    | FoldInto
    | TakeIn
    | Unfold
    | Release
)


class CannotMerge(Refusal):
    """The two cannot be made one here. It does not say why: that might tell of an identity."""


class TooMuch(Refusal):
    """More was recorded of one person than a life holds."""


class NoSuchRecord(Refusal):
    """The person has no channel, or order, of that id."""


def learn(  # noqa: C901, PLR0911 # a row of the table is a return
    command: Learning, known: Known
) -> list[Fact]:
    """Each row is something that may be learned; whatever is not a row is refused."""
    match command:
        # The same again is the same answer, so that callers may retry.
        case Learn(said=said) if said.record in known.records:
            return []
        case Learn() if len(known.records) >= MOST:
            raise TooMuch
        case Learn(said=said):
            return [said]
        case EndChannel() | AllowContact():
            return _ended(command, known)
        case PartIdentity(on=on) if known.parted_on == on or known.side is Side.BEFORE:
            return []
        case PartIdentity(person=person, on=on) if known.parted_on is None:
            return [IdentityParted(person, on)]
        case BecomeEarlierIdentity(person=person):
            return [] if known.side is Side.BEFORE else [BecameEarlierIdentity(person)]
        case BecomeOwnIdentity(person=person):
            return [BecameOwnIdentity(person)] if isinstance(known.identity, Earlier) else []
        case Relate(person=person, other=other, relation=relation) if person != other:
            held = Related(other, relation) in known.related
            return [] if held else [PersonsRelated(person, other, relation)]
        case FoldInto() | TakeIn() | Unfold() | Release():
            return _merged(command, known)
        case _:
            raise Refusal(type(command), type(known))


def _ended(command: EndChannel | AllowContact, known: Known) -> list[Fact]:
    if isinstance(command, AllowContact):
        order = next((each for each in known.forbidden if each.record == command.record), None)
        if order is None:
            raise NoSuchRecord
        if order.to_day is not None and order.to_day <= command.on:
            return []
        return [ContactAllowed(command.person, command.record, command.on)]
    channel = next((each for each in known.channels if each.record == command.record), None)
    match channel:
        case None:
            raise NoSuchRecord
        # Ended before, and for a reason: a later end takes nothing of it back.
        case _ if isinstance(channel.end, Ended) and channel.end.on <= command.on:
            return []
        case _:
            return [ChannelEnded(command.person, command.record, command.on, command.reason)]


def _merged(  # noqa: PLR0911 # a row of the table is a return
    command: FoldInto | TakeIn | Unfold | Release, known: Known
) -> list[Fact]:
    """Merge two threads of one depth: who was merged takes nobody in, who took in is not merged."""
    match command, known.standing:
        case FoldInto(into=into), MergedInto(into=held) if into == held:
            return []
        case FoldInto(person=person, into=into, episode=episode), Alone() if (
            person != into and not known.absorbed
        ):
            return [PersonMerged(person, into, episode)]
        case TakeIn(merged=merged), Alone() if _absorbed(known, merged):
            return []
        case TakeIn(person=person, merged=merged, episode=episode), Alone():
            return [PersonAbsorbed(person, merged, episode)]
        case Unfold(person=person, into=into), MergedInto(into=held, episode=episode) if (
            into == held
        ):
            return [PersonUnmerged(person, into, episode)]
        case Unfold(), Alone():
            return []
        case Release(person=person, merged=merged), _:
            held_as = _absorbed(known, merged)
            return [PersonReleased(person, merged, held_as.episode)] if held_as else []
        case _:
            raise CannotMerge


def _absorbed(known: Known, merged: UUID) -> Absorbed | None:
    return next((each for each in known.absorbed if each.merged == merged), None)
