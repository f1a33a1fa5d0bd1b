"""Who owes a child the service, as a line of dated spans: learned fact by fact, kept for ever.

Each fact, its correction and its withdrawal may make the line another one; what it then says is
determined anew. When a span ends by the calendar, the change is a fact of the line itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from referrals.duty.facts import FACTS, AnyFact, Fact, FactWithdrawn, OrderMade, OrderSetAside
from referrals.duty.line import (
    NOTHING,
    Ground,
    Line,
    Span,
    draw,
    first_difference,
    on_day,
    with_one_holder,
)
from referrals.duty.rule import Rules, ThreeYearRule
from referrals.duty.standing import in_effect

CATEGORY = "ResponsibilityTimeline"
MOST_FACTS = 500
"""Facts of one child: a line is drawn anew with each."""


@dataclass(frozen=True, slots=True)
class ResponsibilityDetermined:
    """Who owes the child the service was worked out anew, and says something else than before.

    `because`: the facts that were learned; `inputs`: all that stand; `rules`: the versions by which
    it was drawn. Spans follow one another without a gap from the first referral's day on; one
    without an authority is undetermined. `financial`: the same for money. `effect_from`: the first
    day on which it says something else than before. `determined_on`: the day in London.
    """

    child: UUID
    determined_on: date
    effect_from: date
    because: tuple[UUID, ...]
    inputs: tuple[UUID, ...]
    rules: tuple[ThreeYearRule, ...]
    spans: tuple[Span, ...]
    financial: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ResponsibilityChanged:
    """Another authority than the last one owes the child the service: a period ended, or was wrong.

    Days are counted; `to_day` None: open. None for an authority: undetermined.
    """

    child: UUID
    before: str | None
    duty_holder: str | None
    from_day: date
    to_day: date | None
    ground: Ground


TimelineEvent: TypeAlias = AnyFact | ResponsibilityDetermined | ResponsibilityChanged


@dataclass(frozen=True, slots=True)
class LearnFacts:
    """Learn facts of a child, `today` in London; `rules` are the partnership's."""

    facts: tuple[AnyFact, ...]
    rules: Rules
    today: date


@dataclass(frozen=True, slots=True)
class NoteSpanOver:
    """A day has begun on which, as was determined, another authority owes the service."""

    day: date


TimelineCommand: TypeAlias = LearnFacts | NoteSpanOver


@dataclass(frozen=True, slots=True)
class NothingKnown:
    """Nobody asked yet."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All facts there ever were, the line as determined last, and who was last said to owe it."""

    child: UUID
    facts: tuple[AnyFact, ...]
    line: Line
    holder: str | None


State: TypeAlias = NothingKnown | Timeline


class UnknownFact(Refusal):
    """What is set right, withdrawn or set aside is no fact of this child."""


class SetRightBefore(Refusal):
    """The fact was set right or withdrawn: set right what stands in its place."""


class NotAnOrder(Refusal):
    """Only an order can be set aside."""


class SetAsideBeforeMade(Refusal):
    """An order is set aside after it was made."""


class OtherKind(Refusal):
    """A fact is set right by one of its kind; else it is withdrawn."""


class TooManyFacts(Refusal):
    """More has been said of this child than anybody can oversee."""


def decide(command: TimelineCommand, timeline: State) -> list[TimelineEvent]:
    """Decide each command by a table of its own; whatever is not a row there is refused."""
    match command:
        case LearnFacts():
            return _learn(command, timeline)
        case NoteSpanOver():
            return _note_over(command, timeline)
        case _:
            assert_never(command)


def evolve(timeline: State, event: TimelineEvent) -> State:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, timeline:
        case Fact(), NothingKnown():
            return Timeline(event.child, (event,), NOTHING, None)
        case Fact(), Timeline():
            return replace(timeline, facts=(*timeline.facts, event))
        case ResponsibilityDetermined(), Timeline():
            return replace(timeline, line=Line(event.spans, event.financial))
        case ResponsibilityChanged(), Timeline():
            return replace(timeline, holder=event.duty_holder)
        case _:
            return timeline


