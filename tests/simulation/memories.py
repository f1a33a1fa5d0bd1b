"""What a relay and a consumer remember, kept in the world."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.inward.outcome import Outcome
from ledger.checkpoints import Checkpoint
from ledger.feed import Cursor
from ledger.heard import Before, Overtaken
from ledger.parked import BEHIND, Gone, ParkedRecord, Waiting
from tests.simulation.ports import turn
from tests.simulation.world import Kept, Memory, Stream, Wait, World

if TYPE_CHECKING:
    from ledger.commands import Duplicate

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 300.0


def park(memory: Memory, records: Sequence[ParkedRecord], why: Mapping[Stream, str]) -> None:
    """Let records wait, and their streams with them."""
    now = asyncio.get_running_loop().time()
    for each in records:
        stream = (each.tenant, each.stream_id)
        reason = why.get(stream, BEHIND)
        wait = memory.waits.setdefault(stream, Wait(reason, now + FIRST_PAUSE_S))
        wait.records.setdefault(each.version, each)


def due_of(memory: Memory) -> Waiting | None:
    """Return the stream that is longest overdue."""
    now = asyncio.get_running_loop().time()
    due = [(wait.due, stream) for stream, wait in memory.waits.items() if wait.due <= now]
    return Waiting(*min(due)[1]) if due else None


def try_later(memory: Memory, record: ParkedRecord, reason: str) -> None:
    """Let a stream wait longer."""
    wait = memory.waits.get((record.tenant, record.stream_id))
    if wait is not None:
        wait.attempts += 1
        wait.reason = reason
        pause = min(FIRST_PAUSE_S * 2**wait.attempts, LONGEST_PAUSE_S)
        wait.due = asyncio.get_running_loop().time() + pause


def take_away(memory: Memory, record: ParkedRecord) -> None:
    """Take a record away, and its stream with the last one. Raises Gone."""
    stream = (record.tenant, record.stream_id)
    wait = memory.waits.get(stream)
    if wait is None or wait.records.pop(record.version, None) is None:
        raise Gone
    wait.attempts, wait.due = 0, 0.0
    if not wait.records:
        del memory.waits[stream]


class WorldOutbox:
    """What a relay remembers."""

    def __init__(self, world: World, kept: Kept) -> None:
        self._world = world
        self._kept = kept

    async def resume(self) -> Checkpoint:
        """Return where to go on."""
        await turn()
        return self._kept.sent

    async def advance(
        self,
        since: Cursor,
        to: Cursor,
        seen_to: int,
        unsent: Sequence[ParkedRecord],
        reasons: Mapping[Stream, str],
    ) -> None:
        """Move the checkpoint and park, in one commit."""
        await turn()
        if self._kept.sent.cursor != since:
            raise AssertionError("another relay moved the checkpoint")
        self._kept.sent = Checkpoint(to, max(seen_to, self._kept.sent.seen_to))
        park(self._kept.relay, unsent, reasons)
        self._world.committed()
        await turn()

    async def blocked(self, streams: Sequence[Stream]) -> set[Stream]:
        """Return which of the streams wait."""
        await turn()
        return set(streams) & self._kept.relay.waits.keys()

    async def any_waits(self) -> bool:
        """Return whether any stream waits."""
        await turn()
        return bool(self._kept.relay.waits)

    async def next_due(self) -> Waiting | None:
        """Return a stream that is to be tried again now."""
        await turn()
        return due_of(self._kept.relay)

    async def waiting(self, due: Waiting, limit: int) -> list[ParkedRecord]:
        """Return what waits of a stream."""
        await turn()
        records = self._kept.relay.waits[due.tenant, due.stream_id].records
        return [records[version] for version in sorted(records)][:limit]

    async def attempted(self, record: ParkedRecord, reason: str) -> None:
        """Note that it failed again."""
        await turn()
        try_later(self._kept.relay, record, reason)
        self._world.committed()

    async def sent(self, record: ParkedRecord) -> None:
        """Take away what waits no more."""
        await turn()
        take_away(self._kept.relay, record)
        self._world.committed()
        await turn()


class WorldInbox:
    """What a consumer remembers."""

    def __init__(self, world: World, kept: Kept) -> None:
        self._world = world
        self._kept = kept

    async def before(
        self, streams: Sequence[Stream], commands: Sequence[tuple[UUID, UUID]]
    ) -> Before:
        """Return what is known of streams and commands."""
        await turn()
        memory = self._kept.heard
        found = {each: self._kept.store.duplicate(*each) for each in commands}
        accepted: dict[tuple[UUID, UUID], Duplicate] = {
            each: duplicate for each, duplicate in found.items() if duplicate is not None
        }
        known = {each: memory.heard[each] for each in streams if each in memory.heard}
        await turn()
        return Before(known, frozenset(set(streams) & memory.waits.keys()), accepted)

    async def write(self, outcome: Outcome) -> None:
        """Write all of it in one commit."""
        await turn()
        self._write(outcome)
        self._world.committed()
        await turn()

    async def next_due(self) -> Waiting | None:
        """Return a stream whose pause is over."""
        await turn()
        return due_of(self._kept.heard)

    async def waiting(self, due: Waiting, limit: int) -> list[ParkedRecord]:
        """Return what waits of a stream."""
        await turn()
        wait = self._kept.heard.waits.get((due.tenant, due.stream_id))
        records = wait.records if wait else {}
        return [records[version] for version in sorted(records)][:limit]

    async def attempted(self, record: ParkedRecord, reason: str) -> None:
        """Note that it failed again."""
        await turn()
        try_later(self._kept.heard, record, reason)
        self._world.committed()

    async def applied(self, outcome: Outcome, record: ParkedRecord) -> None:
        """Write what a record came to and take it away, in one commit."""
        await turn()
        if (record.tenant, record.stream_id) not in outcome.reasons:
            take_away(self._kept.heard, record)
        self._write(outcome)
        self._world.committed()
        await turn()

    def _write(self, outcome: Outcome) -> None:
        memory, steps = self._kept.heard, outcome.steps
        if any(memory.heard.get(each, 0) != known for each, (known, _) in steps.items()):
            raise Overtaken(outcome.consumer)
        for stream, (_, version) in steps.items():
            memory.heard[stream] = version
        for found, _, writes in outcome.applied:
            for number, write in enumerate(writes):
                key = (found.event_id, number, write.statement.name)
                memory.written[key] = memory.written.get(key, 0) + 1
        for refused in outcome.refused:
            memory.refused.setdefault((refused.event_id, refused.command_id), refused.refusal)
        park(memory, outcome.to_park, outcome.reasons)
        for letter in outcome.dead:
            memory.dead[letter.topic, letter.partition, letter.offset] = letter.reason
