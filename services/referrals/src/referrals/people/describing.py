"""What a description adds to what is known of a person: the first name, home and ways."""

from dataclasses import replace
from uuid import UUID, uuid5

from ledger.personal import Personal, Plain
from referrals.people.facts import NameKind, Way
from referrals.people.known import (
    NOTHING,
    Earlier,
    Known,
    KnownAddress,
    KnownChannel,
    KnownName,
    Maybe,
    Open,
    with_address,
    with_channel,
    with_name,
)
from referrals.people.said import AdultDescribed, ChildDescribed, ReferrerDescribed

_NOT_SAID: Personal[str | None] = Plain(None)


def known_child(known: Known, said: ChildDescribed) -> Known:
    """Add what a submission says of a child, who is written to by nobody."""
    name = KnownName(
        record=said.submission,
        side=known.side,
        kind=NameKind.DESCRIBED,
        from_day=None,
        to_day=None,
        given_name=said.given_name,
        family_name=said.family_name,
    )
    named = with_address(with_name(known, name), _address(said, known))
    described = replace(named, births=(*known.births, said.date_of_birth))
    if isinstance(known.identity, Earlier):
        otherwise = known_child(known.identity.otherwise, said)
        return replace(described, identity=Earlier(otherwise))
    return described


def known_adult(said: AdultDescribed) -> Known:
    """Return what is known of an adult who was described."""
    known = _with_ways(NOTHING, said, said.safe_times, voicemail=not said.do_not_leave_voicemail)
    return with_address(known, _address(said, known))


def known_referrer(said: ReferrerDescribed) -> Known:
    """Return what is known of a referrer who was described."""
    return _with_ways(NOTHING, said, _NOT_SAID, voicemail=True)


def _with_ways(
    known: Known,
    said: "AdultDescribed | ReferrerDescribed",
    safe_times: Maybe,
    *,
    voicemail: bool,
) -> Known:
    name = KnownName(
        record=said.submission,
        side=known.side,
        kind=NameKind.DESCRIBED,
        from_day=None,
        to_day=None,
        given_name=said.name,
        family_name=_NOT_SAID,
    )
    for way, value in ((Way.EMAIL, said.email), (Way.PHONE, said.phone)):
        if value == _NOT_SAID:
            continue
        channel = KnownChannel(
            record=described_channel(said.person, way),
            way=way,
            purposes=(),
            from_day=None,
            to_day=None,
            do_not_leave_voicemail=not voicemail,
            value=value,
            safe_times=safe_times,
            end=Open(),
        )
        known = with_channel(known, channel)
    return with_name(known, name)


def described_channel(person: UUID, way: Way) -> UUID:
    """Return the id of the channel that a submission described, to end it by."""
    return uuid5(person, way.value)


def _address(said: "ChildDescribed | AdultDescribed", known: Known) -> KnownAddress:
    return KnownAddress(
        record=said.submission,
        side=known.side,
        from_day=None,
        to_day=None,
        protected_address=said.protected_address,
        address_lines=said.address_lines,
        town=said.town,
        postcode=said.postcode,
    )
