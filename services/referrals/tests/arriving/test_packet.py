"""Whoever may be reached at one authority is reached the same way at the next, and nobody else."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ledger.personal import Plain
from referrals.arrivals.packet import Going, Member, adult_going, child_going
from referrals.people.contact import Blocked, Reached, standing, way_to
from referrals.people.facts import (
    AddressRecorded,
    ChannelEnded,
    ChannelRecorded,
    ContactForbidden,
    EarlierNameRecorded,
    EndReason,
    ForbidReason,
    IdentifierKind,
    IdentifierRecorded,
    NameKind,
    NameRecorded,
    Way,
)
from referrals.people.known import KnownAddress
from referrals.people.learning import EndChannel, Learn, PartIdentity
from referrals.people.person import (
    PERSON,
    Adult,
    Child,
    DescribeAdult,
    IdentifyChild,
    Person,
)
from services.referrals.tests.test_person import CASE, FAMILY, GAIL, adult_said, identify, said

TODAY = date(2026, 1, 19)
TRANSFER = UUID(int=77)
GOING = Going(TRANSFER, FAMILY, TODAY, ("case", "safeguarding"))
ALICE = adult_said.person
PURPOSES = ("notification", "letterbox")

days = st.none() | st.integers(-20, 20).map(lambda each: TODAY + timedelta(days=each))
purposes = st.lists(st.sampled_from(PURPOSES), unique=True, max_size=2).map(tuple)
ids = st.integers(100, 10_000).map(lambda each: UUID(int=each))


@st.composite
def channels(draw: st.DrawFn) -> ChannelRecorded:
    number = draw(ids)
    return ChannelRecorded(
        person=ALICE,
        record=number,
        way=draw(st.sampled_from(Way)),
        purposes=draw(purposes),
        from_day=draw(days),
        to_day=draw(days),
        do_not_leave_voicemail=draw(st.booleans()),
        value=Plain(f"value {number}"),
        safe_times=Plain(draw(st.none() | st.just("after six"))),
    )


@st.composite
def homes(draw: st.DrawFn) -> AddressRecorded:
    number = draw(ids)
    return AddressRecorded(
        person=ALICE,
        record=number,
        from_day=draw(days),
        to_day=draw(days),
        protected_address=draw(st.booleans()),
        address_lines=Plain(f"{number} Mill Lane"),
        town=Plain("Northbridge"),
        postcode=Plain("ZZ1 1AA"),
    )


@st.composite
def orders(draw: st.DrawFn) -> ContactForbidden:
    from_day = draw(days) or TODAY
    return ContactForbidden(
        ALICE, draw(ids), draw(purposes), from_day, draw(days), ForbidReason.SAFETY
    )


@st.composite
def adults(draw: st.DrawFn) -> Adult:
    """Make up an adult, and a life."""
    described = replace(
        adult_said,
        email=Plain(draw(st.none() | st.just("alice@example.org"))),
        phone=Plain(draw(st.none() | st.just("07700 900123"))),
        protected_address=draw(st.booleans()),
    )
    state: Any = PERSON.fold([described], PERSON.initial)
    for fact in draw(st.lists(channels() | homes() | orders(), max_size=8)):
        state = did(state, Learn(fact))
    for each in draw(st.lists(st.sampled_from([*state.known.channels, None]), max_size=4)):
        if each is not None:
            on = draw(days) or TODAY
            state = did(state, EndChannel(ALICE, each.record, on, EndReason.UNSAFE))
    return state  # type: ignore[no-any-return] # described as one


def did(state: Any, command: Any) -> Any:
    return PERSON.fold(PERSON.decide(command, state), state)


def there(member: Member) -> Person:
    """Make somebody known as the other authority does."""
    described: Any = member.described
    identify_there = IdentifyChild(CASE, FAMILY, described)
    first = identify_there if described.person == GAIL else DescribeAdult(described)
    state = did(PERSON.initial, first)
    for fact in member.facts:
        end = isinstance(fact, ChannelEnded)
        known: Any = fact
        learnt = EndChannel(ALICE, known.record, known.on, known.reason) if end else Learn(known)
        state = did(state, learnt)
    return state  # type: ignore[no-any-return] # one of the people


def reached(state: Any, way: Way, purpose: str, day: date) -> object:
    match way_to(state.known, way, purpose, day):
        case Reached(channel=found):
            return found.value, found.safe_times, found.do_not_leave_voicemail
        case KnownAddress() as home:
            return home.address_lines
        case Blocked():
            return None


@given(adults(), st.sampled_from(Way), st.sampled_from([*PURPOSES, ""]), st.integers(0, 30))
def test_an_adult_is_reached_there_as_here_or_by_nobody_on_every_later_day(
    here: Adult, way: Way, purpose: str, later: int
) -> None:
    came = adult_going(GOING, 1, ALICE, here)
    assert came is not None
    day = TODAY + timedelta(days=later)
    assert reached(there(came), way, purpose, day) == reached(here, way, purpose, day)


@given(adults())
def test_no_value_goes_along_by_which_nobody_may_be_reached(here: Adult) -> None:
    came = adult_going(GOING, 1, ALICE, here)
    assert came is not None
    sent = [fact for fact in came.facts if isinstance(fact, ChannelRecorded)]
    over = {
        each.record for each in here.known.channels if isinstance(standing(each, TODAY), Blocked)
    }
    assert all((each.value == Plain("")) == (each.record in over) for each in sent)
    assert len(sent) <= len(here.known.channels)


@given(adults())
def test_every_order_that_stands_or_will_goes_along(here: Adult) -> None:
    came = adult_going(GOING, 1, ALICE, here)
    assert came is not None
    sent = {each.record for each in came.facts if isinstance(each, ContactForbidden)}
    stand = [each for each in here.known.forbidden if not each.to_day or each.to_day > TODAY]
    assert sent == {each.record for each in stand}


def a_child(*commands: Any) -> Child:
    state = did(PERSON.initial, identify)
    for each in commands:
        state = did(state, each)
    return state  # type: ignore[no-any-return] # identified as one


nhs_number = IdentifierRecorded(GAIL, UUID(int=50), IdentifierKind.NHS_NUMBER, Plain("9990000018"))
earlier = EarlierNameRecorded(GAIL, UUID(int=51), None, None, Plain("Wren"), Plain("Sallow"))


def test_a_childs_name_now_goes_and_the_name_before_adoption_never_does() -> None:
    named = NameRecorded(
        GAIL, UUID(int=52), NameKind.ADOPTIVE, None, None, Plain("Gail"), Plain("Ash")
    )
    came = child_going(GOING, GAIL, a_child(Learn(earlier), Learn(named)))
    assert came is not None
    assert came.described == replace(
        said, submission=TRANSFER, family_name=Plain("Ash"), codes_as_given=Plain(None)
    )
    assert came.facts == ()


def test_who_is_known_by_an_identity_before_adoption_alone_does_not_go() -> None:
    assert child_going(GOING, GAIL, a_child(PartIdentity(GAIL, TODAY))) is None


def test_numbers_go_with_the_assessment_and_stay_with_less() -> None:
    gail = a_child(Learn(nhs_number))
    least = child_going(GOING, GAIL, gail)
    more = child_going(replace(GOING, parts=("case", "safeguarding", "assessment")), GAIL, gail)
    assert least is not None
    assert least.facts == ()
    assert more is not None
    assert more.facts == (nhs_number,)


def test_a_name_recorded_since_is_an_adults_name_there() -> None:
    state: Any = PERSON.fold([adult_said], PERSON.initial)
    named = NameRecorded(
        ALICE, UUID(int=53), NameKind.CHANGED, None, None, Plain("Alice"), Plain("Ash")
    )
    came = adult_going(GOING, 2, ALICE, did(state, Learn(named)))
    assert came is not None
    assert named in came.facts
