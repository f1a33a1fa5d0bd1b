"""What is known of a person by now: folded from descriptions and from what was learned since."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from ledger.personal import Personal
from referrals.people.facts import (
    AddressRecorded,
    BecameEarlierIdentity,
    BirthDateRecorded,
    ChannelEnded,
    ChannelRecorded,
    ContactAllowed,
    ContactForbidden,
    EarlierIdentifierRecorded,
    EarlierNameRecorded,
    EndReason,
    Fact,
    ForbidReason,
    IdentifierKind,
    IdentifierRecorded,
    IdentityParted,
    Learned,
    NameKind,
    NameRecorded,
    PersonAbsorbed,
    PersonMerged,
    PersonReleased,
    PersonsRelated,
    PersonUnmerged,
    Relation,
    Way,
)
from referrals.people.sides import Side

Maybe: TypeAlias = Personal[str] | Personal[str | None]
"""A personal value that was not said of everybody."""


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name, from a day to a day. An adult described by one name has no family name apart."""

    record: UUID
    side: Side
    kind: NameKind
    from_day: date | None
    to_day: date | None
    given_name: Personal[str]
    family_name: Maybe


@dataclass(frozen=True, slots=True)
class KnownIdentifier:
    """A number that others know the person by."""

    record: UUID
    side: Side
    kind: IdentifierKind
    value: Personal[str]


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """A home, from a day to a day."""

    record: UUID
    side: Side
    from_day: date | None
    to_day: date | None
    protected_address: bool
    address_lines: Personal[str]
    town: Personal[str]
    postcode: Personal[str]


@dataclass(frozen=True, slots=True)
class Open:
    """A channel that nobody ended."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A channel that may not be used from a day on."""

    on: date
    reason: EndReason


@dataclass(frozen=True, slots=True)
class KnownChannel:
    """A way to reach the person; `purposes` none: for all."""

    record: UUID
    way: Way
    purposes: tuple[str, ...]
    from_day: date | None
    to_day: date | None
    do_not_leave_voicemail: bool
    value: Maybe
    safe_times: Maybe
    end: Open | Ended


@dataclass(frozen=True, slots=True)
class Forbidden:
    """An order not to contact the person; `purposes` none: for any."""

    record: UUID
    purposes: tuple[str, ...]
    from_day: date
    to_day: date | None
    reason: ForbidReason


@dataclass(frozen=True, slots=True)
class Alone:
    """The thread is a person's own."""


@dataclass(frozen=True, slots=True)
class MergedInto:
    """The thread is read as another's."""

    into: UUID
    episode: UUID


@dataclass(frozen=True, slots=True)
class Absorbed:
    """Another thread that is read as this one."""

    merged: UUID
    episode: UUID


@dataclass(frozen=True, slots=True)
class Related:
    """What another person is to this one."""

    other: UUID
    relation: Relation


Standing: TypeAlias = Alone | MergedInto


