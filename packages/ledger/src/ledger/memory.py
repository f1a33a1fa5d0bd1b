"""An event store in memory, with the same answers as the one on PostgreSQL. For tests."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from ledger.batches import begins, check, in_order, versions_after, with_events
from ledger.commands import (
    ABOUT_THE_RECORD,
    Answer,
    AppendCommand,
    Appended,
    Claim,
    ClockOff,
    Conflict,
    Duplicate,
    Head,
    Loaded,
    NewEvent,
    OutOfScope,
    Passes,
    ReadOnly,
    Returns,
    Snapshot,
    StoredEvent,
    StreamAppend,
    Taken,
    as_stored,
)
from ledger.feed import Cursor, Page
from ledger.looking import Found, Wanted
from ledger.store import READ_LIMIT, NotInScope

Key = tuple[UUID, UUID]

NO_HEAD = Head()
CLOCK_TOLERANCE = timedelta(seconds=5)


def _system_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class _Chain:
    """Where a stream stands after the commands of a batch that were judged so far."""

    version: int
    leaf_hash: bytes
    recorded_at: datetime | None


class MemoryStore:
    """Streams in dictionaries. Nothing in it waits, so each call is a transaction of its own."""

    def __init__(self, now: Callable[[], datetime] = _system_now) -> None:
        self._now = now
        self._heads: dict[Key, Head] = {}
        self._streams: dict[Key, list[StoredEvent]] = defaultdict(list)
        self._accepted: dict[Key, Duplicate] = {}
        self._snapshots: dict[Key, Snapshot] = {}
        self._claims: dict[tuple[UUID, Claim], UUID] = {}
        self._categories: dict[Key, str] = {}
        self._log: list[StoredEvent] = []

    async def append(self, batch: Sequence[AppendCommand]) -> list[Answer]:
        """Append the commands; one answer each, in the order given."""
        check(batch)
        gone = self._turned_back(batch)
        fallen = {
            number: answer
            for number, command in enumerate(batch)
            if (answer := self._looked_up(command)) is not None
        }
        fallen |= self._judged(batch, fallen)
        if fallen:
            self._set(gone, gone)
        return [
            fallen[number] if number in fallen else self._write(command)
            for number, command in enumerate(batch)
        ]

    async def look(self, tenant: UUID, scope: frozenset[UUID], wanted: Wanted) -> Found:
        """Read what is wanted as of one moment."""
        if tenant not in scope:
            raise NotInScope(tenant)
        accepted = {each: self._accepted.get((tenant, each)) for each in wanted.commands}
        holders = {each: self._claims.get((tenant, each)) for each in wanted.claims}
        return Found(
            self._now(),
            {each: self._loaded(tenant, each, wanted) for each in wanted.streams},
            {each: was for each, was in accepted.items() if was is not None},
            {each: stream for each, stream in holders.items() if stream is not None},
        )

    def _loaded(self, tenant: UUID, stream_id: UUID, wanted: Wanted) -> Loaded:
        known = wanted.streams[stream_id]
        snapshot = self._snapshots.get((tenant, stream_id))
        if snapshot and (
            snapshot.fold_id != wanted.folds.get(stream_id) or snapshot.version <= known
        ):
            snapshot = None
        return Loaded(
            self._heads.get((tenant, stream_id), NO_HEAD),
            tuple(self._streams[tenant, stream_id][snapshot.version if snapshot else known :]),
            snapshot,
        )

    async def keep_snapshot(self, tenant: UUID, stream_id: UUID, snapshot: Snapshot) -> None:
        """Keep a snapshot in the place of an older one, or of one of another fold."""
        held = self._snapshots.get((tenant, stream_id))
        if held is None or held.fold_id != snapshot.fold_id or held.version < snapshot.version:
            self._snapshots[tenant, stream_id] = snapshot

    async def read(
        self, tenant: UUID, stream_id: UUID, after_version: int = 0, limit: int = READ_LIMIT
    ) -> list[StoredEvent]:
        """Read a stream's events in order, after a version."""
        return self._streams[tenant, stream_id][after_version : after_version + limit]

    async def of_case(self, tenant: UUID, case_id: UUID) -> dict[UUID, str]:
        """Return the streams of a case with their categories, in the order of their ids."""
        found = sorted(stream for whose, stream in self._of(tenant, case_id))
        return {each: self._categories[tenant, each] for each in found}

    async def claimed(self, tenant: UUID, kind: str, limit: int) -> frozenset[str]:
        """Return the values of a kind that streams hold, at most `limit` of them."""
        held = (claim for whose, claim in self._claims if whose == tenant and claim.kind == kind)
        return frozenset(each.value for each in islice(held, limit))

    async def page(self, cursor: Cursor, limit: int) -> Page:
        """Return the events after a cursor: this store is its own feed."""
        events = tuple(self._log[cursor.position : cursor.position + limit])
        return Page(events, events[-1].position if len(events) == limit else len(self._log))

    async def safe_position(self) -> int:
        """Return the position up to which everything has been decided: all of it."""
        return len(self._log)

    async def last_position(self) -> int:
        """Return the last position given out."""
        return len(self._log)

    def copy(self) -> "MemoryStore":
        """Return a store that holds what this one holds now, and goes its own way from here."""
        other = MemoryStore(self._now)
        other._heads = dict(self._heads)
        other._streams = defaultdict(list, {key: list(each) for key, each in self._streams.items()})
        other._accepted = dict(self._accepted)
        other._claims = dict(self._claims)
        other._categories = dict(self._categories)
        other._snapshots = dict(self._snapshots)
        other._log = list(self._log)
        return other

    @property
    def log(self) -> Sequence[StoredEvent]:
        """All events, in the order of their positions."""
        return self._log

    @property
    def accepted(self) -> frozenset[Key]:
        """The commands that were accepted, by authority and id."""
        return frozenset(self._accepted)

    def duplicate(self, tenant: UUID, command_id: UUID) -> Duplicate | None:
        """Return what a command was answered that was accepted before."""
        return self._accepted.get((tenant, command_id))

    def pass_custody(self, tenant: UUID, stream_id: UUID) -> None:
        """Make a stream read-only, as when its case has gone to another authority."""
        self._heads[tenant, stream_id] = replace(self._heads[tenant, stream_id], read_only=True)

    def _looked_up(self, command: AppendCommand) -> Answer | None:
        """Return what is known without comparing versions."""
        tenant = command.tenant
        if tenant not in command.scope:
            return OutOfScope(tenant)
        if accepted := self._accepted.get((tenant, command.command_id)):
            return accepted
        released = {(part.stream_id, claim) for part in command.streams for claim in part.release}
        for part in with_events(command):
            for claim in part.take:
                owner = self._claims.get((tenant, claim), part.stream_id)
                # A claim may pass from one stream to another within one command.
                if owner != part.stream_id and (owner, claim) not in released:
                    return Taken(claim, owner)
        for part in with_events(command):
            if begins(part) and part.case_id and self._gone(tenant, part.case_id):
                return ReadOnly(part.stream_id)
        return None

    def _of(self, tenant: UUID, case_id: UUID) -> list[Key]:
        return [
            key for key, head in self._heads.items() if key[0] == tenant and head.case_id == case_id
        ]

    def _gone(self, tenant: UUID, case_id: UUID) -> list[Key]:
        return [key for key in self._of(tenant, case_id) if self._heads[key].read_only]

    def _turned_back(self, batch: Sequence[AppendCommand]) -> list[Key]:
        """Let the streams of a case that returns go on; answer which did not before."""
        gone = [
            key
            for each in batch
            if isinstance(each.turn, Returns) and each.tenant in each.scope
            for key in self._gone(each.tenant, each.turn.case_id)
        ]
        self._set(gone, ())
        return gone

    def _set(self, keys: Sequence[Key], read_only: Sequence[Key]) -> None:
        for key in keys:
            self._heads[key] = replace(self._heads[key], read_only=key in read_only)

    def _judged(
        self, batch: Sequence[AppendCommand], fallen: Mapping[int, Answer]
    ) -> dict[int, Answer]:
        """Compare each chain with its stream's head; a chain with a fault falls as one."""
        chains: dict[Key, list[tuple[int, StreamAppend]]] = defaultdict(list)
        for number, command in enumerate(batch):
            for part in in_order(command):
                chains[command.tenant, part.stream_id].append((number, part))
        faults: dict[int, Answer] = {}
        for key, parts in chains.items():
            found = {number: fault for number, fault in self._faults(key, parts) if fault}
            if found or any(number in fallen for number, _ in parts):
                actual = self._heads.get(key, NO_HEAD).version
                for number, part in parts:
                    fault = found.get(number) or Conflict(part.stream_id, actual)
                    if number not in fallen:
                        faults.setdefault(number, fault)
        return faults

    def _faults(
        self, key: Key, parts: Sequence[tuple[int, StreamAppend]]
    ) -> Iterator[tuple[int, Answer | None]]:
        head = self._heads.get(key, NO_HEAD)
        chain = _Chain(head.version, head.leaf_hash, head.recorded_at)
        for number, part in parts:
            yield number, self._fault(head, chain, part)
            chain.version = part.base + len(part.events)
            chain.leaf_hash = part.events[-1].leaf_hash if part.events else part.base_leaf
            if part.events:
                chain.recorded_at = part.events[-1].recorded_at

    def _fault(self, head: Head, chain: _Chain, part: StreamAppend) -> Answer | None:
        if head.read_only and part.events:
            return ReadOnly(part.stream_id)
        if (part.base, part.base_leaf) != (chain.version, chain.leaf_hash):
            return Conflict(part.stream_id, head.version)
        if not part.events:
            return None
        now, begins, ends = self._now(), part.events[0].recorded_at, part.events[-1].recorded_at
        if begins < now - CLOCK_TOLERANCE or ends > now + CLOCK_TOLERANCE:
            return ClockOff(now)
        return ClockOff(now) if chain.recorded_at and begins < chain.recorded_at else None

    def _write(self, command: AppendCommand) -> Answer:
        tenant = command.tenant
        parts = with_events(command)
        for part in parts:
            for claim in part.release:
                if self._claims.get((tenant, claim)) == part.stream_id:
                    del self._claims[tenant, claim]
        for part in parts:
            for claim in part.take:
                self._claims[tenant, claim] = part.stream_id
            for version, event in enumerate(part.events, start=part.base + 1):
                self._write_event(command, part, version, event)
        if isinstance(command.turn, Passes):
            of_case = self._of(tenant, command.turn.case_id)
            own = [key for key in of_case if self._categories[key] not in ABOUT_THE_RECORD]
            self._set(own, own)
        position = len(self._log) if parts else 0
        versions = versions_after(command)
        self._accepted[tenant, command.command_id] = Duplicate(command.outcome, versions, position)
        return Appended(versions, position)

    def _write_event(
        self, command: AppendCommand, part: StreamAppend, version: int, event: NewEvent
    ) -> None:
        key = command.tenant, part.stream_id
        stored = as_stored(command, part, version, event, len(self._log) + 1)
        self._log.append(stored)
        self._streams[key].append(stored)
        self._categories.setdefault(key, part.category)
        head = self._heads.get(key, Head(case_id=part.case_id))
        self._heads[key] = replace(
            head, version=version, recorded_at=event.recorded_at, leaf_hash=event.leaf_hash
        )
