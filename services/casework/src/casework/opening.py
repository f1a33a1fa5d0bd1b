"""The facts of a stream as a reader may see them, sealed words opened as purpose and role allow."""

from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework.allocations.relations import known_to_worker, worker_of
from casework.requests import purpose as purpose_of
from casework.tasks.lists import Reader, reader_of
from chassis.edge.rpc import caller, tenant_of
from ledger.envelope import Recorded
from ledger.personal import Handle
from ledger.registry import personal_fields
from throughline.common.v1.common_pb2 import ReadContext

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chassis.commands.shell import Shell
    from chassis.runtime import Runtime
    from ledger.connect import Connection


@asynccontextmanager
async def reading(
    runtime: "Runtime", context: ReadContext
) -> "AsyncIterator[tuple[Connection, Reader]]":
    """Give a connection to read a list with, and who reads: he sees no family that he knows."""
    by = caller()
    tenant, worker = tenant_of(context, by), worker_of(by.actor.id)
    known = await known_to_worker(runtime, tenant, worker) if worker else frozenset()
    async with runtime.shell.reading(context) as rows:
        yield rows, await reader_of(rows, tenant, known)


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact with what was opened of it, by field; what stayed sealed is not among it."""

    fact: Recorded[Any]
    opened: Mapping[str, Any]

    def text(self, field: str = "words") -> str:
        """Return an opened text; empty where it was not opened, or there is none."""
        said = self.opened.get(field)
        return said if isinstance(said, str) else ""

    @property
    def words(self) -> str:
        """What was said in a fact that has one sealed text, whatever its field is called."""
        return next((each for each in self.opened.values() if isinstance(each, str)), "")


async def read(
    shell: "Shell", context: ReadContext, tenant: UUID, stream: UUID, case_id: UUID | None
) -> list[Seen]:
    """Return the facts of a stream, oldest first, opened if a purpose is given."""
    stored = await shell.store.read(tenant, stream)
    facts = [shell.registry.decode(each) for each in stored]
    sealed = [_sealed(each.event) for each in facts]
    if not context.purpose:
        return [Seen(each, {}) for each in facts]
    handles = [handle for each in sealed for handle in each.values()]
    values = iter(await opened(shell, context, handles, tenant, case_id))
    return [
        Seen(fact, {name: next(values) for name in fields})
        for fact, fields in zip(facts, sealed, strict=True)
    ]


async def opened(
    shell: "Shell",
    context: ReadContext,
    handles: Sequence[Handle[Any]],
    tenant: UUID,
    case_id: UUID | None,
) -> list[Any]:
    """Open sealed values for the caller; without a purpose, or handles, nothing is opened."""
    if not context.purpose or not handles:
        return [None] * len(handles)
    return await shell.unseal(purpose_of(context), handles, tenant=tenant, case_id=case_id)


def _sealed(event: Any) -> dict[str, Handle[Any]]:
    values = {name: getattr(event, name) for name in personal_fields(type(event))}
    return {name: each for name, each in values.items() if isinstance(each, Handle)}
