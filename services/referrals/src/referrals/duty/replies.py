"""Answers written: the line, the facts and each determination as the contract says them."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from ledger.envelope import Recorded
from referrals.duty.facts import (
    AnyFact,
    ChildPlaced,
    ChildReferred,
    FinancialSupportAgreed,
    HolderAgreed,
    OrderMade,
    OrderSetAside,
    PlacedWithoutAgency,
    ResidenceLearned,
)
from referrals.duty.line import Span, on_day
from referrals.duty.past import Told
from referrals.duty.timeline import ResponsibilityChanged, ResponsibilityDetermined
from throughline.referrals.v1 import duty_pb2 as pb

Opened = Mapping[UUID, Mapping[str, str]]
"""By fact what was opened of it, by field."""


def timeline(child: UUID, told: Told, day: date, opened: Opened) -> pb.GetDutyTimelineResponse:
    """Write what is known; `day` is the one of asking."""
    now = on_day(told.line.duty, day)
    return pb.GetDutyTimelineResponse(
        child=str(child),
        duty_holder=(now.duty_holder if now else None) or "",
        spans=_spans(told.line.duty),
        financial=_spans(told.line.financial),
        facts=[_fact(each, told, opened) for each in told.facts],
        determinations=[_determination(each) for each in told.determinations],
        changes=[_change(each) for each in told.changes],
    )


def _spans(spans: Iterable[Span]) -> list[pb.DutySpan]:
    return [
        pb.DutySpan(
            duty_holder=each.duty_holder or "",
            from_day=_day(each.from_day),
            to_day=_day(each.to_day),
            ground=each.ground.value,
            rule=each.rule,
        )
        for each in spans
    ]


def _fact(recorded: Recorded[AnyFact], told: Told, opened: Opened) -> pb.DutyFact:
    fact = recorded.event
    said = opened.get(fact.fact, {})
    written = pb.DutyFact(
        fact_id=str(fact.fact),
        kind=type(fact).__name__,
        submission_id=str(fact.submission or ""),
        said_on=_day(fact.said_on),
        recorded_by=recorded.envelope.actor.id,
        corrects=[str(each) for each in fact.corrects],
        corrected_by=str(told.corrected_by.get(fact.fact, "")),
        reference=said.get("reference", ""),
        words=said.get("words", ""),
    )
    written.recorded_at.FromDatetime(recorded.envelope.recorded_at)
    _say(fact, written)
    return written


def _say(fact: AnyFact, written: pb.DutyFact) -> None:
    """Write what is a fact's own."""
    match fact:
        case ChildReferred(on=on, partnership=partnership):
            written.authority, written.from_day = partnership, _day(on)
        case ChildPlaced(authority=authority, from_day=day):
            written.authority, written.from_day = authority or "", _day(day)
        case PlacedWithoutAgency(reason=reason, from_day=day):
            written.code, written.from_day = reason.value, _day(day)
        case OrderMade(kind=kind, ordered_on=day, placing_authority=placing):
            written.code, written.from_day, written.authority = kind.value, _day(day), placing or ""
        case OrderSetAside(order=order, on=on):
            written.order, written.from_day = str(order), _day(on)
        case ResidenceLearned(authority=lives_in, from_day=day):
            written.authority, written.from_day = lives_in, _day(day)
        case HolderAgreed(authority=holder, from_day=day, to_day=to_day):
            written.authority, written.from_day = holder, _day(day)
            written.to_day = _day(to_day)
        case FinancialSupportAgreed(authority=payer, agreed_on=day, to_day=to_day):
            written.authority, written.from_day = payer, _day(day)
            written.to_day = _day(to_day)
        case _:
            pass


def _determination(recorded: Recorded[ResponsibilityDetermined]) -> pb.DutyDetermination:
    found = recorded.event
    written = pb.DutyDetermination(
        effect_from=_day(found.effect_from),
        because=[str(each) for each in found.because],
        inputs=[str(each) for each in found.inputs],
        rules=[
            pb.DutyRule(version=each.version, years=each.years, last_day=each.last_day.value)
            for each in found.rules
        ],
        spans=_spans(found.spans),
        financial=_spans(found.financial),
    )
    written.recorded_at.FromDatetime(recorded.envelope.recorded_at)
    return written


def _change(recorded: Recorded[ResponsibilityChanged]) -> pb.DutyChange:
    told = recorded.event
    written = pb.DutyChange(
        recorded_by=recorded.envelope.actor.id,
        before=told.before or "",
        duty_holder=told.duty_holder or "",
        from_day=_day(told.from_day),
        to_day=_day(told.to_day),
        ground=told.ground.value,
    )
    written.recorded_at.FromDatetime(recorded.envelope.recorded_at)
    return written


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
