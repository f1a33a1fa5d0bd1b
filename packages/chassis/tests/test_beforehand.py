"""A command that was looked up with what was heard is not looked up again."""

from uuid import UUID, uuid4

from chassis.inward.beforehand import Beforehand
from ledger.commands import Duplicate
from ledger.looking import Found, Wanted
from ledger.memory import MemoryStore

tenant = uuid4()
scope = frozenset([tenant])


class Asked(MemoryStore):
    """A store that remembers which commands it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[UUID] = []

    async def look(self, tenant: UUID, scope: frozenset[UUID], wanted: Wanted) -> Found:
        """Read, and remember."""
        self.asked.extend(wanted.commands)
        return await super().look(tenant, scope, wanted)


async def test_what_is_known_of_a_command_is_told_without_asking() -> None:
    again, new, other = uuid4(), uuid4(), uuid4()
    was = Duplicate("as before", {uuid4(): 2}, 7)
    asked = Asked()
    store = Beforehand(asked, {(tenant, again): was}, frozenset({(tenant, again), (tenant, new)}))
    for command_id, expected in ((again, {again: was}), (new, {}), (other, {})):
        found = await store.look(tenant, scope, Wanted(commands=[command_id]))
        assert found.accepted == expected
    assert asked.asked == [other]


async def test_another_authoritys_command_of_that_id_is_looked_up() -> None:
    command_id = uuid4()
    asked = Asked()
    store = Beforehand(asked, {}, frozenset({(uuid4(), command_id)}))
    await store.look(tenant, scope, Wanted(commands=[command_id]))
    assert asked.asked == [command_id]
