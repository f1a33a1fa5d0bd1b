"""Which facts about people go along with a case: the minimum by which the family is safely reached.

Along go the name, the birth date and the home in use, each channel that decides how somebody is
reached, and every order not to contact somebody. A channel that is ended goes without its value,
so that nothing earlier is fallen back on there either. The numbers of health and education go with
the assessment, which is where those were asked. An identity before adoption never goes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

from ledger.personal import Personal, Plain
from referrals.people.contact import Blocked, deciding, home_of, standing
from referrals.people.describing import described_channel
from referrals.people.facts import (
    AddressRecorded,
    ChannelEnded,
    ChannelRecorded,
    ContactForbidden,
    IdentifierKind,
    IdentifierRecorded,
    NameRecorded,
    Way,
)
from referrals.people.known import Ended, Forbidden, Known, KnownAddress, KnownChannel, KnownName
from referrals.people.person import Adult, Child
from referrals.people.said import AdultDescribed, ChildDescribed
from referrals.people.showing import fields_shown, visible
from referrals.people.sides import Side

WITH_NUMBERS: Final = "assessment"
"""The part of a record with which the numbers of health and education go."""

NOTHING: Final[Plain[str | None]] = Plain(None)
_UNSAID: Final = Plain("")
_NUMBERS: Final = (IdentifierKind.NHS_NUMBER, IdentifierKind.UPN)

Brought: TypeAlias = (
    AddressRecorded
    | ChannelRecorded
    | ChannelEnded
    | ContactForbidden
    | IdentifierRecorded
    | NameRecorded
)
Described: TypeAlias = ChildDescribed | AdultDescribed


@dataclass(frozen=True, slots=True)
class Member:
    """One of the people, as they are to be known at the other authority."""

    described: Described
    facts: tuple[Brought, ...]


@dataclass(frozen=True, slots=True)
class Going:
    """With which case they go, on what day, and which parts of its record do."""

    transfer: UUID
    family: UUID
    day: date
    parts: tuple[str, ...]


def child_going(going: Going, person: UUID, child: Child) -> Member | None:
    """Return what goes along of a child; None where nothing is known of the identity in use."""
    shown, latest = fields_shown(child, Side.AFTER), child.latest
    if latest is None or "given_name" not in shown or "date_of_birth" not in shown:
        return None
    home = home_of(child.known, going.day)
    described = ChildDescribed(
        person=person,
        submission=going.transfer,
        number=1,
        given_name=shown["given_name"],
        family_name=shown["family_name"],
        date_of_birth=shown["date_of_birth"],
        birth_month=latest.birth_month,
        sex=latest.sex,
        ethnicity=latest.ethnicity,
        interpreter=shown.get("interpreter", NOTHING),
        lives_in=latest.lives_in,
        **_address(home),
        codes_as_given=NOTHING,
    )
    carried = deciding(child.known, going.day)
    numbers = _numbers(person, child) if WITH_NUMBERS in going.parts else ()
    facts = (*_facts(going, person, child.known, carried), *numbers)
    return Member(described, facts)


def adult_going(going: Going, number: int, person: UUID, adult: Adult) -> Member | None:
    """Return what goes along of an adult; None where nothing is known of the identity in use."""
    seen, said = visible(adult.known, Side.AFTER), adult.said
    if seen.name is None:
        return None
    carried = deciding(adult.known, going.day)
    first = {way: _as_described(said, way, carried) for way in (Way.EMAIL, Way.PHONE)}
    described = AdultDescribed(
        person=person,
        submission=going.transfer,
        number=number,
        family=going.family,
        name=seen.name.given_name,
        role=said.role,
        parental_responsibility=said.parental_responsibility,
        email=said.email if first[Way.EMAIL] else NOTHING,
        phone=said.phone if first[Way.PHONE] else NOTHING,
        contact_preference=said.contact_preference,
        safe_times=said.safe_times if any(first.values()) else NOTHING,
        do_not_leave_voicemail=said.do_not_leave_voicemail,
        lives_in=said.lives_in,
        **_address(home_of(adult.known, going.day)),
        codes_as_given=NOTHING,
    )
    left = [each for each in carried if each not in first.values()]
    facts = _facts(going, person, adult.known, left)
    return Member(described, (*_name(person, seen.name), *facts))


def _name(person: UUID, name: KnownName) -> Iterator[NameRecorded]:
    """Return a name that was recorded since; a description says an adult's in one."""
    if name.family_name != NOTHING:
        given, family = name.given_name, cast("Personal[str]", name.family_name)
        yield NameRecorded(
            person, name.record, name.kind, name.from_day, name.to_day, given, family
        )


