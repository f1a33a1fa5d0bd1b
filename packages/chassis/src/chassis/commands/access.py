"""Reading sealed data: recorded first, opened then, and refused where it cannot be recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.acting import Act, Step, unmoved
from chassis.commands.own_events import ACCESS, SealedDataRead
from chassis.failures import TRANSIENT, NotFound, Unavailable
from chassis.identity.tokens import Caller
from chassis.roles import Role
from ledger.decider import Decider
from ledger.ids import new_id, stream_of
from ledger.personal import Block, Handle, Personal, Plain
from vault.access import Access, KeyringUnavailable, Opening, ReadRefused
from vault.vault import Vault

if TYPE_CHECKING:
    from chassis.commands.shell import Shell

_TO_WORK = frozenset({Block.IDENTITY, Block.ADDRESS, Block.CONTACT, Block.NARRATIVE, Block.HEALTH})
_TO_WRITE_TO = frozenset({Block.IDENTITY, Block.ADDRESS, Block.CONTACT})

OPENABLE: dict[Role, frozenset[Block]] = {
    Role.DUTY_WORKER: _TO_WORK,
    Role.SUPPORT_WORKER: _TO_WORK,
    Role.THERAPIST: _TO_WORK,
    Role.SOCIAL_WORKER: _TO_WORK,
    Role.TEAM_MANAGER: _TO_WORK | {Block.BIRTH_FAMILY},
    Role.LETTERBOX_OFFICER: _TO_WRITE_TO | {Block.BIRTH_FAMILY},
    Role.AUDITOR: _TO_WORK | {Block.BIRTH_FAMILY},
    Role.SERVICE: _TO_WRITE_TO,
}
"""Which blocks a role may have opened, where policy lets it read at all; no entry, nothing.

The pre-adoption link is in none: it takes a break-glass of its own.
"""


def openable(roles: Iterable[Role]) -> frozenset[Block]:
    """Return the blocks that any of the roles may have opened."""
    return frozenset().union(*(OPENABLE.get(role, frozenset()) for role in roles))


@dataclass(frozen=True, slots=True)
class RecordRead:
    """Record that sealed data was read, in the course of a case where there is one."""

    read: SealedDataRead
    case_id: UUID | None


def _decide(command: RecordRead, _nothing: None) -> list[SealedDataRead]:
    """Each reading is a fact of its own: the same again is another reading."""
    return [command.read]


READS: Decider[RecordRead, None, SealedDataRead] = Decider(ACCESS, None, _decide, unmoved)


async def unseal(
    vault: Vault,
    caller: Caller,
    purpose: str,
    values: Sequence[Personal[Any]],
    *,
    tenant: UUID,
    case_id: UUID | None = None,
    also: frozenset[Block] = frozenset(),
) -> list[Any]:
    """Open personal values for a caller, in their order; each subject's reading is recorded first.

    Values of blocks that the caller's roles may not open stay handles, but for those of `also`,
    which the RPC itself is there to open for whoever policy lets call it. Without a case each
    subject is a reading of its own. Where it cannot be recorded nothing is opened: Unavailable
    where that may pass, else ReadRefused. NotFound for an authority out of the caller's scope.
    """
    if tenant not in caller.scope:
        raise NotFound("authority")
    allowed = openable(caller.roles) | also
    chosen: dict[UUID | None, list[int]] = {}
    for index, each in enumerate(values):
        if isinstance(each, Handle) and each.sealed.block in allowed:
            about = None if case_id is not None else each.sealed.subject
            chosen.setdefault(about, []).append(index)
    answer = [each.value if isinstance(each, Plain) else each for each in values]
    for subject, indexes in chosen.items():
        access = Access(caller.actor, purpose, tenant, case_id=case_id, subject=subject)
        opened = await _open(vault, [values[index] for index in indexes], access)
        for index, value in zip(indexes, opened, strict=True):
            answer[index] = value
    return answer


async def _open(vault: Vault, values: Sequence[Personal[Any]], access: Access) -> Sequence[Any]:
    try:
        return await vault.open(values, access)
    except KeyringUnavailable as error:
        raise Unavailable("the keyring is away") from error
    except ReadRefused as refused:
        if isinstance(refused.__cause__, TRANSIENT):
            raise Unavailable("the reading could not be recorded") from refused
        raise


async def record_access(shell: "Shell", access: Access, openings: Sequence[Opening]) -> None:
    """Append one fact for each subject that a reading opens: the vault's recorder."""
    for opening in openings:
        read = SealedDataRead(
            subject=opening.subject,
            reader=access.actor.id,
            purpose=access.purpose,
            blocks=tuple(each.value for each in opening.blocks),
            fields=opening.fields,
            events=opening.events,
        )
        await shell.execute(
            Act(
                command_id=new_id(),
                tenant=access.tenant,
                scope=frozenset([access.tenant]),
                actor=access.actor,
                command=RecordRead(read, access.case_id),
                correlation_id=access.correlation_id,
            )
        )


def read_step(service: str, command: RecordRead) -> Step:
    """Return the step that records a reading: a stream for each (case or person, reader)."""
    about = command.case_id or command.read.subject
    return Step(
        READS,
        stream_of(service, ACCESS, f"{about}:{command.read.reader}"),
        command,
        case_id=command.case_id,
        subjects=(command.read.subject,),
    )
