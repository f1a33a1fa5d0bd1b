"""Whose thread is read where somebody is asked for: a merged person's is another's."""

from typing import TYPE_CHECKING
from uuid import UUID

from chassis.failures import NotFound
from referrals.people.known import MergedInto
from referrals.people.person import PERSON, Adult, Child, Nobody, Person, Referrer
from referrals.streams import person_stream

if TYPE_CHECKING:
    from chassis.commands.shell import Shell


async def thread_of(
    shell: "Shell", tenant: UUID, person: UUID
) -> tuple[UUID, Child | Adult | Referrer]:
    """Return who is read for a person, and that one's state. Raises NotFound.

    Merges are one deep: whoever was merged into is nobody else.
    """
    state = await _state(shell, tenant, person)
    standing = state.known.standing
    if isinstance(standing, MergedInto):
        return standing.into, await _state(shell, tenant, standing.into)
    return person, state


async def _state(shell: "Shell", tenant: UUID, person: UUID) -> Child | Adult | Referrer:
    state: Person = await shell.state(tenant, PERSON, person_stream(person))
    if isinstance(state, Nobody):
        raise NotFound("person")
    return state


async def absorbed_by(
    shell: "Shell", tenant: UUID, state: Child | Adult | Referrer
) -> list[Child | Adult | Referrer]:
    """Return the threads that are read as a person's own, that one's first."""
    others = [await _state(shell, tenant, each.merged) for each in state.known.absorbed]
    return [state, *others]
