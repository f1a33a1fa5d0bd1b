"""How a caller stands to a case: what his part in it is, what was offered to him, whom he knows.

Read from the allocation and from the claims themselves, never from a read model: with a part its
rights end at once, and a worker who knows the family finds nothing from the instant it is said.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from casework.allocations import allocation
from casework.allocations.allocation_events import Part
from casework.allocations.allocation_states import part_of
from casework.cases import case
from casework.streams import allocation_stream, case_stream, known_to
from chassis.edge.contract import is_reading
from chassis.identity.policy import Facts, Relation
from chassis.queries.reading import scoped

if TYPE_CHECKING:
    from chassis.runtime import Runtime

MOST: Final = 1_000
"""Conflicts of one worker that are looked at; whoever has as many is let near no case at all."""

_OF_KNOWN = """
select case_id from read.cases
 where tenant = $1 and case_id = any ($2) and (child = any ($3) or family_id = any ($3))
"""


class KnowsTooMany(Exception):  # noqa: N818 # named for what was found
    """A worker has more conflicts than are looked at."""


async def to_case(
    runtime: "Runtime", tenant: UUID, case_id: UUID, actor: str, request: Any
) -> Facts:
    """Say how somebody stands to a case that he asks about, or asks to change.

    A consultant reads as the others do; what he may write is what the policy gives to consultants.
    """
    worker = worker_of(actor)
    if worker is None:
        return Facts()
    if await _knows(runtime, tenant, case_id, worker):
        return Facts(denied=True)
    held = await runtime.shell.state(tenant, allocation.DECIDER, allocation_stream(case_id))
    relations = set()
    match part_of(held, worker):
        case Part.LEAD | Part.CO_WORKER:
            relations.add(Relation.ALLOCATED)
        case Part.CONSULTANT:
            relations.add(Relation.CONSULTING)
            if is_reading(request.DESCRIPTOR):
                relations.add(Relation.ALLOCATED)
        case None:
            pass
    if any(each.worker == worker for each in held.around.offers):
        relations.add(Relation.OFFERED)
    # About himself, in a case: which offers he had, or that he knows the family.
    if getattr(request, "worker_id", None) == actor:
        relations.add(Relation.OWN)
    return Facts(frozenset(relations))


async def works_on(runtime: "Runtime", tenant: UUID, case_id: UUID, actor: str) -> bool:
    """Whether somebody leads a case or works beside its lead, and knows nobody of the family."""
    worker = worker_of(actor)
    if worker is None or await _knows(runtime, tenant, case_id, worker):
        return False
    held = await runtime.shell.state(tenant, allocation.DECIDER, allocation_stream(case_id))
    return part_of(held, worker) in {Part.LEAD, Part.CO_WORKER}


async def known_to_worker(runtime: "Runtime", tenant: UUID, worker: UUID) -> frozenset[UUID]:
    """Return the children and families that a worker knows. Raises KnowsTooMany."""
    found = await runtime.shell.store.claimed(tenant, known_to(worker, worker).kind, MOST)
    if len(found) == MOST:
        raise KnowsTooMany
    return frozenset(map(UUID, found))


async def _knows(runtime: "Runtime", tenant: UUID, case_id: UUID, worker: UUID) -> bool:
    try:
        known = await known_to_worker(runtime, tenant, worker)
    except KnowsTooMany:
        return True
    # Nearly everybody knows nobody: whose case it is need not be looked up.
    if not known:
        return False
    return not known.isdisjoint(await family_of(runtime, tenant, case_id))


async def unseen(
    runtime: "Runtime", tenant: UUID, actor: str, cases: Collection[UUID]
) -> frozenset[UUID]:
    """Return which of some cases stand in no list of somebody: he knows the child or family."""
    worker = worker_of(actor)
    if worker is None or not cases:
        return frozenset()
    try:
        known = await known_to_worker(runtime, tenant, worker)
    except KnowsTooMany:
        return frozenset(cases)
    if not known:
        return frozenset()
    async with scoped(runtime.rows.pool, tenant) as rows:
        found = await rows.fetch(_OF_KNOWN, tenant, list(cases), list(known))
    return frozenset(row["case_id"] for row in found)


async def family_of(runtime: "Runtime", tenant: UUID, case_id: UUID) -> frozenset[UUID]:
    """Return the child and the family of a case, none where there is no such case."""
    match await runtime.shell.state(tenant, case.DECIDER, case_stream(case_id)):
        case case.Open() as of:
            return frozenset({of.child, of.family_id})
        case case.Closed(last=of):
            return frozenset({of.child, of.family_id})
        case _:
            return frozenset()


def worker_of(actor: str) -> UUID | None:
    """Return a caller's id as workers are named; None for a service or system."""
    try:
        return UUID(actor)
    except ValueError:
        return None