@dataclass(frozen=True, slots=True)
class Known:
    """Everything in the order in which it was recorded. `side`: of what is yet to be learned."""

    records: frozenset[UUID] = frozenset()
    side: Side = Side.AFTER
    parted_on: date | None = None
    names: tuple[KnownName, ...] = ()
    births: tuple[Personal[str], ...] = ()
    identifiers: tuple[KnownIdentifier, ...] = ()
    addresses: tuple[KnownAddress, ...] = ()
    channels: tuple[KnownChannel, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    related: tuple[Related, ...] = ()
    standing: Standing = Alone()
    absorbed: tuple[Absorbed, ...] = ()


NOTHING = Known()


def evolve_known(  # noqa: PLR0911 # a row of the table is a return
    known: Known, fact: Fact
) -> Known:
    """Fold one fact. Facts are past: this never refuses."""
    match fact:
        case ChannelEnded() | ContactAllowed():
            return _ended(known, fact)
        case IdentityParted(on=on):
            return replace(_all_on(known, Side.BEFORE), parted_on=on)
        case BecameEarlierIdentity():
            return replace(_all_on(known, Side.BEFORE), side=Side.BEFORE)
        case PersonsRelated(other=other, relation=relation):
            return replace(known, related=(*known.related, Related(other, relation)))
        case PersonMerged(into=into, episode=episode):
            return replace(known, standing=MergedInto(into, episode))
        case PersonUnmerged():
            return replace(known, standing=Alone())
        case PersonAbsorbed(merged=merged, episode=episode):
            return replace(known, absorbed=(*known.absorbed, Absorbed(merged, episode)))
        case PersonReleased(episode=episode):
            left = tuple(each for each in known.absorbed if each.episode != episode)
            return replace(known, absorbed=left)
        case _:
            return _learned(replace(known, records=known.records | {fact.record}), fact)


def _learned(  # noqa: PLR0911 # a row of the table is a return
    known: Known, fact: Learned
) -> Known:
    match fact:
        case NameRecorded(kind=kind):
            return with_name(known, _name(fact, known.side, kind))
        case EarlierNameRecorded():
            return with_name(known, _name(fact, Side.BEFORE, NameKind.BIRTH))
        case BirthDateRecorded(date_of_birth=born):
            return replace(known, births=(*known.births, born))
        case IdentifierRecorded(record=record, kind=of, value=value):
            held = KnownIdentifier(record, known.side, of, value)
            return replace(known, identifiers=(*known.identifiers, held))
        case EarlierIdentifierRecorded(record=record, kind=of, value=value):
            held = KnownIdentifier(record, Side.BEFORE, of, value)
            return replace(known, identifiers=(*known.identifiers, held))
        case AddressRecorded():
            return with_address(known, _address(fact, known.side))
        case ChannelRecorded():
            return with_channel(known, _channel(fact))
        case ContactForbidden(record=record, purposes=purposes, reason=reason):
            order = Forbidden(record, purposes, fact.from_day, fact.to_day, reason)
            return replace(known, forbidden=(*known.forbidden, order))
        case _:
            assert_never(fact)


def with_name(known: Known, name: KnownName) -> Known:
    """Return what is known with a name more."""
    return replace(known, names=(*known.names, name))


def with_address(known: Known, address: KnownAddress) -> Known:
    """Return what is known with an address more."""
    return replace(known, addresses=(*known.addresses, address))


def with_channel(known: Known, channel: KnownChannel) -> Known:
    """Return what is known with a channel more."""
    return replace(known, channels=(*known.channels, channel))


def _name(fact: NameRecorded | EarlierNameRecorded, side: Side, kind: NameKind) -> KnownName:
    return KnownName(
        record=fact.record,
        side=side,
        kind=kind,
        from_day=fact.from_day,
        to_day=fact.to_day,
        given_name=fact.given_name,
        family_name=fact.family_name,
    )


def _address(fact: AddressRecorded, side: Side) -> KnownAddress:
    return KnownAddress(
        record=fact.record,
        side=side,
        from_day=fact.from_day,
        to_day=fact.to_day,
        protected_address=fact.protected_address,
        address_lines=fact.address_lines,
        town=fact.town,
        postcode=fact.postcode,
    )


def _channel(fact: ChannelRecorded) -> KnownChannel:
    return KnownChannel(
        record=fact.record,
        way=fact.way,
        purposes=fact.purposes,
        from_day=fact.from_day,
        to_day=fact.to_day,
        do_not_leave_voicemail=fact.do_not_leave_voicemail,
        value=fact.value,
        safe_times=fact.safe_times,
        end=Open(),
    )


def _ended(known: Known, fact: ChannelEnded | ContactAllowed) -> Known:
    if isinstance(fact, ChannelEnded):
        end = Ended(fact.on, fact.reason)
        channels = tuple(
            replace(each, end=end) if each.record == fact.record else each
            for each in known.channels
        )
        return replace(known, channels=channels)
    forbidden = tuple(
        replace(each, to_day=fact.on) if each.record == fact.record else each
        for each in known.forbidden
    )
    return replace(known, forbidden=forbidden)


def _all_on(known: Known, side: Side) -> Known:
    """Put all that is known on a side; dates of birth are both identities'."""
    return replace(
        known,
        names=tuple(replace(each, side=side) for each in known.names),
        identifiers=tuple(replace(each, side=side) for each in known.identifiers),
        addresses=tuple(replace(each, side=side) for each in known.addresses),
    )
