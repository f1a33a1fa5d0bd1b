"""A proposal to a family: written, issued, served, answered, decided with reasons.

Nothing is decided before the family had its say (ASSR 2005 regs 17 and 18; Wales 2005/1512 reg 9):
it made representations, or is satisfied, or the period that runs from service is over.
"""

from datetime import date, timedelta
from typing import assert_never

from casework.decisions.folding import evolve
from casework.decisions.grounds import changes, ground_on
from casework.decisions.notice_commands import (
    BeSatisfied,
    Decide,
    Issue,
    NotePeriodOver,
    NoteServed,
    NoteServiceFailed,
    NoticeCommand,
    Propose,
    Represent,
    Reword,
    Withdraw,
)
from casework.decisions.notice_events import (
    AddressedAs,
    Basis,
    DecisionMade,
    DecisionNoticeIssued,
    DecisionNoticeServed,
    Document,
    FamilySatisfied,
    Ground,
    NoticeEvent,
    NoticeIssued,
    Proposal,
    ProposalReworded,
    ProposalServed,
    ProposalWithdrawn,
    RepresentationMade,
    RepresentationPeriodEnded,
    ServiceOfDecisionFailed,
    ServiceOfProposalFailed,
    ServiceProposed,
    Timing,
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
from casework.decisions.refusals import (
    AddresseeAndChildDiffer,
    AnotherProposal,
    AssessmentNotCompleted,
    DecidedBefore,
    DecidedOtherwise,
    FromDayMissing,
    NoSuchNotice,
    NoticeIsIssued,
    NoticeNotIssued,
    NoticeNotServed,
    NotTheirNotice,
    OwnProposal,
    ProposalIsWithdrawn,
    RepresentationsOpen,
    TextVersionUnknown,
)
from ledger.decider import Decider


def decide(  # noqa: PLR0911 # a row a command
    command: NoticeCommand, notice: Notice
) -> list[NoticeEvent]:
    """Decide each command by a table of its own; whatever is not a row there is refused."""
    match command, notice:
        case Propose(), _:
            return _propose(command, notice)
        case _, NotProposed():
            raise NoSuchNotice
        case ((Reword() | Issue()), _):
            return _write(command, notice)
        case Withdraw(), _:
            return _withdraw(command, notice)
        case _, Drafted():
            raise NoticeNotIssued
        case ((NoteServed() | NoteServiceFailed()), _):
            return _service(command, notice)
        case ((Represent() | BeSatisfied()), _):
            return _heard(command, notice)
        case NotePeriodOver(last_day=day), _:
            return _over(day, notice)
        case Decide(), _:
            return _decide(command, notice)
        case _:
            assert_never(command)


def _propose(command: Propose, notice: Notice) -> list[NoticeEvent]:
    match notice:
        case NotProposed():
            to = command.addressee
            if (to.addressed_as is AddressedAs.CHILD) is not (to.person == command.child):
                raise AddresseeAndChildDiffer
            return [
                ServiceProposed(
                    command.notice_id,
                    command.case_id,
                    command.child,
                    command.proposal,
                    command.services,
                    to,
                    command.basis,
                    command.proposed_by,
                    command.text,
                )
            ]
        # The same proposal again is the same answer, so that callers may retry.
        case Drafted(known) | Issued(known) | Served(known) | Decided(known) | Withdrawn(known):
            if (known.case_id, known.proposal) != (command.case_id, command.proposal):
                raise AnotherProposal
            return []


def _write(command: Reword | Issue, notice: Notice) -> list[NoticeEvent]:
    match command, notice:
        case Reword(by, version, text), Drafted(known) if version == known.text_version + 1:
            return [ProposalReworded(known.notice_id, known.child, version, by, text)]
        case Reword(text_version=version), Drafted(Known(text_version=held)) if version == held:
            return []
        case Reword(), Drafted():
            raise TextVersionUnknown
        case Issue(on, days, rule), Drafted(known):
            to, version = known.addressee.person, known.text_version
            return [NoticeIssued(known.notice_id, known.child, to, version, on, days, rule)]
        case Issue(), Issued() | Served() | Decided():
            return []
        case _, Withdrawn():
            raise ProposalIsWithdrawn
        case _:
            raise NoticeIsIssued


def _withdraw(command: Withdraw, notice: Notice) -> list[NoticeEvent]:
    match notice:
        case Drafted(known) | Issued(known) | Served(known):
            issued = None if isinstance(notice, Drafted) else known.text_version
            which = (known.notice_id, known.child, command.on, issued)
            return [ProposalWithdrawn(*which, command.words)]
        case Decided():
            raise DecidedBefore
        case _:
            return []


def _service(  # noqa: PLR0911 # a row an event
    command: NoteServed | NoteServiceFailed, notice: Notice
) -> list[NoticeEvent]:
    """Record what is heard of service, once an attempt, also when all is decided."""
    match notice:
        case Issued(known, days, rule) | Served(known, days, rule) | Decided(known, days, rule):
            pass
        # Of a proposal that is withdrawn, no period runs whether or not it arrives.
        case _:
            return []
    which = (command.document, command.attempt)
    match command:
        case NoteServed() if which in known.served:
            return []
        case NoteServiceFailed() if which in known.failed:
            return []
        case NoteServed(Document.PROPOSAL, attempt, method, on):
            last_day = on + timedelta(days=days)
            return [ProposalServed(known.notice_id, attempt, method, on, last_day, rule)]
        case NoteServiceFailed(Document.PROPOSAL, attempt, reason):
            return [ServiceOfProposalFailed(known.notice_id, attempt, reason)]
        case NoteServed(_, attempt, method, on):
            return [DecisionNoticeServed(known.notice_id, attempt, method, on)]
        case NoteServiceFailed(attempt=attempt, reason=reason):
            return [ServiceOfDecisionFailed(known.notice_id, attempt, reason)]


def _over(day: date, notice: Notice) -> list[NoticeEvent]:
    match notice:
        case Served(known, last_day=held) if day == held and day not in known.ended:
            return [RepresentationPeriodEnded(known.notice_id, day)]
        # Decided or withdrawn meanwhile, or served anew: another period runs.
        case _:
            return []


def _period(notice: Notice) -> tuple[Known, date | None]:
    match notice:
        case Issued(known) | Withdrawn(known):
            return known, None
        case Served(known, last_day=last_day) | Decided(known, last_day=last_day):
            return known, last_day
        case _:
            raise NoticeNotIssued


def _heard(command: Represent | BeSatisfied, notice: Notice) -> list[NoticeEvent]:
    """Record what the family says, whenever it comes: late, it is marked so."""
    known, last_day = _period(notice)
    match command:
        case Represent(each, by, manner, on, words):
            if any(each == held for held, _, _ in known.represented):
                return []
            timing = Timing.LATE if last_day is not None and on > last_day else Timing.IN_TIME
            return [
                RepresentationMade(
                    known.notice_id, known.child, each, by, manner, on, timing, words
                )
            ]
        case BeSatisfied(by, on):
            if by not in known.parties:
                raise NotTheirNotice
            said = (by, on) in known.satisfied
            return [] if said else [FamilySatisfied(known.notice_id, by, on)]


def _decide(command: Decide, notice: Notice) -> list[NoticeEvent]:
    match notice:
        case Issued(known):
            ground = ground_on(command.on, known, None)
            if ground is None:
                raise NoticeNotServed
        case Served(known, last_day=last_day):
            ground = ground_on(command.on, known, last_day)
            if ground is None:
                raise RepresentationsOpen(last_day)
        case Decided(outcome=outcome, on=on):
            # The same decision again is the same answer, so that callers may retry.
            if (outcome, on) == (command.outcome, command.on):
                return []
            raise DecidedOtherwise
        case _:
            raise ProposalIsWithdrawn
    if command.decided_by == known.proposed_by:
        raise OwnProposal
    return _decided(command, known, ground)


def _basis(command: Decide, known: Known) -> Basis:
    """Return what the decision rests on; to provide something, an assessment or urgent provision.

    A decision that changes nothing under the plan brings no version of it.
    """
    assessment = known.basis.assessment or command.found.assessment
    if not changes(known.proposal, command.outcome):
        return Basis(assessment, None)
    if known.proposal is Proposal.PROVIDE and (assessment or command.found.urgent) is None:
        raise AssessmentNotCompleted
    if command.from_day is None or command.from_day < command.on:
        raise FromDayMissing(command.on)
    return Basis(assessment, command.plan_version or known.basis.plan_version)


def _decided(command: Decide, known: Known, ground: Ground) -> list[NoticeEvent]:
    basis, changed = _basis(command, known), changes(known.proposal, command.outcome)
    to = known.addressee.person
    urgent = None if basis.assessment else command.found.urgent
    return [
        DecisionMade(
            known.notice_id,
            known.case_id,
            known.child,
            known.proposal,
            command.outcome,
            ground,
            command.on,
            command.decided_by,
            basis,
            command.from_day if changed else None,
            command.found.monitor if basis.plan_version else None,
            urgent if changed else None,
            command.reasons,
        ),
        DecisionNoticeIssued(known.notice_id, known.child, to, 1, command.on, command.text),
    ]


DECIDER: Decider[NoticeCommand, Notice, NoticeEvent] = Decider(
    "Notice", NotProposed(), decide, evolve
)
