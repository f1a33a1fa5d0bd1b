"""What a history opens to nobody: whatever is about a child as it was before adoption."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any, Final
from uuid import UUID

from pydantic_core import from_json

from ledger.commands import StoredEvent
from referrals.people.facts import BecameEarlierIdentity, IdentityParted

_PARTED: Final = IdentityParted.__name__
_EARLIER: Final = BecameEarlierIdentity.__name__


def withheld(stored: Sequence[StoredEvent]) -> frozenset[UUID]:
    """Return the events that stay sealed: about a child, and recorded before it had its identity.

    Of a thread that is an identity before adoption these are all. The parting itself is among the
    events, since it stands in the child's own stream, case and thread.
    """
    until: dict[str, float] = {}
    for each in stored:
        if each.type in {_PARTED, _EARLIER}:
            end = inf if each.type == _EARLIER else each.position
            person = from_json(each.payload)["person"]
            until[person] = max(end, until.get(person, 0))
    if not until:
        return frozenset()
    return frozenset(each.event_id for each in stored if _is_before(each, until))


def _is_before(stored: StoredEvent, until: Mapping[str, float]) -> bool:
    beside: Mapping[str, Any] = from_json(stored.metadata)
    return any(stored.position < until.get(each, 0) for each in beside.get("subjects", ()))
