"""What a submission says of a child, of an adult of the family, of whoever refers."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn

Identity: TypeAlias = Annotated[Personal[str], SealedIn(Block.IDENTITY, of="person")]
MaybeIdentity: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.IDENTITY, of="person")]
Address: TypeAlias = Annotated[Personal[str], SealedIn(Block.ADDRESS, of="person")]
MaybeContact: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.CONTACT, of="person")]


@dataclass(frozen=True, slots=True)
class ChildDescribed:
    """What one submission says of a child. `number` is the child's place in it, from 1."""

    person: UUID
    submission: UUID
    number: int
    given_name: Identity
    family_name: Identity
    date_of_birth: Identity
    # Year and month, for age without the day.
    birth_month: str
    sex: str
    ethnicity: str
    interpreter: MaybeContact
    lives_in: str
    address_lines: Address
    town: Address
    postcode: Address
    protected_address: bool
    # Codes that are not ours, as given: `field=code` a line.
    codes_as_given: MaybeIdentity


@dataclass(frozen=True, slots=True)
class AdultDescribed:
    """What a submission says of an adult of the family, and how to reach them safely."""

    person: UUID
    submission: UUID
    number: int
    family: UUID
    name: Identity
    role: str
    parental_responsibility: bool
    email: MaybeContact
    phone: MaybeContact
    contact_preference: str
    safe_times: MaybeContact
    do_not_leave_voicemail: bool
    lives_in: str
    address_lines: Address
    town: Address
    postcode: Address
    protected_address: bool
    codes_as_given: MaybeIdentity


@dataclass(frozen=True, slots=True)
class ReferrerDescribed:
    """What a submission says of whoever referred."""

    person: UUID
    submission: UUID
    family: UUID
    kind: str
    name: Identity
    organisation: MaybeIdentity
    email: MaybeContact
    phone: MaybeContact
    codes_as_given: MaybeIdentity
