"""What is learned of a person in a life; and a merge that ends leaves nothing of itself."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.decider import Refusal
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.people.describing import described_channel
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
from referrals.people.known import Known, MergedInto
from referrals.people.learning import (
    AllowContact,
    BecomeEarlierIdentity,
    BecomeOwnIdentity,
    CannotMerge,
    EndChannel,
    FoldInto,
    Learn,
    Learning,
    NoSuchRecord,
    PartIdentity,
    Relate,
    Release,
    TakeIn,
    Unfold,
)
from referrals.people.person import (
    PERSON,
    Child,
    ChildIdentified,
    DescribeAdult,
    IdentifyChild,
)
from referrals.people.said import AdultDescribed, ChildDescribed
from referrals.people.sides import Side

GAIL, TWIN, ALICE = UUID(int=1), UUID(int=2), UUID(int=3)
EPISODE = UUID(int=31)
MARCH, JUNE = date(2025, 3, 14), date(2025, 6, 1)


def record(number: int) -> UUID:
    return UUID(int=100 + number)


said = ChildDescribed(
    person=GAIL,
    submission=UUID(int=11),
    number=1,
    given_name=Plain("Gail"),
    family_name=Plain("Hartley"),
    date_of_birth=Plain("2014-07-21"),
    birth_month="2014-07",
    sex="female",
    ethnicity="MWAS",
    interpreter=Plain(None),
    lives_in="northmoor",
    address_lines=Plain("81 Edwards Dam"),
    town=Plain("West Lorraineborough"),
    postcode=Plain("ZZ12 4SS"),
    protected_address=False,
    codes_as_given=Plain(None),
)
adult_said = AdultDescribed(
    person=ALICE,
    submission=UUID(int=11),
    number=1,
    family=UUID(int=4),
    name=Plain("Alice Hartley"),
    role="adoptive-parent",
    parental_responsibility=True,
    email=Plain("alice@example.org"),
    phone=Plain(None),
    contact_preference="letter",
    safe_times=Plain("school hours"),
    do_not_leave_voicemail=False,
    lives_in="northmoor",
    address_lines=Plain("81 Edwards Dam"),
    town=Plain("West Lorraineborough"),
    postcode=Plain("ZZ12 4SS"),
    protected_address=False,
    codes_as_given=Plain(None),
)
identified = ChildIdentified(GAIL, UUID(int=5), UUID(int=4))
name = NameRecorded(
    GAIL, record(1), NameKind.CHANGED, MARCH, None, Plain("Gail"), Plain("Whitcombe")
)
earlier_name = EarlierNameRecorded(GAIL, record(2), None, MARCH, Plain("Star"), Plain("Moss"))
number = IdentifierRecorded(GAIL, record(3), IdentifierKind.NHS_NUMBER, Plain("9434765919"))
earlier_number = EarlierIdentifierRecorded(
    GAIL, record(4), IdentifierKind.NHS_NUMBER, Plain("9990000018")
)
home = AddressRecorded(
    person=GAIL,
    record=record(5),
    from_day=MARCH,
    to_day=None,
    protected_address=True,
    address_lines=Plain("1 Quay"),
    town=Plain("Saltby"),
    postcode=Plain("ZZ9 9ZZ"),
)
channel = ChannelRecorded(
    person=GAIL,
    record=record(6),
    way=Way.EMAIL,
    purposes=(),
    from_day=None,
    to_day=None,
    do_not_leave_voicemail=False,
    value=Plain("new@example.org"),
    safe_times=Plain(None),
)
ended = ChannelEnded(GAIL, record(6), JUNE, EndReason.UNSAFE)
forbidden = ContactForbidden(GAIL, record(7), (), MARCH, None, ForbidReason.ASKED)
allowed = ContactAllowed(GAIL, record(7), JUNE)
born = BirthDateRecorded(GAIL, record(8), "2014-08", Plain("2014-08-21"))
parted = IdentityParted(GAIL, MARCH)
became_earlier = BecameEarlierIdentity(GAIL)
became_own = BecameOwnIdentity(GAIL)
related = PersonsRelated(GAIL, TWIN, Relation.TWIN)
merged, absorbed = PersonMerged(GAIL, TWIN, EPISODE), PersonAbsorbed(GAIL, TWIN, EPISODE)
unmerged, released = PersonUnmerged(GAIL, TWIN, EPISODE), PersonReleased(GAIL, TWIN, EPISODE)

child = Given(PERSON).given(identified, said)
FACTS: list[Learned] = [
    name,
    earlier_name,
    number,
    earlier_number,
    home,
    channel,
    forbidden,
    born,
]
OTHERS: list[Learning] = [
    EndChannel(GAIL, record(6), JUNE, EndReason.UNSAFE),
    AllowContact(GAIL, record(7), JUNE),
    PartIdentity(GAIL, MARCH),
    BecomeEarlierIdentity(GAIL),
    BecomeOwnIdentity(GAIL),
    Relate(GAIL, TWIN, Relation.TWIN),
    FoldInto(GAIL, TWIN, EPISODE),
    TakeIn(GAIL, TWIN, EPISODE),
    Unfold(GAIL, TWIN),
    Release(GAIL, TWIN),
]

TRANSITIONS = Transitions(
    {
        "nobody": Given(PERSON),
        "child": child,
        "adult": Given(PERSON).given(adult_said),
        "child with a new identity": child.given(parted),
        "child's identity before adoption": child.given(became_earlier),
        "merged": child.given(merged),
        "merged into": child.given(absorbed),
    },
    {
        "identify the child": IdentifyChild(UUID(int=5), UUID(int=4), said),
        "describe the adult": DescribeAdult(adult_said),
        "record a name": Learn(name),
        "record a name of before the adoption": Learn(earlier_name),
        "record a number": Learn(number),
        "record an address": Learn(home),
        "record a channel": Learn(channel),
        "forbid contact": Learn(forbidden),
        "note a new identity": PartIdentity(GAIL, MARCH),
        "put on the side of before the adoption": BecomeEarlierIdentity(GAIL),
        "undo that": BecomeOwnIdentity(GAIL),
        "relate": Relate(GAIL, TWIN, Relation.TWIN),
        "merge into another": FoldInto(GAIL, TWIN, EPISODE),
        "take another in": TakeIn(GAIL, TWIN, EPISODE),
        "end the merge": Unfold(GAIL, TWIN),
        "release the other": Release(GAIL, TWIN),
    },
)


def known(*facts: Fact | ChildDescribed) -> Known:
    state = PERSON.fold([identified, said, *facts])
    assert isinstance(state, Child)
    return state.known


@pytest.mark.parametrize("fact", FACTS)
def test_what_is_learned_is_recorded_once(fact: Learned) -> None:
    child.when(Learn(fact)).then(fact)
    child.given(fact).when(Learn(fact)).then()


def test_nothing_is_learned_of_nobody() -> None:
    Given(PERSON).when(Learn(name)).then_refused(Refusal)


def test_a_channel_and_an_order_end_on_a_day() -> None:
    child.given(channel).when(OTHERS[0]).then(ended)
    child.given(forbidden).when(OTHERS[1]).then(allowed)
    child.when(OTHERS[0]).then_refused(NoSuchRecord)
    child.when(OTHERS[1]).then_refused(NoSuchRecord)


def test_the_channel_that_a_submission_described_can_be_ended() -> None:
    described = described_channel(ALICE, Way.EMAIL)
    end = EndChannel(ALICE, described, JUNE, EndReason.MOVED)
    Given(PERSON).given(adult_said).when(end).then(
        ChannelEnded(ALICE, described, JUNE, EndReason.MOVED)
    )


def test_a_new_identity_leaves_what_was_known_on_the_other_side() -> None:
    child.when(PartIdentity(GAIL, MARCH)).then(parted)
    after = known(number, parted, name)
    assert [(each.kind, each.side) for each in after.names] == [
        (NameKind.DESCRIBED, Side.BEFORE),
        (NameKind.CHANGED, Side.AFTER),
    ]
    assert {each.side for each in after.identifiers} == {Side.BEFORE}
    assert {each.side for each in after.addresses} == {Side.BEFORE}
    child.given(parted).when(PartIdentity(GAIL, JUNE)).then_refused(Refusal)


def test_an_earlier_name_never_stands_on_the_side_in_use() -> None:
    assert [each.side for each in known(earlier_name, earlier_number).names] == [
        Side.AFTER,
        Side.BEFORE,
    ]
    assert [each.side for each in known(earlier_number).identifiers] == [Side.BEFORE]


def test_all_of_an_earlier_identity_is_on_its_side_now_and_hereafter() -> None:
    after = known(became_earlier, name, replace(said, submission=UUID(int=12)))
    assert {each.side for each in after.names} == {Side.BEFORE}


def test_two_are_merged_one_deep() -> None:
    child.when(FoldInto(GAIL, TWIN, EPISODE)).then(merged)
    child.when(TakeIn(GAIL, TWIN, EPISODE)).then(absorbed)
    child.given(absorbed).when(FoldInto(GAIL, ALICE, EPISODE)).then_refused(CannotMerge)
    child.given(merged).when(TakeIn(GAIL, ALICE, EPISODE)).then_refused(CannotMerge)
    child.given(merged).when(FoldInto(GAIL, ALICE, EPISODE)).then_refused(CannotMerge)
    child.when(FoldInto(GAIL, GAIL, EPISODE)).then_refused(CannotMerge)
    assert known(merged).standing == MergedInto(TWIN, EPISODE)


def test_a_merge_ends_with_its_episode() -> None:
    child.given(merged).when(Unfold(GAIL, TWIN)).then(unmerged)
    child.given(absorbed).when(Release(GAIL, TWIN)).then(released)
    child.given(merged).when(Unfold(GAIL, ALICE)).then_refused(CannotMerge)
    child.when(Unfold(GAIL, TWIN)).then()
    child.when(Release(GAIL, TWIN)).then()


MORE: list[Fact | ChildDescribed] = [
    *FACTS,
    ended,
    allowed,
    parted,
    related,
    replace(said, submission=UUID(int=12), family_name=Plain("Whitcombe")),
]


@given(
    before=st.lists(st.sampled_from(MORE), max_size=6),
    during=st.lists(st.sampled_from(MORE), max_size=6),
    after=st.lists(st.sampled_from(MORE), max_size=6),
    episode=st.sampled_from([(merged, unmerged), (absorbed, released)]),
)
def test_after_a_merge_that_ended_a_thread_is_as_if_it_had_never_been(
    before: list[Fact], during: list[Fact], after: list[Fact], episode: tuple[Fact, Fact]
) -> None:
    begun, over = episode
    with_it = known(*before, begun, *during, over, *after)
    assert with_it == known(*before, *during, *after)


@given(
    history=st.lists(st.sampled_from([*MORE, merged, absorbed, became_earlier]), max_size=8),
    command=st.sampled_from([*(Learn(each) for each in FACTS), *OTHERS]),
)
def test_the_same_command_again_decides_nothing(history: list[Fact], command: Learning) -> None:
    so_far = child.given(*history)
    if so_far.when(command).refusal is None:
        so_far.repeats_nothing(command)


@given(
    st.lists(st.sampled_from([*FACTS, parted, related, said]), max_size=6),
    st.lists(st.sampled_from([*FACTS, parted, related, said]), max_size=6),
)
def test_a_link_that_was_a_mistake_leaves_nothing_of_it(
    before: list[Fact | ChildDescribed], meanwhile: list[Fact | ChildDescribed]
) -> None:
    linked = known(*before, became_earlier, *meanwhile)
    assert linked.side is Side.BEFORE
    assert known(*before, became_earlier, *meanwhile, became_own) == known(*before, *meanwhile)
