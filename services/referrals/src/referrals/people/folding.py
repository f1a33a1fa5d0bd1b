"""How what is known of a person follows from what was learned: each fact folded, none refused."""

from dataclasses import replace
from typing import assert_never

from referrals.people.facts import (
    AddressRecorded,
    BecameEarlierIdentity,
    BecameOwnIdentity,
    BirthDateRecorded,
    ChannelEnded,
    ChannelRecorded,
    ContactAllowed,
    ContactForbidden,
    EarlierIdentifierRecorded,
    EarlierNameRecorded,
    Fact,
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
)
from referrals.people.known import (
    Absorbed,
    Alone,
    Earlier,
    Ended,
    Forbidden,
    InUse,
    Known,
    KnownAddress,
    KnownChannel,
    KnownIdentifier,
    KnownName,
    MergedInto,
    Open,
    Related,
    with_address,
    with_channel,
    with_name,
)
from referrals.people.sides import Side


def evolve_known(known: Known, fact: Fact) -> Known:
    """Fold one fact. Facts are past: this never refuses.

    Of an identity before adoption all is folded twice, so that what was found can be undone.
    """
    match fact, known.identity:
        case BecameEarlierIdentity(), InUse():
            return replace(_all_on(known, Side.BEFORE), side=Side.BEFORE, identity=Earlier(known))
        case BecameOwnIdentity(), Earlier(otherwise=otherwise):
            return otherwise
        case _, Earlier(otherwise=otherwise):
            identity = Earlier(evolve_known(otherwise, fact))
            return replace(_evolve(known, fact), identity=identity)
        case _:
            return _evolve(known, fact)


def _evolve(  # noqa: PLR0911 # a row of the table is a return
    known: Known, fact: Fact
) -> Known:
    match fact:
        case ChannelEnded() | ContactAllowed():
            return _ended(known, fact)
        case IdentityParted(on=on):
            return replace(_all_on(known, Side.BEFORE), parted_on=on)
        case BecameEarlierIdentity() | BecameOwnIdentity():
            return known
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
