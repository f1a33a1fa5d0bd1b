"""Whether somebody asks for the past of a child or family that he knows: he finds nothing of it."""

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from pydantic_core import from_json

from casework.allocations.relations import KnowsTooMany, family_of, known_to_worker, worker_of
from chassis.edge.malformed import a_uuid
from chassis.identity.policy import Facts, FactsSource
from chassis.queries.history import asked_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chassis.identity.tokens import Caller
    from chassis.runtime import Runtime
    from ledger.commands import StoredEvent

MOST: Final = 100
"""Cases that are looked at for one request; no request that is right leads to as many."""


def past_facts(runtime: "Runtime") -> FactsSource:
    """Look up whether the caller knows anybody whom a fact is about whose past he asks for."""

    async def look_up(caller: "Caller", _method: str, request: Any) -> Facts:
        worker = worker_of(caller.actor.id)
        if worker is None:
            return Facts()
        tenant = a_uuid("context.authority", request.context.authority)
        try:
            known = await known_to_worker(runtime, tenant, worker)
        except KnowsTooMany:
            return Facts(denied=True)
        # Nearly everybody knows nobody: whose past it is need not be looked up.
        if not known:
            return Facts()
        async with runtime.rows.complete(tenant) as reading:
            people, cases = about(await asked_of(reading, request))
        if len(cases) > MOST:
            return Facts(denied=True)
        for each in cases:
            people |= await family_of(runtime, tenant, each)
        return Facts(denied=not known.isdisjoint(people))

    return look_up


def about(stored: "Iterable[StoredEvent]") -> tuple[set[UUID], set[UUID]]:
    """Return the people that facts are about, and the cases in whose file they are."""
    people: set[UUID] = set()
    cases: set[UUID] = set()
    for each in stored:
        beside = from_json(each.metadata)
        people |= {UUID(subject) for subject in beside.get("subjects") or ()}
        if beside.get("case_id"):
            cases.add(UUID(beside["case_id"]))
    return people, cases
