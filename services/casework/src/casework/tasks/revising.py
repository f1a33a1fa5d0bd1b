"""Raises a task for each decision that a late or corrected fact might have changed.

It follows the log as its one leader, with a checkpoint of its own, so that a room that records a
fact need not know who has decided what. Done twice it changes nothing: one pair of decision and
fact raises one task.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from casework.streams import case_stream
from casework.tasks import knowledge, recounting
from casework.tasks.commands import LookAgain
from chassis.followers.following import lead
from chassis.followers.heeding import Heeded
from ledger.checkpoints import Lease
from ledger.commands import StoredEvent
from ledger.envelope import Recorded

if TYPE_CHECKING:
    from chassis.runtime import Runtime

HEEDED: Final = Heeded("late-facts", frozenset(each.__name__ for each in knowledge.FACTS), 500)
LONGEST_CASE: Final = 20_000
"""Events of one case that are looked through."""

_OF_INTEREST: Final = frozenset(each.__name__ for each in (*knowledge.FACTS, *knowledge.RESTS_ON))


class Revising:
    """Looks at facts as they are recorded."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime

    async def look(self, facts: Sequence[StoredEvent]) -> None:
        """Raise a task for each decision that one of these might have changed."""
        for each in facts:
            await self._look(self._runtime.service.registry.decode(each))

    async def _look(self, fact: Recorded[Any]) -> None:
        case_id = fact.envelope.case_id
        if case_id is None or not knowledge.is_late(fact):
            return
        found = knowledge.taken_before(fact, await self._history(fact.envelope.tenant, case_id))
        if found:
            await self._raise(fact, case_id, [each.envelope.event_id for each in found])

    async def _history(self, tenant: UUID, case_id: UUID) -> list[Recorded[Any]]:
        registry = self._runtime.service.registry
        async with self._runtime.rows.complete(tenant) as reading:
            stored = await reading.thread(case_id, LONGEST_CASE)
        return [registry.decode(each) for each in stored if each.type in _OF_INTEREST]

    async def _raise(self, fact: Recorded[Any], case_id: UUID, decisions: list[UUID]) -> None:
        # Refused where the case went elsewhere meanwhile: its people see the fact there.
        again = LookAgain(case_id, fact.envelope.event_id, tuple(decisions))
        await HEEDED.carry_out(self._runtime, fact.envelope, again, case_stream(case_id))


async def flag_late_facts(runtime: "Runtime") -> None:
    """Flag as the one leader, whenever it is this process's turn, until it is to end."""

    async def follow(lease: Lease) -> None:
        await recounting.recount(runtime)
        await HEEDED.follow(runtime, lease, Revising(runtime).look)

    await lead(runtime, HEEDED.name, follow)
