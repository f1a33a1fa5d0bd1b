"""Which streams are touched as a family comes with its case: all in one append, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never, get_args
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day
from ledger.commands import Claim
from referrals.arrivals.arrival import (
    ARRIVAL,
    Arrival,
    ArrivalCommand,
    Awaited,
    AwaitFamily,
    FamilyAwaited,
    NoteArrived,
    NoteUntold,
)
from referrals.arrivals.law import learning
from referrals.arrivals.packet import Brought, Member
from referrals.duty.facts import AnyFact
from referrals.people.facts import ChannelEnded, ContactForbidden
from referrals.people.learning import EndChannel, Learn
from referrals.people.person import (
    CHILD_CLAIM,
    PERSON,
    DescribeAdult,
    IdentifyChild,
    Nobody,
    Person,
    PersonCommand,
)
from referrals.people.said import ChildDescribed
from referrals.streams import arrival_stream, person_stream


@dataclass(frozen=True, slots=True)
class ReceiveFamily:
    """Make the people of a case known here, by the ids that they have where they come from.

    `key` is the child's blind index here, None for one who has no name to be known by. `law`: the
    facts of who owes the child the service.
    """

    transfer: UUID
    key: str | None
    people: tuple[Member, ...]
    law: tuple[AnyFact, ...]


Command: TypeAlias = AwaitFamily | ReceiveFamily | NoteUntold


async def compose(command: Command, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps; none where the family came before, or is not awaited."""
    match command:
        case AwaitFamily(said=said):
            return [_step(said, command)]
        case NoteUntold(transfer=transfer) | ReceiveFamily(transfer=transfer):
            arrival: Arrival = await situation.state(ARRIVAL, arrival_stream(transfer))
            if not isinstance(arrival, Awaited):
                return []
            if isinstance(command, NoteUntold):
                return [_step(arrival.said, command)]
            return await _receive(command, arrival.said, situation)
        case _:
            assert_never(command)


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(Command), compose)


def _step(said: FamilyAwaited, command: ArrivalCommand) -> Step:
    return Step(ARRIVAL, arrival_stream(said.transfer), command, said.case, (said.child,))


async def _receive(
    command: ReceiveFamily, said: FamilyAwaited, situation: Situation
) -> Sequence[Step]:
    people = tuple(each.described.person for each in command.people)
    await situation.look({person_stream(each): PERSON for each in people})
    known = tuple([each for each in people if await _is_known(each, situation)])
    steps = [_step(said, NoteArrived(said.transfer, people, known))]
    for each in command.people:
        if each.described.person in known:
            steps += _to_known(said, each)
        else:
            steps += [await _described(command, said, each, situation), *_facts(said, each)]
    if said.child not in known:
        # Whoever knew the child has drawn the line of who owes the service already.
        today = london_day(await situation.now())
        steps += learning(said.case, said.child, command.law, today)
    return steps


async def _is_known(person: UUID, situation: Situation) -> bool:
    state: Person = await situation.state(PERSON, person_stream(person))
    return not isinstance(state, Nobody)


async def _described(
    command: ReceiveFamily, said: FamilyAwaited, member: Member, situation: Situation
) -> Step:
    """Return the step that makes somebody known.

    A child who is known here as another person by name and birth date is proposed as the same one,
    as after any description; the claim on them stays with who has it.
    """
    described = member.described
    if not isinstance(described, ChildDescribed):
        return _on(said, described.person, DescribeAdult(described))
    identify = IdentifyChild(said.case, said.family, described)
    claims = (Claim(CHILD_CLAIM, command.key),) if command.key is not None else ()
    free = [each for each in claims if await situation.holder(each) is None]
    return replace(_on(said, described.person, identify), take=tuple(free))


def _facts(said: FamilyAwaited, member: Member) -> list[Step]:
    return [_on(said, fact.person, _learning(fact)) for fact in member.facts]


def _to_known(said: FamilyAwaited, member: Member) -> list[Step]:
    """Whoever is known here is as he is known here, but for whom an order holds since."""
    orders = [each for each in member.facts if isinstance(each, ContactForbidden)]
    return [_on(said, each.person, Learn(each)) for each in orders]


def _learning(fact: Brought) -> Learn | EndChannel:
    if isinstance(fact, ChannelEnded):
        return EndChannel(fact.person, fact.record, fact.on, fact.reason)
    return Learn(fact)


def _on(said: FamilyAwaited, person: UUID, command: PersonCommand) -> Step:
    case = said.case if person == said.child else None
    return Step(PERSON, person_stream(person), command, case_id=case, subjects=(person,))
