"""A child's line: each fact may change it, each change is determined with its inputs and told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.acting import Do, Due, Met
from ledger.clock import start_of_day
from ledger.decider import Refusal
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain
from ledger.snapshots import codec_of
from ledger.testing import Given, Transitions
from referrals.deadlines import deadlines, fall_due
from referrals.duty import published as told
from referrals.duty.deadlines import SPAN, SpanFellOver
from referrals.duty.facts import (
    AnyFact,
    ChildReferred,
    Fact,
    FactWithdrawn,
    HolderAgreed,
    LegalStatusUnknown,
    OrderKind,
    OrderMade,
    OrderSetAside,
    ResidenceLearned,
)
from referrals.duty.line import Ground, Span
from referrals.duty.rule import DatedRule, Rules, ThreeYearRule
from referrals.duty.timeline import (
    MOST_FACTS,
    TIMELINE,
    LearnFacts,
    NotAnOrder,
    NoteSpanOver,
    OtherKind,
    ResponsibilityChanged,
    ResponsibilityDetermined,
    SetAsideBeforeMade,
    SetRightBefore,
    TimelineCommand,
    TooManyFacts,
    UnknownFact,
)
from referrals.published import publish

GAIL = UUID(int=1)
ASKED, LEARNED = date(2025, 9, 1), date(2025, 9, 9)
ORDERED, LAST = date(2022, 5, 10), date(2025, 5, 10)
RECENT, RECENT_LAST = date(2023, 3, 14), date(2026, 3, 14)
FOLLOWING = RECENT_LAST + timedelta(days=1)
RULE = ThreeYearRule("v1")
RULES: Rules = (DatedRule(date(2005, 12, 30), RULE),)


Head: TypeAlias = tuple[UUID, UUID, None, date, tuple[UUID, ...]]


def head(number: int, said_on: date = ASKED, *corrects: UUID) -> Head:
    return GAIL, UUID(int=number), None, said_on, corrects


def learn(*facts: AnyFact, today: date = ASKED) -> LearnFacts:
    return LearnFacts(facts, RULES, today)


def determined(effect_from: date, *because: Fact, **fields: Any) -> ResponsibilityDetermined:
    ids = tuple(each.fact for each in because)
    whole: dict[str, Any] = {"determined_on": ASKED, "inputs": ids, "rules": (RULE,)} | fields
    return ResponsibilityDetermined(
        child=GAIL,
        effect_from=effect_from,
        because=ids,
        **({"financial": whole["spans"]} | whole),
    )


def span(holder: str | None, first: date, last: date | None, ground: Ground) -> Span:
    return Span(holder, first, last, ground, "v1")


referred = ChildReferred(*head(10), ASKED, "wap")
home = ResidenceLearned(*head(11), "westmarch", ASKED)
unknown = LegalStatusUnknown(*head(12))
order = OrderMade(*head(13, LEARNED), OrderKind.ADOPTION, ORDERED, "saltby")
recent = OrderMade(*head(14), OrderKind.ADOPTION, RECENT, "saltby")
aside = OrderSetAside(*head(15), recent.fact, date(2025, 8, 1))
withdrawn = FactWithdrawn(*head(16, LEARNED, recent.fact), Plain(None))
agreed = HolderAgreed(*head(17), "harrowdale", ASKED, LEARNED, Plain("A 1"), Plain("We help."))

open_spans = (span(None, ASKED, None, Ground.STATUS_UNKNOWN),)
open_line = determined(ASKED, referred, home, unknown, spans=open_spans)
recent_spans = (
    span("saltby", ASKED, RECENT_LAST, Ground.WITHIN_PERIOD),
    span("westmarch", FOLLOWING, None, Ground.AFTER_PERIOD),
)
recent_line = determined(ASKED, referred, home, recent, spans=recent_spans)
saltby = ResponsibilityChanged(GAIL, None, "saltby", ASKED, RECENT_LAST, Ground.WITHIN_PERIOD)
westmarch = ResponsibilityChanged(GAIL, "saltby", "westmarch", FOLLOWING, None, Ground.AFTER_PERIOD)

nothing = Given(TIMELINE)
undetermined = nothing.given(referred, home, unknown, open_line)
running = nothing.given(referred, home, recent, recent_line, saltby)
TRANSITIONS = Transitions(
    {"nothing known": nothing, "undetermined": undetermined, "owed": running},
    {
        "learn what a submission says": learn(referred, home, recent),
        "learn of an order": learn(order, today=LEARNED),
        "learn that an order was set aside": learn(aside, today=LEARNED),
        "learn that a fact was wrong": learn(withdrawn, today=LEARNED),
        "learn of an agreement": learn(agreed),
        "note that a period is over": NoteSpanOver(FOLLOWING),
    },
)


def test_what_a_submission_says_is_learned_and_determined_with_its_inputs() -> None:
    nothing.when(learn(referred, home, recent)).then(referred, home, recent, recent_line, saltby)


def test_that_nobody_can_say_is_determined_too_and_nobody_is_told_of_a_change() -> None:
    nothing.when(learn(referred, home, unknown)).then(referred, home, unknown, open_line)


def test_an_order_learned_late_counts_from_the_referral_and_is_recorded_when_learned() -> None:
    spans = (span("westmarch", ASKED, None, Ground.AFTER_PERIOD),)
    undetermined.when(learn(order, today=LEARNED)).then(
        order,
        determined(
            ASKED,
            order,
            determined_on=LEARNED,
            inputs=tuple(each.fact for each in (referred, home, unknown, order)),
            spans=spans,
        ),
        ResponsibilityChanged(GAIL, None, "westmarch", ASKED, None, Ground.AFTER_PERIOD),
    )


def test_what_changes_nothing_is_learned_and_no_more() -> None:
    again = LegalStatusUnknown(*head(20))
    running.when(learn(again)).then(again)


def test_when_the_period_ends_the_next_one_begins_by_itself_and_once() -> None:
    running.when(NoteSpanOver(FOLLOWING)).then(westmarch)
    running.given(westmarch).when(NoteSpanOver(FOLLOWING)).then()


def test_a_span_that_is_not_over_or_nobodys_changes_nothing() -> None:
    nothing.when(NoteSpanOver(ASKED)).then_refused(Refusal)
    running.when(NoteSpanOver(RECENT_LAST)).then()


def test_an_order_that_never_was_leaves_it_undetermined_again() -> None:
    facts = running.when(learn(withdrawn, today=LEARNED)).events
    assert facts[1:] == (
        determined(
            ASKED,
            withdrawn,
            determined_on=LEARNED,
            inputs=tuple(each.fact for each in (referred, home, withdrawn)),
            spans=open_spans,
        ),
        ResponsibilityChanged(GAIL, "saltby", None, ASKED, None, Ground.STATUS_UNKNOWN),
    )


def test_a_referral_that_never_was_leaves_nobody_to_owe_anything() -> None:
    never = FactWithdrawn(*head(21, LEARNED, referred.fact), Plain(None))
    fact, found, changed = running.when(learn(never, today=LEARNED)).events
    assert fact == never
    assert isinstance(found, ResponsibilityDetermined)
    assert (found.spans, found.effect_from) == ((), ASKED)
    assert changed == ResponsibilityChanged(
        GAIL, "saltby", None, LEARNED, None, Ground.STATUS_UNKNOWN
    )


@pytest.mark.parametrize(
    ("fact", "refusal"),
    [
        (OrderMade(*head(30, ASKED, UUID(int=99)), OrderKind.ADOPTION, None, None), UnknownFact),
        (OrderMade(*head(30, ASKED, home.fact), OrderKind.ADOPTION, None, None), OtherKind),
        (FactWithdrawn(*head(30, ASKED, UUID(int=99)), Plain(None)), UnknownFact),
        (OrderSetAside(*head(30), UUID(int=99), ASKED), UnknownFact),
        (OrderSetAside(*head(30), home.fact, ASKED), NotAnOrder),
        (OrderSetAside(*head(30), recent.fact, RECENT - timedelta(days=1)), SetAsideBeforeMade),
    ],
)
def test_a_fact_that_does_not_fit_is_refused(fact: AnyFact, refusal: type[Refusal]) -> None:
    running.when(learn(fact)).then_refused(refusal)


@pytest.mark.parametrize(
    "fact",
    [
        OrderMade(*head(30, ASKED, recent.fact), OrderKind.ADOPTION, None, None),
        FactWithdrawn(*head(30, ASKED, recent.fact), Plain(None)),
        OrderSetAside(*head(30), recent.fact, ASKED),
    ],
)
def test_what_was_set_right_is_not_set_right_again(fact: AnyFact) -> None:
    running.given(withdrawn).when(learn(fact)).then_refused(SetRightBefore)


def test_nobody_can_oversee_more_facts_than_a_limit() -> None:
    many = [LegalStatusUnknown(*head(1000 + each)) for each in range(MOST_FACTS)]
    nothing.given(*many).when(learn(referred)).then_refused(TooManyFacts)


@given(
    history=st.sampled_from([nothing, undetermined, running, running.given(westmarch)]),
    command=st.sampled_from(
        [
            learn(referred, home, unknown),
            learn(referred, home, recent),
            learn(order, today=LEARNED),
            learn(aside),
            learn(withdrawn),
            learn(agreed),
            NoteSpanOver(FOLLOWING),
        ]
    ),
)
def test_the_same_command_again_decides_nothing(history: Given, command: TimelineCommand) -> None:
    if history.when(command).refusal is None:
        history.repeats_nothing(command)


def recorded(event: Any) -> Recorded[Any]:
    now = datetime(2025, 9, 1, 12, tzinfo=UTC)
    return Recorded(
        event,
        Envelope(
            event_id=uuid4(),
            tenant=uuid4(),
            category="ResponsibilityTimeline",
            stream_id=GAIL,
            version=1,
            position=1,
            type=type(event).__name__,
            schema_version=1,
            occurred=Occurred(now),
            recorded_at=now,
            actor=Actor("a", "duty-worker"),
            command_id=uuid4(),
            correlation_id=uuid4(),
        ),
    )


def test_the_change_is_due_at_the_start_of_the_day_after_the_last_one() -> None:
    due = Due(SPAN, GAIL, start_of_day(FOLLOWING))
    assert deadlines(recorded(recent_line)) == [due]
    assert deadlines(recorded(saltby)) == [due]


@pytest.mark.parametrize("event", [open_line, westmarch, replace(open_line, spans=())])
def test_where_nothing_is_to_change_the_deadline_ends(event: Any) -> None:
    assert deadlines(recorded(event)) == [Met(SPAN, GAIL)]


def test_two_spans_of_one_authority_are_one_period() -> None:
    spans = (
        replace(recent_spans[0], ground=Ground.PLACED, to_day=LEARNED),
        replace(recent_spans[0], from_day=LEARNED + timedelta(days=1)),
        recent_spans[1],
    )
    assert deadlines(recorded(replace(recent_line, spans=spans))) == [
        Due(SPAN, GAIL, start_of_day(FOLLOWING))
    ]


def test_a_deadline_that_fell_due_asks_who_owes_it_now() -> None:
    at = start_of_day(FOLLOWING)
    assert fall_due(SPAN, GAIL, at) == Do(SpanFellOver(GAIL, at), GAIL)


def test_others_are_told_the_whole_line_and_each_change_and_no_fact() -> None:
    period = told.Period("saltby", ASKED, RECENT_LAST, "within-period")
    found = publish(recorded(recent_line))
    assert isinstance(found, told.ResponsibilityDetermined)
    assert (found.child, found.effect_from, found.periods[0]) == (GAIL, ASKED, period)
    assert found.financial == found.periods
    assert publish(recorded(westmarch)) == told.ResponsibilityChanged(
        GAIL, "westmarch", "saltby", FOLLOWING, None
    )
    for fact in (referred, home, unknown, order, aside, withdrawn, agreed):
        assert publish(recorded(fact)) is None


def test_its_state_is_read_back_from_a_snapshot_as_it_was() -> None:
    state = TIMELINE.fold([referred, home, recent, recent_line, saltby])
    assert codec_of(TIMELINE).decode(codec_of(TIMELINE).encode(state)) == state
