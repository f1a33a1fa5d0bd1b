"""Who owes a child the service, and from when to when: one line for each child."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from ledger.decider import Decider
from referrals.duty.rule import Circumstances, Duty, Owed, Undetermined

CATEGORY = "ResponsibilityTimeline"


@dataclass(frozen=True, slots=True)
class ResponsibilityDetermined:
    """An authority was found to owe the child the service in a period, by a rule from its inputs.

    Days are included; None is open. `rule` is the rule's version.
    """

    child: UUID
    duty_holder: str
    from_day: date | None
    to_day: date | None
    rule: str
    legal_status: str
    ordered_on: date | None
    placing_authority: str | None
    lives_in: str


TimelineEvent: TypeAlias = ResponsibilityDetermined


@dataclass(frozen=True, slots=True)
class DetermineResponsibility:
    """Note who owes a child the service, as a rule found it from what is known."""

    child: UUID
    found: Duty
    known: Circumstances
    rule: str


TimelineCommand: TypeAlias = DetermineResponsibility


@dataclass(frozen=True, slots=True)
class Timeline:
    """Who owes it, as last determined."""

    duty: Duty


def decide(command: TimelineCommand, timeline: Timeline) -> list[TimelineEvent]:
    """Each row is something that can be learned; the same again is the same answer."""
    match command:
        case DetermineResponsibility(found=Owed() as owed) if owed != timeline.duty:
            return [_determined(command, owed)]
        # Not knowing takes nothing back of what was known.
        case DetermineResponsibility():
            return []


def evolve(_timeline: Timeline, event: TimelineEvent) -> Timeline:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    return Timeline(Owed(event.duty_holder, event.from_day, event.to_day))


TIMELINE: Decider[TimelineCommand, Timeline, TimelineEvent] = Decider(
    CATEGORY, Timeline(Undetermined()), decide, evolve
)


def _determined(command: DetermineResponsibility, owed: Owed) -> ResponsibilityDetermined:
    return ResponsibilityDetermined(
        child=command.child,
        duty_holder=owed.holder,
        from_day=owed.from_day,
        to_day=owed.to_day,
        rule=command.rule,
        legal_status=command.known.legal_status,
        ordered_on=command.known.ordered_on,
        placing_authority=command.known.placing_authority,
        lives_in=command.known.lives_in,
    )
