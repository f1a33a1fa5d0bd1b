"""What is learned of a person in the course of a life: names, numbers, addresses, safe channels.

Whatever belongs to a child's identity before adoption is sealed as pre-adoption link, a block of
its own that no role opens without a break-glass: the link between both identities is the most
secret datum that there is.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn

Identity: TypeAlias = Annotated[Personal[str], SealedIn(Block.IDENTITY, of="person")]
Link: TypeAlias = Annotated[Personal[str], SealedIn(Block.PRE_ADOPTION_LINK, of="person")]
Address: TypeAlias = Annotated[Personal[str], SealedIn(Block.ADDRESS, of="person")]
Contact: TypeAlias = Annotated[Personal[str], SealedIn(Block.CONTACT, of="person")]
MaybeContact: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.CONTACT, of="person")]


class NameKind(StrEnum):
    """How a name came to be somebody's. DESCRIBED: a submission says so."""

    BIRTH = "birth"
    ADOPTIVE = "adoptive"
    CHANGED = "changed"
    KNOWN_AS = "known-as"
    DESCRIBED = "described"


class IdentifierKind(StrEnum):
    """Whose number it is. CASE_NUMBER: of somebody else's records."""

    NHS_NUMBER = "nhs-number"
    UPN = "upn"
    CASE_NUMBER = "case-number"


class Way(StrEnum):
    """How somebody may be reached."""

    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"


class EndReason(StrEnum):
    """Why a channel may no longer be used."""

    MOVED = "moved"
    UNSAFE = "unsafe"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    NOT_WORKING = "not-working"


class ForbidReason(StrEnum):
    """Why somebody must not be contacted."""

    ASKED = "asked"
    COURT_ORDER = "court-order"
    SAFETY = "safety"
    DECEASED = "deceased"


class Relation(StrEnum):
    """What one person is to another, where each may know of the other."""

    SIBLING = "sibling"
    TWIN = "twin"
    PARENT = "parent"
    CHILD = "child"
    CARER = "carer"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class NameRecorded:
    """A person has, or had, a name. Days are included; None is open."""

    person: UUID
    record: UUID
    kind: NameKind
    from_day: date | None
    to_day: date | None
    given_name: Identity
    family_name: Identity


@dataclass(frozen=True, slots=True)
class EarlierNameRecorded:
    """A child had a name before adoption; nobody who knows the identity in use is shown it."""

    person: UUID
    record: UUID
    from_day: date | None
    to_day: date | None
    given_name: Link
    family_name: Link


@dataclass(frozen=True, slots=True)
class BirthDateRecorded:
    """A person's date of birth, set right; both identities have the same."""

    person: UUID
    record: UUID
    birth_month: str
    date_of_birth: Identity


@dataclass(frozen=True, slots=True)
class IdentifierRecorded:
    """A person is known elsewhere by a number, which was valid in form."""

    person: UUID
    record: UUID
    kind: IdentifierKind
    value: Identity


@dataclass(frozen=True, slots=True)
class EarlierIdentifierRecorded:
    """A child had a number before adoption: the old NHS number is never matched, never shown."""

    person: UUID
    record: UUID
    kind: IdentifierKind
    value: Link


@dataclass(frozen=True, slots=True)
class AddressRecorded:
    """A person lives, or lived, at an address. Days are included; None is open."""

    person: UUID
    record: UUID
    from_day: date | None
    to_day: date | None
    protected_address: bool
    address_lines: Address
    town: Address
    postcode: Address


@dataclass(frozen=True, slots=True)
class ChannelRecorded:
    """A person may safely be reached in a way, for some purposes (none named: for all).

    Of one way and purpose the newest channel stands, and an earlier one is superseded by it.
    """

    person: UUID
    record: UUID
    way: Way
    purposes: tuple[str, ...]
    from_day: date | None
    to_day: date | None
    do_not_leave_voicemail: bool
    value: Contact
    safe_times: MaybeContact


@dataclass(frozen=True, slots=True)
class ChannelEnded:
    """From a day on a channel must not be used; `record` is the channel's."""

    person: UUID
    record: UUID
    on: date
    reason: EndReason


@dataclass(frozen=True, slots=True)
class ContactForbidden:
    """A person must not be contacted, for some purposes (none named: for any)."""

    person: UUID
    record: UUID
    purposes: tuple[str, ...]
    from_day: date
    to_day: date | None
    reason: ForbidReason


@dataclass(frozen=True, slots=True)
class ContactAllowed:
    """From a day on an order not to contact somebody, `record`, no longer stands."""

    person: UUID
    record: UUID
    on: date


@dataclass(frozen=True, slots=True)
class IdentityParted:
    """A child took a new identity: what was known until now belongs to before the adoption."""

    person: UUID
    on: date


@dataclass(frozen=True, slots=True)
class BecameEarlierIdentity:
    """A whole thread turned out to be a child's identity before adoption, now and hereafter."""

    person: UUID


@dataclass(frozen=True, slots=True)
class BecameOwnIdentity:
    """A thread was no child's identity before adoption: it is as if that had never been found."""

    person: UUID


@dataclass(frozen=True, slots=True)
class PersonsRelated:
    """A person is something to another."""

    person: UUID
    other: UUID
    relation: Relation


@dataclass(frozen=True, slots=True)
class PersonMerged:
    """The person was found to be the same as another, whose thread is read in its place."""

    person: UUID
    into: UUID
    episode: UUID


@dataclass(frozen=True, slots=True)
class PersonAbsorbed:
    """Another person was found to be this one; that thread's readings lead here."""

    person: UUID
    merged: UUID
    episode: UUID


@dataclass(frozen=True, slots=True)
class PersonUnmerged:
    """A merge was a mistake: the person is somebody again, as if it had never been."""

    person: UUID
    into: UUID
    episode: UUID


@dataclass(frozen=True, slots=True)
class PersonReleased:
    """A merge was a mistake: the other person's readings no longer lead here."""

    person: UUID
    merged: UUID
    episode: UUID


Learned: TypeAlias = (
    NameRecorded
    | EarlierNameRecorded
    | BirthDateRecorded
    | IdentifierRecorded
    | EarlierIdentifierRecorded
    | AddressRecorded
    | ChannelRecorded
    | ContactForbidden
)
"""What may be learned of anybody at any time."""

Fact: TypeAlias = (
    Learned
    | ChannelEnded
    | ContactAllowed
    | IdentityParted
    | BecameEarlierIdentity
    | BecameOwnIdentity
    | PersonsRelated
    | PersonMerged
    | PersonAbsorbed
    | PersonUnmerged
    | PersonReleased
)
