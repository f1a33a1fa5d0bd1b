"""Answers of the worklists written: rows as the contract says them."""

from referrals.worklists.clocks import Running
from referrals.worklists.equity import Equity, Figures
from referrals.worklists.lists import Entry
from referrals.worklists.looks import Looked
from referrals.worklists.suppression import Hidden
from throughline.referrals.v1 import worklists_pb2 as pb


def entry(row: Entry) -> pb.WorklistEntry:
    """Write a row of a list."""
    written = pb.WorklistEntry(
        referral_id=str(row.referral_id),
        reference=row.reference,
        family_id=str(row.family_id),
        child=str(row.child),
        case_id=str(row.case_id),
        state=row.state,
        route=row.route,
        needs=row.needs,
        languages=row.languages,
        interpreter=row.interpreter,
        urgent=row.urgent,
        known_before=row.known_before,
        duty_holder=row.duty_holder or "",
        redirect_id=str(row.redirect_id or ""),
        other_authority=row.other or "",
        unreached=row.unreached,
    )
    written.received_at.FromDatetime(row.received_at)
    if row.information_due_at is not None:
        written.information_due_at.FromDatetime(row.information_due_at)
    return written


def clock(row: Running) -> pb.RunningClock:
    """Write a clock."""
    written = pb.RunningClock(
        kind=row.kind,
        item=str(row.item),
        referral_id=str(row.referral_id or ""),
        policy=row.policy,
        late=row.late,
    )
    written.due_at.FromDatetime(row.due_at)
    if row.earlier_due_at is not None:
        written.earlier_due_at.FromDatetime(row.earlier_due_at)
    return written


def look(row: Looked) -> pb.Look:
    """Write a look."""
    written = pb.Look(
        reader=row.reader, role=row.role, list=row.worklist, filters=row.filters, rows=row.shown
    )
    written.looked_at.FromDatetime(row.looked_at)
    return written


def equity(found: Equity) -> pb.GetEquityFiguresResponse:
    """Write figures; what is hidden is absent."""
    return pb.GetEquityFiguresResponse(
        all=_figures(found.all), groups=[_figures(each) for each in found.groups]
    )


def _figures(found: Figures) -> pb.EquityFigures:
    return pb.EquityFigures(
        group=found.group,
        referred=None if isinstance(found.referred, Hidden) else found.referred,
        days_to_screening=found.days_to_screening,
        days_to_decision=found.days_to_decision,
    )
