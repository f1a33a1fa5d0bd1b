"""What a command reads ahead costs one round trip; the first also finds whether it is known."""

from uuid import UUID, uuid4

import pytest

from chassis.commands.situation import AcceptedBefore, Looked
from ledger.commands import Claim
from ledger.looking import Found, Wanted
from ledger.memory import MemoryStore
from packages.chassis.tests.counters import COUNTER
from packages.chassis.tests.in_memory import InMemory

FREE = Claim("nobody", "holds it")


class Counting(MemoryStore):
    """A store that counts its round trips."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    async def look(self, tenant: UUID, scope: frozenset[UUID], wanted: Wanted) -> Found:
        """Read, and count."""
        self.looks += 1
        return await super().look(tenant, scope, wanted)


async def filled() -> tuple[InMemory, Counting, list[UUID]]:
    """Give a store that counts, with two counters."""
    store = Counting()
    one = InMemory(store=store)
    counters = [await one.opened(counted=1) for _ in range(2)]
    store.looks = 0
    return one, store, counters


def looked(one: InMemory, store: MemoryStore, command_id: UUID) -> Looked:
    return Looked(one.shell.registry, store, one.tenant, frozenset([one.tenant]), command_id)


async def test_what_was_read_ahead_is_not_read_again() -> None:
    one, store, counters = await filled()
    situation = looked(one, store, uuid4())
    await situation.look(dict.fromkeys(counters, COUNTER), claims=[FREE])
    states = [await situation.state(COUNTER, each) for each in counters]
    assert states[0] != COUNTER.initial
    assert await situation.holder(FREE) is None
    await situation.now()
    assert store.looks == 1


async def test_what_was_not_read_ahead_is_read_when_it_is_asked_for() -> None:
    one, store, [first, second] = await filled()
    situation = looked(one, store, uuid4())
    await situation.look({first: COUNTER})
    assert await situation.state(COUNTER, second) == await situation.state(COUNTER, first)
    assert await situation.holder(FREE) is None
    assert store.looks == 3


async def test_the_first_reading_finds_that_a_command_was_accepted() -> None:
    one, store, [counter, _] = await filled()
    [[_, accepted], *_] = sorted(one.memory.accepted)
    for ahead in ({counter: COUNTER}, {}):
        situation = looked(one, store, accepted)
        with pytest.raises(AcceptedBefore):
            await (situation.look(ahead) if ahead else situation.now())
    assert store.looks == 2
