"""What is known of a person by now, from descriptions and from what was learned since."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias
from uuid import UUID

from ledger.personal import Personal
from referrals.people.facts import (
    EndReason,
    ForbidReason,
    IdentifierKind,
    NameKind,
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
class InUse:
    """The thread is the identity that somebody has."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The thread is an identity before adoption. `otherwise`: as if that had never been found."""

    otherwise: "Known"


Identity: TypeAlias = InUse | Earlier


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
    identity: Identity = InUse()


NOTHING = Known()


def with_name(known: Known, name: KnownName) -> Known:
    """Return what is known with a name more."""
    return replace(known, names=(*known.names, name))


def with_address(known: Known, address: KnownAddress) -> Known:
    """Return what is known with an address more."""
    return replace(known, addresses=(*known.addresses, address))


def with_channel(known: Known, channel: KnownChannel) -> Known:
    """Return what is known with a channel more."""
    return replace(known, channels=(*known.channels, channel))
