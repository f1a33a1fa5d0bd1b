"""Which streams a consent touches: its own, and the redirects that rest on it where it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, get_args
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from chassis.failures import NotFound
from ledger.clock import london_day
from ledger.decider import Refusal
from ledger.personal import Personal
from referrals.consents.consent import (
    CONSENT,
    Capacity,
    ConsentGiven,
    GiveConsent,
    Given,
    RefuseConsent,
    WithdrawConsent,
)
from referrals.people.person import PERSON, Adult, Child, Person
from referrals.redirects.ending import for_consent
from referrals.streams import consent_stream, person_stream


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Somebody agrees, from a day on or, where none is named, from today."""

    child: UUID
    recipient: str
    by: UUID
    capacity: Capacity
    competent_on: date | None
    from_day: date | None
    until: date | None
    how: Personal[str | None]
    limits: Personal[str | None]


class MayNotDecide(Refusal):
    """Whoever says so has no parental responsibility, or is not the child."""


class EndsBeforeItBegins(Refusal):
    """The last day of a consent is not before its first."""


_Ending: TypeAlias = RefuseConsent | WithdrawConsent
Command: TypeAlias = RecordConsent | RefuseConsent | WithdrawConsent


async def compose(command: Command, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps. Raises NotFound for people who are not there."""
    await situation.look({person_stream(each): PERSON for each in (command.child, command.by)})
    child: Person = await situation.state(PERSON, person_stream(command.child))
    if not isinstance(child, Child):
        raise NotFound("person")
    await _check_may_decide(command, situation)
    match command:
        case RecordConsent():
            given = GiveConsent(_given(command, london_day(await situation.now())))
            return [_step(command, given, child.case)]
        case RefuseConsent() | WithdrawConsent():
            return [_step(command, command, child.case), *await _relying(command, situation)]


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(Command), compose)


async def _check_may_decide(command: Command, situation: Situation) -> None:
    by: Person = await situation.state(PERSON, person_stream(command.by))
    match command.capacity, by:
        case Capacity.PARENTAL_RESPONSIBILITY, Adult(said=said) if said.parental_responsibility:
            return
        case Capacity.COMPETENT_CHILD, Child() if command.by == command.child:
            return
        case _:
            raise MayNotDecide


def _given(command: RecordConsent, today: date) -> ConsentGiven:
    from_day = command.from_day or today
    if command.until is not None and command.until < from_day:
        raise EndsBeforeItBegins
    return ConsentGiven(
        child=command.child,
        recipient=command.recipient,
        by=command.by,
        capacity=command.capacity,
        competent_on=command.competent_on,
        from_day=from_day,
        until=command.until,
        submission=None,
        how=command.how,
        limits=command.limits,
    )


async def _relying(command: _Ending, situation: Situation) -> Sequence[Step]:
    """Return the steps that call back whatever rests on the consent."""
    stream = consent_stream(command.child, command.recipient)
    consent = await situation.state(CONSENT, stream)
    return await for_consent(consent.relied, situation) if isinstance(consent, Given) else []


def _step(command: Command, decided: GiveConsent | _Ending, case: UUID) -> Step:
    stream = consent_stream(command.child, command.recipient)
    return Step(CONSENT, stream, decided, case, (command.child, command.by))
