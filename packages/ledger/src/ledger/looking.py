"""What a decision reads of a store: wanted together, found in one round trip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from ledger.commands import Claim, Duplicate, Loaded

HEAD_ONLY = 2**31 - 1
"""In `Wanted.streams`: give the head of a stream and none of its events."""

NO_FOLDS: Mapping[UUID, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read of one authority.

    `streams`: from which version on each is wanted, 0 for all of it. `folds`: by stream, the fold
    of which a snapshot may stand for the stream's beginning. `commands`: ids that may have been
    accepted before. `claims`: of which the holders are wanted.
    """

    streams: Mapping[UUID, int] = field(default_factory=dict)
    folds: Mapping[UUID, str] = field(default_factory=dict)
    commands: Sequence[UUID] = ()
    claims: Sequence[Claim] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was read: streams and claims as of one moment, and the store's clock.

    A stream that is not there is at version 0. Commands that were not accepted, and claims that
    nobody holds, are left out.
    """

    now: datetime
    streams: Mapping[UUID, Loaded]
    accepted: Mapping[UUID, Duplicate]
    holders: Mapping[Claim, UUID]


class Looks(Protocol):
    """Whatever can be read for a decision."""

    async def look(self, tenant: UUID, scope: frozenset[UUID], wanted: Wanted) -> Found:
        """Read what is wanted, in one round trip. Raises NotInScope, StoreUnavailable."""


async def load(
    store: Looks, tenant: UUID, streams: Sequence[UUID], folds: Mapping[UUID, str] = NO_FOLDS
) -> Mapping[UUID, Loaded]:
    """Read whole streams of one authority."""
    wanted = Wanted(dict.fromkeys(streams, 0), folds)
    return (await store.look(tenant, frozenset([tenant]), wanted)).streams


async def holder(store: Looks, tenant: UUID, claim: Claim) -> UUID | None:
    """Return the stream that holds a claim."""
    found = await store.look(tenant, frozenset([tenant]), Wanted(claims=[claim]))
    return found.holders.get(claim)
