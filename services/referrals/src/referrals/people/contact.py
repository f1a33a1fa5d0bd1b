"""Which channel may be used to reach a person for a purpose on a day; in doubt none."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from referrals.people.facts import Way
from referrals.people.known import Ended, Forbidden, Known, KnownAddress, KnownChannel
from referrals.people.sides import Side

SAFETY_DUTY: Final = "safety-duty"
"""The one purpose that an order not to contact somebody yields to; the reading is on record."""


class Block(StrEnum):
    """Why somebody is not reached."""

    DO_NOT_CONTACT = "do-not-contact"
    ENDED = "channel-ended"
    RUN_OUT = "channel-run-out"
    NONE_KNOWN = "none-known"
    PROTECTED_ADDRESS = "protected-address"


@dataclass(frozen=True, slots=True)
class Reached:
    """The channel to use."""

    channel: KnownChannel


@dataclass(frozen=True, slots=True)
class Blocked:
    """Nothing is to be sent."""

    by: Block


def reach(known: Known, way: Way, purpose: str, day: date) -> Reached | Blocked:
    """Return the newest channel of a way that has begun, for the purpose itself before for all.

    Where that one no longer stands nothing earlier is fallen back on: a superseded address blocks,
    it does not warn (DOMAIN §9b).
    """
    if purpose != SAFETY_DUTY and any(_forbids(each, purpose, day) for each in known.forbidden):
        return Blocked(Block.DO_NOT_CONTACT)
    begun = [
        each
        for each in known.channels
        if each.way is way and (each.from_day is None or each.from_day <= day)
    ]
    own = [each for each in begun if purpose in each.purposes]
    fitting = own or [each for each in begun if not each.purposes]
    if not fitting:
        return Blocked(Block.NONE_KNOWN)
    return _standing(fitting[-1], day)


def way_to(known: Known, way: Way, purpose: str, day: date) -> Reached | KnownAddress | Blocked:
    """Return how somebody is reached; a letter goes home where no other place is for letters."""
    found = reach(known, way, purpose, day)
    if way is Way.LETTER and found == Blocked(Block.NONE_KNOWN):
        return home(known, day)
    return found


def home(known: Known, day: date) -> KnownAddress | Blocked:
    """Return the home to which a letter may be posted; a protected one is never printed.

    Where the newest home no longer stands nothing earlier is fallen back on.
    """
    begun = [
        each
        for each in known.addresses
        if each.side is Side.AFTER and (each.from_day is None or each.from_day <= day)
    ]
    if not begun:
        return Blocked(Block.NONE_KNOWN)
    newest = begun[-1]
    if newest.protected_address:
        return Blocked(Block.PROTECTED_ADDRESS)
    if newest.to_day is not None and newest.to_day < day:
        return Blocked(Block.RUN_OUT)
    return newest


def _standing(channel: KnownChannel, day: date) -> Reached | Blocked:
    if isinstance(channel.end, Ended) and channel.end.on <= day:
        return Blocked(Block.ENDED)
    if channel.to_day is not None and channel.to_day < day:
        return Blocked(Block.RUN_OUT)
    return Reached(channel)


def _forbids(order: Forbidden, purpose: str, day: date) -> bool:
    if order.purposes and purpose not in order.purposes:
        return False
    return order.from_day <= day and (order.to_day is None or day < order.to_day)
