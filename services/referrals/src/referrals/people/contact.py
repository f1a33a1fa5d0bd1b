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
    newest = _newest(known, way, purpose, day)
    return standing(newest, day) if newest is not None else Blocked(Block.NONE_KNOWN)


def deciding(known: Known, day: date) -> list[KnownChannel]:
    """Return the channels by which it is decided how a person is reached, on that day or later.

    The others were superseded: for no purpose will any of them be used again.
    """
    purposes = {"", *(each for channel in known.channels for each in channel.purposes)}
    newest = [_newest(known, way, purpose, day) for way in Way for purpose in purposes]
    return [each for each in known.channels if each in newest or not _begun(each, day)]


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
    newest = home_of(known, day)
    if newest is None:
        return Blocked(Block.NONE_KNOWN)
    if newest.protected_address:
        return Blocked(Block.PROTECTED_ADDRESS)
    if newest.to_day is not None and newest.to_day < day:
        return Blocked(Block.RUN_OUT)
    return newest


def home_of(known: Known, day: date) -> KnownAddress | None:
    """Return the newest home that has begun, whether or not a letter may be posted there."""
    begun = [each for each in known.addresses if each.side is Side.AFTER and _begun(each, day)]
    return begun[-1] if begun else None


def _newest(known: Known, way: Way, purpose: str, day: date) -> KnownChannel | None:
    begun = [each for each in known.channels if each.way is way and _begun(each, day)]
    own = [each for each in begun if purpose in each.purposes]
    fitting = own or [each for each in begun if not each.purposes]
    return fitting[-1] if fitting else None


def _begun(of: KnownChannel | KnownAddress, day: date) -> bool:
    return of.from_day is None or of.from_day <= day


def standing(channel: KnownChannel, day: date) -> Reached | Blocked:
    """Tell whether a channel may be used on a day, if it is the one to use."""
    if isinstance(channel.end, Ended) and channel.end.on <= day:
        return Blocked(Block.ENDED)
    if channel.to_day is not None and channel.to_day < day:
        return Blocked(Block.RUN_OUT)
    return Reached(channel)


def _forbids(order: Forbidden, purpose: str, day: date) -> bool:
    if order.purposes and purpose not in order.purposes:
        return False
    return order.from_day <= day and (order.to_day is None or day < order.to_day)
