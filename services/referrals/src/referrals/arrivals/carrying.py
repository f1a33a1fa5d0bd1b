"""The carrier: makes the people of a case known to the authority that has it now, once.

What is sealed with the one authority is opened at that moment, which is recorded there, and sealed
again under the keys of the other in the same breath; nothing of it stands anywhere in between. The
identity is the service's own, for both authorities. A carrier that dies is followed by another: the
command's id is made from the event by which the family is awaited.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

from chassis.acting import Act
from chassis.failures import NotFound
from chassis.followers.errands import Errands
from chassis.roles import Role
from chassis.running import logs
from ledger.clock import london_day
from ledger.connect import ACQUIRE_S
from ledger.envelope import Actor
from ledger.ids import caused_id
from ledger.personal import Handle, Personal, Plain
from ledger.registry import personal_fields
from referrals.arrivals.arrival import ARRIVAL, Arrival, Awaited, FamilyAwaited, NoteUntold
from referrals.arrivals.awaited import FamilyDue, families_due, people_of
from referrals.arrivals.compose import ReceiveFamily
from referrals.arrivals.law import going
from referrals.arrivals.packet import Going, Member, adult_going, child_going
from referrals.duty.timeline import TIMELINE, facts_in
from referrals.people.families import PROJECTION
from referrals.people.names import child_key
from referrals.people.person import CHILD_CLAIM, Adult, Child
from referrals.people.said import ChildDescribed
from referrals.people.threads import thread_of
from referrals.redirects.withheld import is_here
from referrals.streams import SERVICE, arrival_stream, timeline_stream
from vault.access import Access

if TYPE_CHECKING:
    from chassis.runtime import Runtime

NAME: Final = "arrivals-carrier"
ACTOR: Final = Actor(f"service:{SERVICE}", Role.SERVICE.value)
PURPOSE: Final = "transfer"

_log = logs.logger(__name__)

F = TypeVar("F")


class NothingToTell(Exception):  # noqa: N818 # named for what is wrong
    """The authority that had the case cannot tell who the child is; the words hold ids alone."""


class Carrier:
    """Brings families to where their case is, each to its end."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._shell = runtime.shell
        self._vault = runtime.vault

    async def carry(self, due: FamilyDue) -> None:
        """Make the people known unless they are, or note that nobody can be told of."""
        stream = arrival_stream(due.transfer_id)
        arrival: Arrival = await self._shell.state(due.tenant, ARRIVAL, stream)
        if not isinstance(arrival, Awaited):
            return
        try:
            command: object = await self._received(due, arrival.said)
        except (NothingToTell, NotFound) as error:
            _log.error("family not told", stream_id=stream, error=type(error).__name__)
            command = NoteUntold(due.transfer_id)
        await self._do(due, command, stream)

    async def _received(self, due: FamilyDue, said: FamilyAwaited) -> ReceiveFamily:
        sender, today = said.from_authority, london_day(await self._shell.rows.now())
        thread, child = await thread_of(self._shell, sender, said.child)
        to = Going(said.transfer, said.family, today, said.parts)
        first = child_going(to, said.child, child) if isinstance(child, Child) else None
        if first is None or not await is_here(self._shell, sender, child):
            raise NothingToTell(f"the child of transfer {said.transfer} is not to be told of")
        adults = await self._adults(said)
        others = [adult_going(to, n, each, adult) for n, (each, adult) in enumerate(adults, 1)]
        sealed = [first, *(each for each in others if each is not None)]
        line = await self._shell.state(sender, TIMELINE, timeline_stream(thread))
        people = await self._opened(due, said, sealed)
        opened, key = await self._keyed(due.tenant, people[0])
        law = going(said.child, facts_in(line))
        return ReceiveFamily(said.transfer, key, (opened, *people[1:]), law)

    async def _adults(self, said: FamilyAwaited) -> list[tuple[UUID, Adult]]:
        """Return the adults of the family, each once; first the one who is written to."""
        runtime = self._runtime
        # Whoever was described until now is in the family; nobody stays behind for being new.
        await runtime.rows.seen((PROJECTION.name,), await runtime.feed.last_position())
        async with runtime.worker_pool.acquire(timeout=ACQUIRE_S) as connection:
            family = await people_of(connection, said.from_authority, said.family)
        found: dict[UUID, tuple[UUID, Adult]] = {}
        for each in ([said.contact] if said.contact else []) + family:
            try:
                thread, state = await thread_of(self._shell, said.from_authority, each)
            except NotFound:
                continue
            here = await is_here(self._shell, said.from_authority, state)
            if isinstance(state, Adult) and here:
                found.setdefault(thread, (each, state))
        return list(found.values())

    async def _opened(
        self, due: FamilyDue, said: FamilyAwaited, sealed: Sequence[Member]
    ) -> list[Member]:
        """Open what goes along, which is recorded first. What was shredded is nothing."""
        facts = [fact for each in sealed for fact in (each.described, *each.facts)]
        access = Access(
            ACTOR,
            PURPOSE,
            said.from_authority,
            case_id=said.case,
            correlation_id=due.correlation_id,
        )
        handles = [value for fact in facts for value in _sealed(fact).values()]
        values = iter(await self._vault.open(handles, access))
        return [
            Member(_plain(each.described, values), tuple(_plain(f, values) for f in each.facts))
            for each in sealed
        ]

    async def _keyed(self, tenant: UUID, child: Member) -> tuple[Member, str | None]:
        """Return the child with its month of birth as it is now known, and its blind index."""
        said = child.described
        if not isinstance(said, ChildDescribed):
            raise TypeError(f"the first member is {type(said).__name__}")
        given, family, born = (
            _text(each) for each in (said.given_name, said.family_name, said.date_of_birth)
        )
        if not born:
            raise NothingToTell("the child's keys are destroyed")
        born_on = date.fromisoformat(born)
        text = child_key(given, family, born_on)
        key = await self._vault.blind_index(tenant, CHILD_CLAIM, text) if text else None
        return replace(child, described=replace(said, birth_month=f"{born_on:%Y-%m}")), key

    async def _do(self, due: FamilyDue, command: object, target: UUID) -> None:
        await self._shell.execute(
            Act(
                command_id=caused_id(SERVICE, due.awaited_by, type(command).__name__, target),
                tenant=due.tenant,
                scope=frozenset([due.tenant]),
                actor=ACTOR,
                command=command,
                correlation_id=due.correlation_id,
                causation_id=due.awaited_by,
            )
        )


def _sealed(fact: object) -> dict[str, Handle[Any]]:
    values = {name: getattr(fact, name) for name in personal_fields(type(fact))}
    return {name: value for name, value in values.items() if isinstance(value, Handle)}


def _plain(fact: F, values: Iterator[object]) -> F:
    """Return a fact with what was opened of it, taken in the order in which it was opened."""
    opened = {name: Plain(_said(next(values))) for name in _sealed(fact)}
    return replace(fact, **opened)  # type: ignore[type-var] # every fact is a dataclass


def _said(value: object) -> str | None:
    return value if isinstance(value, str) or value is None else ""


def _text(value: Personal[Any]) -> str:
    return str(value.value or "") if isinstance(value, Plain) else ""


def errands(runtime: "Runtime") -> Errands[FamilyDue]:
    """Return the families that are to be brought, as errands of this process."""
    return Errands(
        runtime,
        NAME,
        families_due,
        lambda due: due.transfer_id,
        arrival_stream,
        Carrier(runtime).carry,
    )


async def carry_families(runtime: "Runtime") -> None:
    """Carry as the one leader, whenever it is this process's turn, until it is asked to end."""
    await errands(runtime).go_on()
