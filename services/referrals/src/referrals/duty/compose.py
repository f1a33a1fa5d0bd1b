"""Which stream a fact of who owes a child the service goes to, and by which rules it is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never, get_args

from chassis.acting import Compose, Situation, Step
from chassis.failures import NotFound
from ledger.clock import london_day
from ledger.rule_sets import EVERYWHERE
from referrals.duty.deadlines import SpanFellOver
from referrals.duty.facts import AnyFact, ChildReferred
from referrals.duty.timeline import (
    TIMELINE,
    LearnFacts,
    NoteSpanOver,
    NothingKnown,
    Timeline,
    facts_in,
)
from referrals.rules.policies import duty_rules, shipped
from referrals.streams import timeline_stream


@dataclass(frozen=True, slots=True)
class RecordFact:
    """Record what a worker learned of a child who is known."""

    fact: AnyFact


Command: TypeAlias = RecordFact | SpanFellOver


async def compose(command: Command, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps. Raises NotFound for a child of whom nothing is known."""
    match command:
        case RecordFact(fact=fact):
            stream = timeline_stream(fact.child)
            timeline = await situation.state(TIMELINE, stream)
            if isinstance(timeline, NothingKnown):
                raise NotFound("person")
            rules = duty_rules(shipped(), partnership_of(facts_in(timeline)))
            learn = LearnFacts((fact,), rules, london_day(await situation.now()))
            return [Step(TIMELINE, stream, learn, subjects=(fact.child,))]
        case SpanFellOver(stream=stream, due_at=due_at):
            timeline = await situation.state(TIMELINE, stream)
            subjects = (timeline.child,) if isinstance(timeline, Timeline) else ()
            return [Step(TIMELINE, stream, NoteSpanOver(london_day(due_at)), subjects=subjects)]
        case _:
            assert_never(command)


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(Command), compose)


def partnership_of(facts: Sequence[AnyFact]) -> str:
    """Return whose rules apply: of the partnership that was told of the child first."""
    referred = [each for each in facts if isinstance(each, ChildReferred)]
    if not referred:
        return EVERYWHERE
    return min(referred, key=lambda each: (each.on, each.fact)).partnership
