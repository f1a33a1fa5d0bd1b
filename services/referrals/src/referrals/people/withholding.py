"""What a history opens to nobody: whatever is about a child as it was before adoption."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any, Final
from uuid import UUID

from pydantic_core import from_json

from ledger.commands import StoredEvent
from referrals.people.facts import BecameEarlierIdentity, BecameOwnIdentity, IdentityParted

_PARTED: Final = IdentityParted.__name__
_EARLIER: Final = BecameEarlierIdentity.__name__
_OWN: Final = BecameOwnIdentity.__name__


def withheld(stored: Sequence[StoredEvent]) -> frozenset[UUID]:
    """Return the events that stay sealed: about a child, and recorded before it had its identity.

    Of a thread that is an identity before adoption these are all, until that is found to be a
    mistake. The parting itself is among the
    events, since it stands in the child's own stream, case and thread.
    """
    until: dict[str, float] = {}
    earlier: set[str] = set()
    for each in stored:
        if each.type == _PARTED:
            until[_person(each)] = max(each.position, until.get(_person(each), 0))
        elif each.type == _EARLIER:
            earlier.add(_person(each))
        elif each.type == _OWN:
            earlier.discard(_person(each))
    until |= dict.fromkeys(earlier, inf)
    if not until:
        return frozenset()
    return frozenset(each.event_id for each in stored if _is_before(each, until))


def _person(stored: StoredEvent) -> str:
    return str(from_json(stored.payload)["person"])


def _is_before(stored: StoredEvent, until: Mapping[str, float]) -> bool:
    beside: Mapping[str, Any] = from_json(stored.metadata)
    return any(stored.position < until.get(each, 0) for each in beside.get("subjects", ()))
