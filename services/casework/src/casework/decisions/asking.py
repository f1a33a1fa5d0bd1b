"""Which tasks follow from what happens to a proposal, in the same append as their cause."""

from datetime import date
from typing import assert_never

from casework.decisions.commands import (
    ByWorker,
    IssueNotice,
    NoteNoticeFailed,
    NoteNoticeServed,
    RecordRepresentations,
    RecordSatisfied,
    WithdrawProposal,
)
from casework.decisions.notice_events import Document, Ground
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
from casework.rules.policies import shipped
from casework.tasks.kinds import DUTY, MANAGER, DropReason, TaskKind
from casework.tasks.raising import drop_step, settle_step, task_step
from chassis.acting import Situation, Step
from ledger.working_days import ENGLAND_AND_WALES


def of_worker(  # noqa: PLR0911 # a row a command
    command: ByWorker,
    found: Notice,
    on: date,
    situation: Situation,
) -> list[Step]:
    """Ask for service, for a decision once the family had its say, or for a second look."""
    match command, found:
        case _, NotProposed():
            return []
        case IssueNotice(), Drafted(known):
            return [to_serve(known, Document.PROPOSAL, on, situation)]
        case RecordSatisfied(), Issued(known) | Served(known):
            return [to_decide(known, on, situation)]
        case RecordRepresentations(by=by), Issued(known) | Served(known) if by in known.parties:
            return [to_decide(known, on, situation)]
        # One that was made before the decision is flagged as every late fact is.
        case RecordRepresentations(representation_id=each), Decided(known, on=since) if on > since:
            return [look_again(known, f"representation/{each}", on, situation)]
        case WithdrawProposal(), Drafted(known) | Issued(known) | Served(known):
            return no_longer(known, situation)
        case _:
            return []


def of_service(
    command: NoteNoticeServed | NoteNoticeFailed, found: Notice, today: date, situation: Situation
) -> list[Step]:
    """Settle the task of serving, or ask for it again; what was decided on it is looked at."""
    if isinstance(found, NotProposed | Drafted | Withdrawn):
        return []
    known, tenant, case_id = found.known, situation.tenant, found.known.case_id
    match command:
        case NoteNoticeServed(document=document, attempt=attempt):
            again = _attempt(known, document, attempt - 1)
            return [
                settle_step(tenant, TaskKind.SERVE_NOTICE, case_id, _paper(known, document)),
                settle_step(tenant, TaskKind.SERVE_AGAIN, case_id, again),
            ]
        case NoteNoticeFailed(document=document, attempt=attempt):
            return _failed((document, attempt), found, today, situation)
        case _:
            assert_never(command)


def _failed(
    which: tuple[Document, int],
    found: Issued | Served | Decided,
    today: date,
    situation: Situation,
) -> list[Step]:
    known, tenant, case_id = found.known, situation.tenant, found.known.case_id
    about = _attempt(known, *which)
    again = task_step(tenant, TaskKind.SERVE_AGAIN, case_id, about, child=known.child, whom=DUTY)
    match which, found:
        case (Document.PROPOSAL, attempt), Decided(ground=Ground.PERIOD_OVER):
            return [again, look_again(known, f"service/{attempt}", today, situation)]
        # Decided on what the family said: it had the proposal.
        case (Document.PROPOSAL, _), Decided():
            return []
        # The period that ran to the task's day runs no more; what the family said still stands.
        case (Document.PROPOSAL, attempt), Served(attempt=held) if attempt == held:
            drop = drop_step(tenant, TaskKind.DECIDE, case_id, str(known.notice_id))
            return [again] if _answered(known) else [again, drop]
        case _:
            return [again]


def of_period(last_day: date, found: Notice, situation: Situation) -> list[Step]:
    """Ask for a decision when the last day is over, if that period still runs."""
    match found:
        case Served(known, last_day=held) if held == last_day:
            return [to_decide(known, last_day, situation)]
        case _:
            return []


def to_serve(known: Known, document: Document, on: date, situation: Situation) -> Step:
    """Ask the duty desk to serve a notice that is issued on a day."""
    rules = shipped().on(on, situation.partnership)
    return task_step(
        situation.tenant,
        TaskKind.SERVE_NOTICE,
        known.case_id,
        _paper(known, document),
        child=known.child,
        due_on=ENGLAND_AND_WALES.after(on, rules.service_working_days),
        rule=rules.version,
        whom=DUTY,
    )


def to_decide(known: Known, on: date, situation: Situation) -> Step:
    """Ask a manager to decide, since a day on which it became possible."""
    rules = shipped().on(on, situation.partnership)
    return task_step(
        situation.tenant,
        TaskKind.DECIDE,
        known.case_id,
        str(known.notice_id),
        child=known.child,
        due_on=ENGLAND_AND_WALES.after(on, rules.decision_working_days),
        rule=rules.version,
        whom=MANAGER,
    )


def look_again(known: Known, about: str, on: date, situation: Situation) -> Step:
    """Ask a manager to look at a decision that was made on earlier knowledge, since a day."""
    rules = shipped().on(on, situation.partnership)
    return task_step(
        situation.tenant,
        TaskKind.LATE_FACT,
        known.case_id,
        f"{known.notice_id}/{about}",
        child=known.child,
        due_on=ENGLAND_AND_WALES.after(on, rules.late_fact_working_days),
        rule=rules.version,
        whom=MANAGER,
    )


def decided(known: Known, on: date, situation: Situation) -> list[Step]:
    """Settle what asked for a decision, and ask that its notice be served."""
    tenant, case_id = situation.tenant, known.case_id
    proposal = _paper(known, Document.PROPOSAL)
    gone = DropReason.SUPERSEDED
    return [
        settle_step(tenant, TaskKind.DECIDE, case_id, str(known.notice_id)),
        drop_step(tenant, TaskKind.SERVE_NOTICE, case_id, proposal, gone),
        to_serve(known, Document.DECISION, on, situation),
    ]


def no_longer(known: Known, situation: Situation) -> list[Step]:
    """Ask neither for service nor for a decision."""
    tenant, case_id = situation.tenant, known.case_id
    return [
        drop_step(tenant, TaskKind.SERVE_NOTICE, case_id, _paper(known, Document.PROPOSAL)),
        drop_step(tenant, TaskKind.DECIDE, case_id, str(known.notice_id)),
    ]


def _answered(known: Known) -> bool:
    represented = any(by in known.parties for _, by, _ in known.represented)
    return bool(known.satisfied) or represented


def _paper(known: Known, document: Document) -> str:
    return f"{known.notice_id}/{document.value}"


def _attempt(known: Known, document: Document, attempt: int) -> str:
    return f"{_paper(known, document)}/{attempt}"
