"""What the recorded facts of a proposal come to. Pure."""

from dataclasses import replace
from typing import assert_never

from casework.decisions.notice_events import (
    DecisionMade,
    DecisionNoticeIssued,
    DecisionNoticeServed,
    Document,
    FamilySatisfied,
    NoticeEvent,
    NoticeIssued,
    ProposalReworded,
    ProposalServed,
    ProposalWithdrawn,
    RepresentationMade,
    RepresentationPeriodEnded,
    ServiceOfDecisionFailed,
    ServiceOfProposalFailed,
    ServiceProposed,
)
from casework.decisions.notice_states import (
    Decided,
    Drafted,
    Issued,
    Known,
    Notice,
    NotProposed,
    Served,
    Withdrawn,
)


def evolve(  # noqa: PLR0911 # a row an event
    notice: Notice, event: NoticeEvent
) -> Notice:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, notice:
        case ServiceProposed(), NotProposed():
            return Drafted(_known(event))
        case _, NotProposed():
            return notice
        case NoticeIssued(representation_days=days, rule=rule), _:
            return Issued(notice.known, days, rule)
        case ProposalWithdrawn(), _:
            return Withdrawn(notice.known)
        case DecisionMade(outcome=outcome, ground=ground, on=on), Issued(known, days, rule):
            return Decided(known, days, rule, None, outcome, ground, on)
        case (
            DecisionMade(outcome=outcome, ground=ground, on=on),
            Served(known, days, rule, _, last_day),
        ):
            return Decided(known, days, rule, last_day, outcome, ground, on)
        case ((ProposalServed() | ServiceOfProposalFailed()), _):
            return _running(replace(notice, known=_learned(notice.known, event)), event)
        case _:
            return replace(notice, known=_learned(notice.known, event))


def _running(notice: Notice, event: ProposalServed | ServiceOfProposalFailed) -> Notice:
    """Let the period run from service, or run no more."""
    match event, notice:
        case (
            ProposalServed(attempt=attempt, last_day=day),
            Issued(known, days, rule) | Served(known, days, rule),
        ):
            return Served(known, days, rule, attempt, day)
        case ProposalServed(last_day=day), Decided():
            return replace(notice, last_day=day)
        case ServiceOfProposalFailed(attempt=attempt), Served(known, days, rule, held):
            return Issued(known, days, rule) if attempt == held else notice
        case _:
            return notice


def _known(event: ServiceProposed) -> Known:
    return Known(
        event.notice_id,
        event.case_id,
        event.child,
        event.proposal,
        event.services,
        event.addressee,
        event.basis,
        event.proposed_by,
    )


def _learned(  # noqa: PLR0911 # a row an event
    known: Known, event: NoticeEvent
) -> Known:
    match event:
        case ProposalReworded(text_version=version):
            return replace(known, text_version=version)
        case RepresentationMade(representation_id=each, by=by, on=on):
            return replace(known, represented=(*known.represented, (each, by, on)))
        case FamilySatisfied(by=by, on=on):
            return replace(known, satisfied=(*known.satisfied, (by, on)))
        case RepresentationPeriodEnded(last_day=day):
            return replace(known, ended=known.ended | {day})
        case ProposalServed(attempt=attempt):
            return replace(known, served=known.served | {(Document.PROPOSAL, attempt)})
        case DecisionNoticeServed(attempt=attempt):
            return replace(known, served=known.served | {(Document.DECISION, attempt)})
        case ServiceOfProposalFailed(attempt=attempt):
            return replace(known, failed=known.failed | {(Document.PROPOSAL, attempt)})
        case ServiceOfDecisionFailed(attempt=attempt):
            return replace(known, failed=known.failed | {(Document.DECISION, attempt)})
        case (
            ServiceProposed()
            | NoticeIssued()
            | ProposalWithdrawn()
            | DecisionMade()
            | DecisionNoticeIssued()
        ):
            return known
        case _:
            assert_never(event)
