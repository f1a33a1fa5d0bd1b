"""A stream read from its snapshot on has the state that all of its events give.

What was sealed stays so. Both stores keep the same promises. By another fold a snapshot is void.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from ledger import looking
from ledger.commands import Loaded, Snapshot
from ledger.connect import Pool
from ledger.decider import Decider
from ledger.looking import Wanted
from ledger.memory import MemoryStore
from ledger.personal import Block, Handle, Personal, Plain, SealedBlock
from ledger.postgres import PostgresStore
from ledger.samples import REGISTRY, Happened, Kept, command, head_after, part
from ledger.snapshots import EVERY, Codec, SnapshotWriter, folded
from ledger.state_bytes import NotEncodable
from ledger.store import NotInScope, StoreUnavailable


@dataclass(frozen=True)
class Silent:
    """Nothing was said."""


@dataclass(frozen=True)
class Spoken:
    """What was said, by how many."""

    words: tuple[str, ...]
    events: int


Talk: TypeAlias = Silent | Spoken


def evolve(talk: Talk, event: Happened) -> Talk:
    match talk:
        case Silent():
            return Spoken((event.text,), 1)
        case Spoken(words=words, events=events):
            return Spoken((*words[-5:], event.text), events + 1)


def evolve_otherwise(talk: Talk, event: Happened) -> Talk:
    """Fold as `evolve`, but by other code."""
    return evolve(talk, event)


def decide(_command: object, _talk: Talk) -> Sequence[Happened]:
    return []


TALK: Decider[object, Talk, Happened] = Decider("Thing", Silent(), decide, evolve)
OTHER: Decider[object, Talk, Happened] = Decider("Thing", Silent(), decide, evolve_otherwise)


async def say(kept: Kept, tenant: UUID, texts: Sequence[str], stream: UUID | None = None) -> UUID:
    """Record a text an event."""
    stream_id = stream or uuid4()
    head = await kept.head(tenant, stream_id)
    for text in texts:
        made = part(stream_id, head, text=text)
        await kept.append(command(tenant, made))
        head = head_after(made)
    return stream_id


async def load(kept: Kept, tenant: UUID, stream: UUID, fold_id: str = "", after: int = 0) -> Loaded:
    wanted = Wanted({stream: after}, {stream: fold_id} if fold_id else {})
    return (await kept.store.look(tenant, frozenset([tenant]), wanted)).streams[stream]


@pytest.fixture
def codec() -> Codec[Talk]:
    """Give the codec of the decider."""
    return Codec(TALK)


async def keep(kept: Kept, tenant: UUID, stream: UUID, codec: Codec[Talk]) -> Snapshot:
    """Keep a snapshot of the stream as it is."""
    loaded = await load(kept, tenant, stream)
    state = codec.encode(folded(REGISTRY, TALK, loaded))
    last = loaded.events[-1]
    snapshot = Snapshot(last.version, last.position, codec.fold_id, state)
    await kept.store.keep_snapshot(tenant, stream, snapshot)
    return snapshot


async def test_a_snapshot_and_the_tail_give_the_state_of_all_events(
    kept: Kept, tenant: UUID, codec: Codec[Talk]
) -> None:
    stream = await say(kept, tenant, ["a", "b", "c"])
    snapshot = await keep(kept, tenant, stream, codec)
    await say(kept, tenant, ["d", "e"], stream)
    whole = await load(kept, tenant, stream)
    tail = await load(kept, tenant, stream, codec.fold_id)
    assert tail.snapshot == snapshot
    assert [each.version for each in tail.events] == [4, 5]
    assert tail.head == whole.head
    assert folded(REGISTRY, TALK, tail) == folded(REGISTRY, TALK, whole)


async def test_another_fold_voids_it(kept: Kept, tenant: UUID, codec: Codec[Talk]) -> None:
    stream = await say(kept, tenant, ["a", "b"])
    await keep(kept, tenant, stream, codec)
    for fold_id in ("", "another"):
        loaded = await load(kept, tenant, stream, fold_id)
        assert loaded.snapshot is None
        assert len(loaded.events) == 2
    assert Codec(OTHER).fold_id != codec.fold_id


async def test_one_of_another_fold_gives_way_and_an_older_one_does_not_come_back(
    kept: Kept, tenant: UUID, codec: Codec[Talk]
) -> None:
    stream = await say(kept, tenant, ["a", "b"])
    newer = await keep(kept, tenant, stream, codec)
    await kept.store.keep_snapshot(tenant, stream, replace(newer, version=1))
    assert (await load(kept, tenant, stream, codec.fold_id)).snapshot == newer
    other = replace(newer, version=1, fold_id="another")
    await kept.store.keep_snapshot(tenant, stream, other)
    assert (await load(kept, tenant, stream, codec.fold_id)).snapshot is None
    assert (await load(kept, tenant, stream, "another")).snapshot == other


async def test_it_is_of_no_use_to_whoever_knows_more(
    kept: Kept, tenant: UUID, codec: Codec[Talk]
) -> None:
    stream = await say(kept, tenant, ["a", "b", "c"])
    await keep(kept, tenant, stream, codec)
    await say(kept, tenant, ["d"], stream)
    for after in (3, 4):
        loaded = await load(kept, tenant, stream, codec.fold_id, after=after)
        assert loaded.snapshot is None
        assert [each.version for each in loaded.events] == list(range(after + 1, 5))
    loaded = await load(kept, tenant, stream, codec.fold_id, after=2)
    assert loaded.snapshot is not None


async def test_streams_with_one_and_without_are_read_together(
    kept: Kept, tenant: UUID, codec: Codec[Talk]
) -> None:
    streams = [await say(kept, tenant, ["a", "b"]) for _ in range(3)]
    await keep(kept, tenant, streams[1], codec)
    absent = uuid4()
    wanted = [*streams, absent]
    found = await looking.load(kept.store, tenant, wanted, dict.fromkeys(wanted, codec.fold_id))
    assert [len(found[each].events) for each in wanted] == [2, 0, 2, 0]
    assert [found[each].snapshot is not None for each in wanted] == [False, True, False, False]
    assert [found[each].head.version for each in wanted] == [2, 2, 2, 0]


async def test_nobody_reads_the_snapshot_of_another_authority(
    kept: Kept, tenant: UUID, codec: Codec[Talk]
) -> None:
    stream = await say(kept, tenant, ["a", "b"])
    await keep(kept, tenant, stream, codec)
    assert (await load(kept, uuid4(), stream, codec.fold_id)).snapshot is None
    with pytest.raises(NotInScope):
        await kept.store.look(tenant, frozenset(), Wanted({stream: 0}, {stream: codec.fold_id}))


async def test_a_repeated_command_is_known_beside_a_snapshot(
    kept: Kept, tenant: UUID, codec: Codec[Talk]
) -> None:
    stream = uuid4()
    made = command(tenant, part(stream, count=3), outcome="done")
    await kept.append(made)
    await keep(kept, tenant, stream, codec)
    wanted = Wanted({stream: 0}, {stream: codec.fold_id}, [made.command_id])
    found = await kept.store.look(tenant, frozenset([tenant]), wanted)
    assert found.streams[stream].snapshot is not None
    assert found.accepted[made.command_id].outcome == "done"


@pytest_asyncio.fixture(loop_scope="session")
async def writer(kept: Kept) -> AsyncIterator[SnapshotWriter]:
    """Give the writer of a store's snapshots."""
    yield SnapshotWriter(kept.store)