def _as_described(
    said: AdultDescribed, way: Way, carried: Iterable[KnownChannel]
) -> KnownChannel | None:
    """Return the channel that a description brought, where it goes along and is not ended."""
    record = described_channel(said.person, way)
    found = (each for each in carried if each.record == record)
    return next((each for each in found if not isinstance(each.end, Ended)), None)


def _address(home: KnownAddress | None) -> dict[str, Any]:
    """Return the home to describe; where none is known, nothing is ever posted."""
    if home is None:
        unsaid = dict.fromkeys(("address_lines", "town", "postcode"), _UNSAID)
        return unsaid | {"protected_address": True}
    return {
        "address_lines": home.address_lines,
        "town": home.town,
        "postcode": home.postcode,
        "protected_address": home.protected_address,
    }


def _facts(
    going: Going, person: UUID, known: Known, channels: Iterable[KnownChannel]
) -> tuple[Brought, ...]:
    return (
        *_homes(going, person, known),
        *(fact for each in channels for fact in _channel(going, person, each)),
        *orders(person, known, going.day),
    )


def _homes(going: Going, person: UUID, known: Known) -> Iterator[AddressRecorded]:
    """Return the homes that a description cannot say: one that runs out, and those yet to come.

    What was recorded before the home in use is never lived in again.
    """
    home = home_of(known, going.day)
    homes = visible(known, Side.AFTER).addresses
    for each in homes[homes.index(home) if home else 0 :]:
        ahead = each.from_day is not None and each.from_day > going.day
        if ahead or (each is home and each.to_day is not None):
            yield AddressRecorded(
                person=person,
                record=each.record,
                from_day=each.from_day,
                to_day=each.to_day,
                protected_address=each.protected_address,
                address_lines=each.address_lines,
                town=each.town,
                postcode=each.postcode,
            )


def _channel(
    going: Going, person: UUID, channel: KnownChannel
) -> Iterator[ChannelRecorded | ChannelEnded]:
    """Return a channel, and its end; what is over goes without the value that nobody may use."""
    over = isinstance(standing(channel, going.day), Blocked)
    value: Personal[Any] = _UNSAID if over else channel.value
    times: Personal[Any] = NOTHING if over else channel.safe_times
    yield ChannelRecorded(
        person=person,
        record=channel.record,
        way=channel.way,
        purposes=channel.purposes,
        from_day=channel.from_day,
        to_day=channel.to_day,
        do_not_leave_voicemail=channel.do_not_leave_voicemail,
        value=value,
        safe_times=times,
    )
    if isinstance(channel.end, Ended):
        yield ChannelEnded(person, channel.record, channel.end.on, channel.end.reason)


def orders(person: UUID, known: Known, day: date) -> tuple[ContactForbidden, ...]:
    """Return the orders not to contact somebody that stand, or are to stand from a later day."""
    return tuple(_order(person, each) for each in known.forbidden if _stands(each, day))


def _stands(order: Forbidden, day: date) -> bool:
    return order.to_day is None or day < order.to_day


def _order(person: UUID, order: Forbidden) -> ContactForbidden:
    return ContactForbidden(
        person, order.record, order.purposes, order.from_day, order.to_day, order.reason
    )


def _numbers(person: UUID, child: Child) -> Sequence[IdentifierRecorded]:
    """Return the numbers that go; what number others' records have stays."""
    return [
        IdentifierRecorded(person, each.record, each.kind, each.value)
        for each in visible(child.known, Side.AFTER).identifiers
        if each.kind in _NUMBERS
    ]
