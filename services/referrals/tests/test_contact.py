"""Nobody is reached by a channel that no longer stands, nor against an order."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from ledger.personal import Plain
from referrals.people.contact import Block, Blocked, Reached, home, reach
from referrals.people.facts import EndReason, ForbidReason, Way
from referrals.people.known import (
    NOTHING,
    Ended,
    Forbidden,
    Known,
    KnownAddress,
    KnownChannel,
    Open,
)
from referrals.people.sides import Side

TODAY = date(2025, 6, 1)
EARLIER, LATER = date(2025, 1, 1), date(2025, 9, 1)

NOT_SAID: Plain[str | None] = Plain(None)

old = KnownChannel(
    record=UUID(int=1),
    way=Way.EMAIL,
    purposes=(),
    from_day=None,
    to_day=None,
    do_not_leave_voicemail=False,
    value=Plain("old@example.org"),
    safe_times=NOT_SAID,
    end=Open(),
)
new = replace(old, record=UUID(int=2), from_day=EARLIER, value=Plain("new@example.org"))
letterbox = replace(old, record=UUID(int=3), purposes=("letterbox",))
order = Forbidden(UUID(int=4), (), EARLIER, None, ForbidReason.COURT_ORDER)


def by(*channels: KnownChannel, orders: tuple[Forbidden, ...] = ()) -> Known:
    return replace(NOTHING, channels=channels, forbidden=orders)


@pytest.mark.parametrize(
    ("known", "purpose", "channel"),
    [
        (by(old), "notification", old),
        (by(old, new), "notification", new),
        (by(old, replace(new, from_day=LATER)), "notification", old),
        (by(old, letterbox), "letterbox", letterbox),
        (by(letterbox, old), "letterbox", letterbox),
        (by(old, letterbox), "notification", old),
        (by(old, orders=(order,)), "safety-duty", old),
        (by(old, orders=(replace(order, purposes=("letterbox",)),)), "notification", old),
        (by(old, orders=(replace(order, from_day=LATER),)), "notification", old),
        (by(old, orders=(replace(order, to_day=TODAY),)), "notification", old),
    ],
)
def test_the_newest_channel_that_stands_is_used(
    known: Known, purpose: str, channel: KnownChannel
) -> None:
    assert reach(known, Way.EMAIL, purpose, TODAY) == Reached(channel)


@pytest.mark.parametrize(
    ("known", "block"),
    [
        (by(), Block.NONE_KNOWN),
        (by(replace(old, way=Way.PHONE)), Block.NONE_KNOWN),
        (by(letterbox), Block.NONE_KNOWN),
        (by(old, orders=(order,)), Block.DO_NOT_CONTACT),
        (by(replace(old, end=Ended(EARLIER, EndReason.MOVED))), Block.ENDED),
        # What was superseded is not fallen back on.
        (by(old, replace(new, end=Ended(TODAY, EndReason.UNSAFE))), Block.ENDED),
        (by(old, replace(new, to_day=EARLIER)), Block.RUN_OUT),
    ],
)
def test_a_superseded_or_forbidden_channel_blocks(known: Known, block: Block) -> None:
    assert reach(known, Way.EMAIL, "notification", TODAY) == Blocked(block)


def test_a_channel_that_ends_tomorrow_stands_today() -> None:
    ends = replace(old, end=Ended(LATER, EndReason.MOVED))
    assert reach(by(ends), Way.EMAIL, "notification", TODAY) == Reached(ends)


mill_lane = KnownAddress(
    record=UUID(int=5),
    side=Side.AFTER,
    from_day=None,
    to_day=None,
    protected_address=False,
    address_lines=Plain("1 Mill Lane"),
    town=Plain("Northbridge"),
    postcode=Plain("ZZ1 1AA"),
)
new_home = replace(mill_lane, record=UUID(int=6), from_day=EARLIER)


@pytest.mark.parametrize(
    ("homes", "found"),
    [
        ((mill_lane,), mill_lane),
        ((mill_lane, new_home), new_home),
        ((mill_lane, replace(new_home, from_day=LATER)), mill_lane),
        ((), Blocked(Block.NONE_KNOWN)),
        ((replace(mill_lane, side=Side.BEFORE),), Blocked(Block.NONE_KNOWN)),
        ((mill_lane, replace(new_home, to_day=EARLIER)), Blocked(Block.RUN_OUT)),
        (
            (mill_lane, replace(new_home, protected_address=True)),
            Blocked(Block.PROTECTED_ADDRESS),
        ),
    ],
)
def test_a_letter_goes_to_the_home_that_stands_and_never_to_a_protected_one(
    homes: tuple[KnownAddress, ...], found: KnownAddress | Blocked
) -> None:
    assert home(replace(NOTHING, addresses=homes), TODAY) == found
