"""The wall between two identities: what is not labelled for a reader is refused, not left out."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.roles import Role
from ledger.personal import Block, Plain
from ledger.registry import personal_fields
from referrals.people.facts import (
    BecameEarlierIdentity,
    EarlierIdentifierRecorded,
    EarlierNameRecorded,
    IdentifierKind,
    IdentifierRecorded,
    IdentityParted,
    NameKind,
    NameRecorded,
)
from referrals.people.folding import evolve_known
from referrals.people.known import NOTHING, Known, KnownName, with_name
from referrals.people.link import IdentitiesLinked
from referrals.people.showing import reader_side, visible, words_are_shown
from referrals.people.sides import OtherSide, Side, known_to, shown_to
from referrals.people.traits import opened_traits, sealed_traits

GAIL = UUID(int=1)
DAY = date(2025, 3, 14)


def called(family_name: str, side: Side) -> KnownName:
    return KnownName(
        UUID(int=9), side, NameKind.CHANGED, None, None, Plain("Gail"), Plain(family_name)
    )


@given(st.lists(st.sampled_from(Side)), st.sampled_from(Side))
def test_nothing_of_the_other_side_is_ever_shown(sides: list[Side], reader: Side) -> None:
    names = [called("Moss", each) for each in sides]
    assert all(each.side is reader for each in shown_to(reader, known_to(reader, names)))
    if set(sides) - {reader}:
        with pytest.raises(OtherSide):
            shown_to(reader, names)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_knows_the_identity_in_use_but_who_works_for_a_birth_family(role: Role) -> None:
    side = reader_side({role}, "birth-family")
    assert side is (Side.BEFORE if role is Role.LETTERBOX_OFFICER else Side.AFTER)
    assert reader_side({role}, "direct-care") is Side.AFTER


def parted() -> Known:
    known = with_name(NOTHING, called("Moss", Side.AFTER))
    for fact in (
        IdentifierRecorded(GAIL, UUID(int=21), IdentifierKind.NHS_NUMBER, Plain("9990000018")),
        IdentityParted(GAIL, DAY),
        NameRecorded(
            GAIL, UUID(int=22), NameKind.ADOPTIVE, DAY, None, Plain("Gail"), Plain("Hartley")
        ),
        EarlierNameRecorded(GAIL, UUID(int=23), None, DAY, Plain("Star"), Plain("Reed")),
        EarlierIdentifierRecorded(
            GAIL, UUID(int=24), IdentifierKind.NHS_NUMBER, Plain("9990000026")
        ),
        IdentifierRecorded(GAIL, UUID(int=25), IdentifierKind.NHS_NUMBER, Plain("9434765919")),
    ):
        known = evolve_known(known, fact)
    return known


def test_an_adopted_childs_old_name_is_shown_to_nobody_who_knows_the_new_one() -> None:
    seen = visible(parted(), Side.AFTER)
    assert [each.family_name for each in seen.names] == [Plain("Hartley")]
    assert [each.value for each in seen.identifiers] == [Plain("9434765919")]
    assert seen.name is not None
    assert seen.name.family_name == Plain("Hartley")


def test_nor_is_the_new_one_shown_to_who_knows_the_old() -> None:
    seen = visible(parted(), Side.BEFORE)
    assert (seen.names, seen.births, seen.identifiers, seen.addresses) == ((), (), (), ())


def test_matching_uses_the_identity_in_use_alone() -> None:
    sealed = sealed_traits(parted())
    assert sealed is not None
    plain = [each.value for each in sealed.values if isinstance(each, Plain)]
    assert plain == ["Gail", "Hartley", "9434765919"]
    traits = opened_traits(sealed, plain)
    assert traits.nhs_numbers == ("9434765919",)
    assert traits.names == (("Gail", "Hartley"),)


def test_words_said_before_the_new_identity_are_not_shown() -> None:
    assert not words_are_shown(parted(), DAY - timedelta(days=1))
    assert words_are_shown(parted(), DAY)
    assert words_are_shown(NOTHING, DAY)
    assert not words_are_shown(evolve_known(NOTHING, BecameEarlierIdentity(GAIL)), DAY)


@pytest.mark.parametrize(
    "event", [EarlierNameRecorded, EarlierIdentifierRecorded, IdentitiesLinked]
)
def test_what_was_before_adoption_is_sealed_in_a_block_of_its_own(event: type) -> None:
    marks = personal_fields(event).values()
    assert {each.block for each in marks} == {Block.PRE_ADOPTION_LINK}
