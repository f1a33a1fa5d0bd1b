"""The wall before a worker who knows a family: what is of it looks to him like nothing."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller
from chassis.failures import NotFound
from chassis.queries.reading import scoped
from referrals.people import families
from referrals.worklists import open_referrals

if TYPE_CHECKING:
    from chassis.commands.shell import Shell

_FOLLOWERS: Final = (families.PROJECTION.name, open_referrals.PROJECTION.name)


async def check_shown(shell: "Shell", tenant: UUID, child: UUID) -> None:
    """Raise NotFound where the caller knows the child's family, by all that is recorded by now."""
    worker = a_uuid("token.sub", caller().actor.id)
    await shell.rows.seen(_FOLLOWERS, await shell.rows.feed.last_position())
    async with scoped(shell.rows.pool, tenant) as rows:
        if await families.hidden_from(rows, tenant, worker, [child]):
            raise NotFound("referral")
