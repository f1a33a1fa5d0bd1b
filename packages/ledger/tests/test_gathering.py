"""What many want at once is read together, and each is told what he alone would be."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

import pytest

from ledger.commands import Claim, Loaded
from ledger.gathering import Gathering
from ledger.looking import HEAD_ONLY, Found, Wanted
from ledger.memory import MemoryStore
from ledger.samples import command, part
from ledger.store import NotInScope, StoreFault, StoreUnavailable

UNASKABLE = Claim("kind", "what no store can be asked for")


class Slow(MemoryStore):
    """A store of which a reading takes until it is let go, and may fail."""

    def __init__(self) -> None:
        super().__init__()
        self.readings: list[tuple[UUID, frozenset[UUID], Wanted]] = []
        self.go = asyncio.Event()
        self.fails_at: int | None = None

    async def look(self, tenant: UUID, scope: frozenset[UUID], wanted: Wanted) -> Found:
        """Wait, then read."""
        self.readings.append((tenant, scope, wanted))
        await self.go.wait()
        if UNASKABLE in wanted.claims:
            raise StoreFault("DataError")
        if len(self.readings) == self.fails_at:
            raise StoreUnavailable("for the moment")
        return await super().look(tenant, scope, wanted)

    @property
    def streams_read(self) -> list[set[UUID]]:
        """The streams of each reading."""
        return [set(wanted.streams) for _, _, wanted in self.readings]


@pytest.fixture
def slow() -> Slow:
    """Give a store that waits to be let go."""
    return Slow()


async def filled(slow: Slow, tenant: UUID, count: int = 5) -> list[UUID]:
    """Fill a store with streams of two events each."""
    streams = [uuid4() for _ in range(count)]
    await slow.append([command(tenant, part(each, count=2)) for each in streams])
    return streams


async def asked(
    store: Gathering, tenant: UUID, *wanted: Wanted, scope: Sequence[UUID] = ()
) -> list[asyncio.Task[Found]]:
    """Ask, each for himself, and wait until all have."""
    may = frozenset([tenant, *scope])
    tasks = [asyncio.create_task(store.look(tenant, may, each)) for each in wanted]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


def whole(*streams: UUID) -> list[Wanted]:
    return [Wanted({each: 0}) for each in streams]


async def test_what_is_wanted_during_a_reading_is_read_in_one_go(slow: Slow, tenant: UUID) -> None:
    streams = await filled(slow, tenant)
    store = Gathering(slow)
    first = await asked(store, tenant, *whole(streams[0]))
    others = await asked(store, tenant, *whole(*streams[1:]))
    slow.go.set()
    found = await asyncio.gather(*first, *others)
    assert slow.streams_read == [{streams[0]}, set(streams[1:])]
    assert [[*each.streams] for each in found] == [[each] for each in streams]
    assert [len(each.streams[one].events) for each, one in zip(found, streams, strict=True)] == (
        [2] * 5
    )


async def test_each_sees_what_the_store_held_after_he_asked(slow: Slow, tenant: UUID) -> None:
    [first, second] = await filled(slow, tenant, 2)
    store = Gathering(slow)
    [before] = await asked(store, tenant, *whole(first))
    [after] = await asked(store, tenant, *whole(second))
    assert len(slow.readings) == 1, "a reading under way is never joined"
    slow.go.set()
    await asyncio.gather(before, after)


async def test_of_a_stream_that_two_want_each_gets_the_part_that_he_wanted(
    slow: Slow, tenant: UUID
) -> None:
    [first, stream] = await filled(slow, tenant, 2)
    store = Gathering(slow)
    [before] = await asked(store, tenant, *whole(first))
    parts = await asked(store, tenant, *(Wanted({stream: known}) for known in (HEAD_ONLY, 1, 0)))
    slow.go.set()
    await before
    loaded = [(await each).streams[stream] for each in parts]
    assert [[event.version for event in each.events] for each in loaded] == [[], [2], [1, 2]]
    assert {each.head.version for each in loaded} == {2}
    assert len(slow.readings) == 2


async def test_each_is_told_of_his_own_commands_and_claims_only(slow: Slow, tenant: UUID) -> None:
    claims = [Claim("kind", str(number)) for number in range(2)]
    sent = [command(tenant, part(uuid4(), take=[each])) for each in claims]
    await slow.append(sent)
    store = Gathering(slow)
    [first] = await asked(store, tenant, Wanted())
    tasks = await asked(
        store,
        tenant,
        *(
            Wanted(commands=[each.command_id], claims=[claim])
            for each, claim in zip(sent, claims, strict=True)
        ),
        Wanted(commands=[uuid4()], claims=[Claim("kind", "free")]),
    )
    slow.go.set()
    found = [await each for each in (first, *tasks)]
    assert len(slow.readings) == 2
    assert [[*each.accepted] for each in found] == [
        [],
        *([each.command_id] for each in sent),
        [],
    ]
    assert [dict(each.holders) for each in found] == [
        {},
        *({claim: each.streams[0].stream_id} for each, claim in zip(sent, claims, strict=True)),
        {},
    ]


async def test_authorities_neither_share_a_reading_nor_wait_for_one_another(
    slow: Slow, tenant: UUID
) -> None:
    other = uuid4()
    store = Gathering(slow)
    tasks = [
        *await asked(store, tenant, *whole(uuid4(), uuid4()), scope=[other]),
        *await asked(store, other, *whole(uuid4()), scope=[tenant]),
    ]
    assert [(of, scope) for of, scope, _ in slow.readings] == [
        (tenant, frozenset([tenant])),
        (other, frozenset([other])),
    ]
    slow.go.set()
    await asyncio.gather(*tasks)
    assert {scope for _, scope, _ in slow.readings} == {frozenset([tenant]), frozenset([other])}


async def test_whoever_asks_outside_of_his_scope_is_refused_and_reads_nothing(
    slow: Slow, tenant: UUID
) -> None:
    with pytest.raises(NotInScope):
        await Gathering(slow).look(tenant, frozenset([uuid4()]), Wanted())
    assert slow.readings == []


@pytest.mark.parametrize(("at", "failed"), [(1, 1), (2, 3)])
async def test_a_reading_that_fails_is_told_to_all_who_share_it_and_the_next_goes_well(
    slow: Slow, tenant: UUID, at: int, failed: int
) -> None:
    streams = await filled(slow, tenant, 4)
    store = Gathering(slow)
    slow.fails_at = at
    tasks = await asked(store, tenant, *whole(*streams))
    slow.go.set()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in told].count(StoreUnavailable) == failed
    assert [type(each) for each in told].count(Found) == len(told) - failed
    [again] = await asked(store, tenant, *whole(streams[0]))
    assert [*(await again).streams] == [streams[0]]


async def test_who_wants_what_cannot_be_asked_for_fails_alone(slow: Slow, tenant: UUID) -> None:
    streams = await filled(slow, tenant, 3)
    store = Gathering(slow)
    tasks = await asked(store, tenant, *whole(*streams), Wanted(claims=[UNASKABLE]))
    slow.go.set()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in told] == [Found, Found, Found, StoreFault]


@pytest.mark.parametrize("gone", [0, 1])
async def test_a_caller_that_goes_away_takes_no_other_with_him(
    slow: Slow, tenant: UUID, gone: int
) -> None:
    streams = await filled(slow, tenant, 3)
    store = Gathering(slow)
    tasks = await asked(store, tenant, *whole(*streams))
    tasks[gone].cancel()
    await asyncio.sleep(0)
    slow.go.set()
    found: Sequence[Found | BaseException] = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(found[gone], asyncio.CancelledError)
    stayed = {each: one for each, one in zip(streams, found, strict=True) if isinstance(one, Found)}
    assert [_versions(one.streams) for one in stayed.values()] == [{each: 2} for each in stayed]
    assert len(stayed) == 2


def _versions(streams: Mapping[UUID, Loaded]) -> dict[UUID, int]:
    return {each: loaded.head.version for each, loaded in streams.items()}