async def test_many_events_make_a_snapshot_and_few_do_not(
    kept: Kept, tenant: UUID, codec: Codec[Talk], writer: SnapshotWriter
) -> None:
    stream = uuid4()
    await kept.append(command(tenant, part(stream, count=EVERY - 1)))
    for more in (1, 0, EVERY // 2, EVERY):
        loaded = await load(kept, tenant, stream, codec.fold_id)
        writer.offer(TALK, loaded.events, folded(REGISTRY, TALK, loaded))
        await writer.close()
        if more:
            head = await kept.head(tenant, stream)
            await kept.append(command(tenant, part(stream, head, count=more)))
    loaded = await load(kept, tenant, stream, codec.fold_id)
    assert loaded.snapshot is not None
    assert loaded.snapshot.version == EVERY
    assert writer.written == 1
    writer.offer(TALK, loaded.events, folded(REGISTRY, TALK, loaded))
    await writer.close()
    last = await load(kept, tenant, stream, codec.fold_id)
    assert last.snapshot is not None
    assert (last.snapshot.version, last.events) == (loaded.head.version, ())
    assert folded(REGISTRY, TALK, last) == folded(REGISTRY, TALK, await load(kept, tenant, stream))


async def test_what_is_not_committed_makes_no_snapshot(tenant: UUID) -> None:
    store = MemoryStore()
    stream = uuid4()
    await store.append([command(tenant, part(stream, count=EVERY))])
    events = await store.read(tenant, stream)
    writer = SnapshotWriter(store)
    writer.offer(TALK, [*events[:-1], replace(events[-1], position=0)], Spoken(("a",), EVERY))
    await writer.close()
    assert writer.written == 0


async def test_who_offers_never_waits_and_what_fails_fails_nobody(tenant: UUID) -> None:
    class Broken(MemoryStore):
        """A store that keeps nothing."""

        kept = 0

        async def keep_snapshot(self, _tenant: UUID, _stream_id: UUID, _snapshot: Snapshot) -> None:
            self.kept += 1
            await asyncio.sleep(0)
            raise StoreUnavailable("away")

    store = Broken()
    stream = uuid4()
    await store.append([command(tenant, part(stream, count=EVERY))])
    events = await store.read(tenant, stream)
    writer = SnapshotWriter(store)
    for _ in range(1_000):
        writer.offer(TALK, events, Spoken(("a",), EVERY))
    await writer.close()
    assert 0 < store.kept < 100
    assert writer.written == 0


class Colour(StrEnum):
    """One of two."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Rich:
    """Something of everything that states hold."""

    name: Personal[str]
    note: Personal[str | None]
    colours: frozenset[Colour]
    when: datetime
    on: date | None
    of: tuple[tuple[UUID, int], ...]


def evolve_rich(rich: Rich, _event: object) -> Rich:
    return rich


SEALED: Handle[str] = Handle(
    SealedBlock(
        tenant=uuid4(),
        stream_id=uuid4(),
        version=3,
        type="Described",
        schema_version=1,
        subject=uuid4(),
        block=Block.IDENTITY,
        key_id=uuid4(),
        nonce=b"\xff\x00\x80",
        ciphertext=bytes(range(256)),
        commitment=b"",
    ),
    "name",
)
RICH = Rich(
    SEALED,
    Plain(None),
    frozenset(Colour),
    datetime(2025, 3, 1, 12, 0, 0, 5, tzinfo=UTC),
    date(2025, 3, 1),
    ((UUID(int=7), 1), (UUID(int=8), 2)),
)
DESCRIBED: Decider[object, Rich, object] = Decider("Rich", RICH, lambda _c, _s: [], evolve_rich)


def test_sealed_values_are_in_it_as_sealed_as_they_were() -> None:
    codec = Codec(DESCRIBED)
    found = codec.decode(codec.encode(RICH))
    assert found == RICH
    assert isinstance(found.name, Handle)
    assert found.name.sealed.ciphertext == bytes(range(256))


def test_a_plain_personal_value_is_refused_and_not_quoted() -> None:
    with pytest.raises(NotEncodable, match="not sealed") as refused:
        Codec(DESCRIBED).encode(replace(RICH, name=Plain("Alice Hartley")))
    assert "Alice" not in str(refused.value)


def test_a_state_of_other_types_than_it_says_is_refused() -> None:
    listed: Any = [(UUID(int=7), 1)]
    odd = replace(RICH, of=listed)
    with pytest.raises(NotEncodable, match="list"):
        Codec(DESCRIBED).encode(odd)


@dataclass(frozen=True)
class Opaque:
    """A state that holds what nobody can write."""

    what: object


@dataclass(frozen=True)
class Unknown(Opaque):
    """A state that its fold does not name."""


def evolve_opaque(opaque: Opaque, _event: object) -> Opaque:
    return opaque


OPAQUE: Decider[object, Opaque, object] = Decider(
    "Opaque", Opaque(1), lambda _c, _s: [], evolve_opaque
)


@pytest.mark.parametrize(
    ("state", "named"),
    [(Opaque(object()), "object"), (Opaque({1}), "set"), (Unknown(1), "Unknown")],
)
async def test_what_cannot_be_encoded_says_so_and_fails_nobody(
    tenant: UUID, state: Opaque, named: str
) -> None:
    with pytest.raises(NotEncodable, match=named):
        Codec(OPAQUE).encode(state)
    store = MemoryStore()
    stream = uuid4()
    await store.append([command(tenant, part(stream, count=EVERY))])
    writer = SnapshotWriter(store)
    writer.offer(OPAQUE, await store.read(tenant, stream), state)
    await writer.close()
    assert writer.written == 0


def test_the_snapshot_of_another_fold_is_not_folded_on(codec: Codec[Talk]) -> None:
    del codec
    loaded: Any = type("L", (), {"snapshot": Snapshot(1, 1, "another", b""), "events": ()})()
    with pytest.raises(LookupError, match="another fold"):
        folded(REGISTRY, TALK, loaded)


async def test_a_snapshot_is_found_by_its_key(workers: Pool, tenant: UUID) -> None:
    kept = PostgresStore(workers)
    stream = uuid4()
    await kept.keep_snapshot(tenant, stream, Snapshot(5, 9, "f", b"s"))
    async with workers.acquire(timeout=5) as connection:
        await connection.execute("set enable_seqscan = off")
        plan = await connection.fetch(
            "explain select * from es.snapshots where tenant = $1 and stream_id = $2",
            tenant,
            stream,
        )
        await connection.execute("reset enable_seqscan")
    assert any("snapshots_pkey" in row[0] for row in plan)
