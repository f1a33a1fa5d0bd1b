"""What policy is told of a caller: whether he asks for anything of a family that he knows.

A conflict of interest beats everything (SECURITY §1), in readings and in commands alike. Before
there is a case the facts are referrals' own, so they are read as they are recorded by now: right
after a conflict was answered its worker finds nothing of the family any more.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.edge.malformed import a_uuid
from chassis.identity.policy import Facts, FactsSource
from chassis.queries.reading import scoped
from referrals.walls.known_families import KnowsTooMany, families_known
from referrals.walls.naming import named_in, names_something
from referrals.walls.whose import TooMany, families_of

if TYPE_CHECKING:
    from chassis.identity.tokens import Caller
    from chassis.runtime import Runtime

DENIED = Facts(denied=True)


def facts(runtime: "Runtime") -> FactsSource:
    """Look up whether the caller knows a family of which a request names anything."""

    async def look_up(caller: "Caller", _method: str, request: Any) -> Facts:
        worker = _worker(caller)
        # What a service does by itself, or a system, nobody can know the family of.
        if worker is None or not names_something(request.DESCRIPTOR):
            return Facts()
        named = named_in(request)
        if not named:
            return Facts()
        tenant = a_uuid("context.authority", request.context.authority)
        try:
            async with scoped(runtime.rows.pool, tenant) as rows:
                known = await families_known(rows, tenant, worker)
            # Nearly everybody knows nobody: whose it is need not be looked up.
            if not known or known.isdisjoint(await families_of(runtime.shell, tenant, named)):
                return Facts()
        except (KnowsTooMany, TooMany):
            return DENIED
        return DENIED

    return look_up


def _worker(caller: "Caller") -> UUID | None:
    try:
        return UUID(caller.actor.id)
    except ValueError:
        return None
