"""What may be looked up for one attempt at a command, each stream read once."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from chassis.acting import Step, unmoved
from chassis.commands.tails import NOT_PLACED, Link, Tails
from ledger.commands import Claim, Duplicate, Loaded
from ledger.decider import Decider
from ledger.looking import HEAD_ONLY, NO_FOLDS, Wanted, load
from ledger.registry import Registry
from ledger.snapshots import SnapshotWriter, codec_of, folded
from ledger.store import Store

S = TypeVar("S")

NOTHING: Mapping[UUID, Decider[Any, Any, Any]] = MappingProxyType({})

NO_AUTHORITIES: Mapping[str, UUID] = MappingProxyType({})


class AcceptedBefore(Exception):  # noqa: N818 # named for what was found
    """The command was accepted before: whatever else would be found out no longer matters."""

    def __init__(self, duplicate: Duplicate) -> None:
        super().__init__()
        self.duplicate = duplicate


class Looked:
    """A Situation: remembers what was read, so that the append is checked against just that.

    The first reading also brings the store's clock, and raises AcceptedBefore where it finds the
    command's id: no decision is made on it again.

    With `tails`, streams are as they will be once all that is on its way to the store holds;
    `built_on` says what that was. Nothing but an append, which checks it, may rest on it.
    """

    def __init__(
        self,
        registry: Registry,
        store: Store,
        tenant: UUID,
        scope: frozenset[UUID],
        command_id: UUID | None,
        snapshots: SnapshotWriter | None = None,
        tails: Tails | None = None,
        partnership: str = "",
        authorities: Mapping[str, UUID] = NO_AUTHORITIES,
    ) -> None:
        self._registry = registry
        self._store = store
        self._tenant = tenant
        self._partnership = partnership
        self._authorities = authorities
        self._scope = scope
        self._command_id = command_id
        self._snapshots = snapshots
        self._tails = tails
        self.built_on: list[Link] = []
        # Every stream that was read, as it was read.
        self.loaded: dict[UUID, Loaded] = {}
        self._now: datetime | None = None
        self._holders: dict[Claim, UUID | None] = {}

    @property
    def tenant(self) -> UUID:
        """The authority whose record it is."""
        return self._tenant

    @property
    def partnership(self) -> str:
        """The slug of the partnership that the authority belongs to; empty where it is in none."""
        return self._partnership

    @property
    def slug(self) -> str:
        """The authority's own slug."""
        own = (slug for slug, each in self._authorities.items() if each == self._tenant)
        return next(own, "")

    def authority(self, slug: str) -> UUID | None:
        """Return the authority of a slug, if it keeps its record on this installation."""
        return self._authorities.get(slug)

    async def now(self) -> datetime:
        """Return the store's clock, as of the first reading."""
        return self._now or await self._look(Wanted())

    async def look(
        self,
        streams: Mapping[UUID, Decider[Any, Any, Any]] = NOTHING,
        claims: Sequence[Claim] = (),
    ) -> None:
        """Read streams and holders of claims that will be asked for, in one round trip."""
        await self._load(streams, claims=claims)

    async def holder(self, claim: Claim) -> UUID | None:
        """Return the stream that holds a claim."""
        if claim not in self._holders:
            await self._look(Wanted(claims=[claim]))
        return self._holders[claim]

    async def state(self, decider: Decider[Any, S, Any], stream_id: UUID) -> S:
        """Return the state of a stream; its version is checked again at the append."""
        await self._load({stream_id: decider})
        return self.folded(decider, stream_id)

    def folded(self, decider: Decider[Any, S, Any], stream_id: UUID) -> S:
        """Return the state of a stream that was read; after many events it makes a snapshot."""
        loaded = self.loaded[stream_id]
        state = folded(self._registry, decider, loaded)
        if self._snapshots is not None:
            self._snapshots.offer(decider, loaded.events, state)
        return state

    async def load_for(self, steps: Sequence[Step]) -> None:
        """Read the steps' streams that were not read yet, in one round trip."""
        heads = {step.stream_id for step in steps if step.decider.evolve is unmoved}
        await self._load({step.stream_id: step.decider for step in steps}, heads)

    async def _load(
        self,
        deciders: Mapping[UUID, Decider[Any, Any, Any]],
        heads: AbstractSet[UUID] = frozenset(),
        claims: Sequence[Claim] = (),
    ) -> None:
        missing = [each for each in deciders if each not in self.loaded]
        unasked = [each for each in claims if each not in self._holders]
        if missing or unasked:
            streams = {each: HEAD_ONLY if each in heads else 0 for each in missing}
            await self._look(Wanted(streams, self._folds(deciders, streams), claims=unasked))
        for stream_id, decider in deciders.items():
            snapshot = self.loaded[stream_id].snapshot
            if snapshot is not None and snapshot.fold_id != codec_of(decider).fold_id:
                await self._read_whole(stream_id)

    async def _look(self, wanted: Wanted) -> datetime:
        """Read something; the first time also the clock, and whether the command is known."""
        if self._now is None and self._command_id is not None:
            wanted = replace(wanted, commands=[self._command_id])
        found = await self._store.look(self._tenant, self._scope, wanted)
        accepted = found.accepted.get(self._command_id) if self._command_id else None
        if accepted is not None:
            raise AcceptedBefore(accepted)
        self._now = self._now or found.now
        self._holders |= {each: found.holders.get(each) for each in wanted.claims}
        self.loaded |= {each: self._extended(each, was) for each, was in found.streams.items()}
        return self._now

    def _folds(
        self, deciders: Mapping[UUID, Decider[Any, Any, Any]], streams: Mapping[UUID, int]
    ) -> Mapping[UUID, str]:
        if self._snapshots is None:
            return NO_FOLDS
        return {
            each: codec_of(deciders[each]).fold_id for each, known in streams.items() if known == 0
        }

    async def _read_whole(self, stream_id: UUID) -> None:
        """Read a stream for another fold too, as it was when it was read first."""
        before = self.loaded[stream_id]
        found = await load(self._store, self._tenant, [stream_id])
        ahead = tuple(each for each in before.events if each.position == NOT_PLACED)
        events = found[stream_id].events[: before.head.version - len(ahead)]
        self.loaded[stream_id] = replace(before, events=events + ahead, snapshot=None)

    def _extended(self, stream_id: UUID, loaded: Loaded) -> Loaded:
        if self._tails is None:
            return loaded
        extended, links = self._tails.extend(self._tenant, stream_id, loaded)
        self.built_on += links
        return extended
