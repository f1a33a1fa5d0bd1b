"""What policy is told of a caller: whether he asks for anything of a family that he knows.

A conflict of interest beats everything (SECURITY §1), in readings and in commands alike. Before
there is a case the facts are referrals' own, so they are read as they are recorded by now: right
after a conflict was answered its worker finds nothing of the family any more.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.edge.malformed import a_uuid
from chassis.identity.policy import Facts, FactsSource
from chassis.queries.reading import scoped
from referrals.walls.known_families import KnowsTooMany, families_known
from referrals.walls.naming import Named, named_in, names_something
from referrals.walls.past import named_in_past
from referrals.walls.whose import TooMany, families_of

if TYPE_CHECKING:
    from chassis.identity.tokens import Caller
    from chassis.runtime import Runtime

DENIED = Facts(denied=True)


def facts(runtime: "Runtime") -> FactsSource:
    """Look up whether the caller knows a family of which a request names anything."""

    async def look_up(caller: "Caller", _method: str, request: Any) -> Facts:
        if not names_something(request.DESCRIPTOR):
            return Facts()
        named = named_in(request)
        if not named:
            return Facts()

        async def all_named() -> frozenset[Named]:
            return named

        return await _facts(runtime, caller, request, all_named)

    return look_up


def past_facts(runtime: "Runtime") -> FactsSource:
    """Look up whether the caller knows a family that any fact is about whose past he asks for."""

    async def look_up(caller: "Caller", _method: str, request: Any) -> Facts:
        async def all_named() -> frozenset[Named]:
            return await named_in_past(runtime, _tenant(request), request)

        return await _facts(runtime, caller, request, all_named)

    return look_up


async def _facts(
    runtime: "Runtime",
    caller: "Caller",
    request: Any,
    all_named: Callable[[], Awaitable[frozenset[Named]]],
) -> Facts:
    worker = _worker(caller)
    # What a service does by itself, or a system, nobody can know the family of.
    if worker is None:
        return Facts()
    tenant = _tenant(request)
    try:
        async with scoped(runtime.rows.pool, tenant) as rows:
            known = await families_known(rows, tenant, worker)
        # Nearly everybody knows nobody: whose it is need not be looked up.
        if not known:
            return Facts()
        families = await families_of(runtime.shell, tenant, await all_named())
    except (KnowsTooMany, TooMany):
        return DENIED
    return Facts() if known.isdisjoint(families) else DENIED


def _tenant(request: Any) -> UUID:
    return a_uuid("context.authority", request.context.authority)


def _worker(caller: "Caller") -> UUID | None:
    try:
        return UUID(caller.actor.id)
    except ValueError:
        return None