TIMELINE: Decider[TimelineCommand, State, TimelineEvent] = Decider(
    CATEGORY, NothingKnown(), decide, evolve
)
EVENTS = (*FACTS, ResponsibilityDetermined, ResponsibilityChanged)


def facts_in(timeline: State) -> tuple[AnyFact, ...]:
    """Return all facts that were learned, in the order in which they were."""
    return timeline.facts if isinstance(timeline, Timeline) else ()


def line_of(timeline: State) -> Line:
    """Return the line as determined last."""
    return timeline.line if isinstance(timeline, Timeline) else NOTHING


def _learn(command: LearnFacts, timeline: State) -> list[TimelineEvent]:
    held = facts_in(timeline)
    known = {each.fact for each in held}
    # The same again is the same answer, so that callers may retry.
    fresh = tuple(each for each in command.facts if each.fact not in known)
    if not fresh:
        return []
    if len(held) + len(fresh) > MOST_FACTS:
        raise TooManyFacts
    for each in fresh:
        _check(each, held)
    facts = (*held, *fresh)
    line = draw(facts, command.rules)
    before = line_of(timeline)
    effect_from = first_difference(before, line)
    if effect_from is None:
        return [*fresh]
    determined = ResponsibilityDetermined(
        child=fresh[0].child,
        determined_on=command.today,
        effect_from=effect_from,
        because=tuple(each.fact for each in fresh),
        inputs=tuple(each.fact for each in in_effect(facts)),
        rules=_used(line, command.rules),
        spans=line.duty,
        financial=line.financial,
    )
    holder = timeline.holder if isinstance(timeline, Timeline) else None
    changed = _changed(fresh[0].child, holder, line.duty, command.today)
    return [*fresh, determined, *changed]


def _note_over(command: NoteSpanOver, timeline: State) -> list[TimelineEvent]:
    match timeline:
        case Timeline(child=child, holder=holder, line=line):
            return [*_changed(child, holder, line.duty, command.day)]
        case _:
            raise Refusal(NoteSpanOver, type(timeline))


def _check(fact: AnyFact, held: Sequence[AnyFact]) -> None:
    """Raise Refusal for a fact that does not fit what is known."""
    by_id = {each.fact: each for each in held}
    corrected = {each for fact in held for each in fact.corrects}
    for each in fact.corrects:
        if each not in by_id:
            raise UnknownFact
        if each in corrected:
            raise SetRightBefore
        if not (isinstance(fact, FactWithdrawn) or type(by_id[each]) is type(fact)):
            raise OtherKind
    if isinstance(fact, OrderSetAside):
        match by_id.get(fact.order):
            case None:
                raise UnknownFact
            case OrderMade(fact=order) if order in corrected:
                raise SetRightBefore
            case OrderMade(ordered_on=date() as ordered_on) if fact.on < ordered_on:
                raise SetAsideBeforeMade
            case OrderMade():
                pass
            case _:
                raise NotAnOrder


def _changed(
    child: UUID, holder: str | None, spans: tuple[Span, ...], today: date
) -> Sequence[ResponsibilityChanged]:
    """Tell who owes it today, where that is another than was told last."""
    day = max(today, spans[0].from_day) if spans else today
    now = on_day(spans, day)
    if now is None:
        gone = ResponsibilityChanged(child, holder, None, day, None, Ground.STATUS_UNKNOWN)
        return [gone] if holder else ()
    if now.duty_holder == holder:
        return ()
    from_day, to_day = with_one_holder(spans, day)
    return [ResponsibilityChanged(child, holder, now.duty_holder, from_day, to_day, now.ground)]


def _used(line: Line, rules: Rules) -> tuple[ThreeYearRule, ...]:
    """Return the versions that the spans name."""
    named = {each.rule for spans in (line.duty, line.financial) for each in spans}
    return tuple(each.rule for each in rules if each.rule.version in named)
