"""Recording a look before its answer leaves; where it cannot be recorded, nothing is shown."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from chassis.acting import Act
from chassis.edge.rpc import caller
from ledger.ids import new_id
from referrals.worklists.look import ListRead, LookEvent, NoteLook

if TYPE_CHECKING:
    from chassis.commands.shell import Shell

ALL: Final = "all"
"""The list of all referrals of an authority, decided or not."""


async def note(shell: "Shell", tenant: UUID, shown: LookEvent) -> None:
    """Record that the caller of the moment is about to be shown something."""
    await shell.execute(
        Act(
            command_id=new_id(),
            tenant=tenant,
            scope=frozenset([tenant]),
            actor=caller().actor,
            command=NoteLook(shown),
        )
    )


async def looked(shell: "Shell", tenant: UUID, worklist: str, rows: int) -> None:
    """Record that the caller of the moment is about to be shown so many rows of a list."""
    await note(shell, tenant, ListRead(caller().actor.id, worklist, (), rows))
