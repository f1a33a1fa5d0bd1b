"""A proposal is served before anything runs, and what did not arrive starts no clock."""

from dataclasses import replace
from datetime import date

from casework.decisions.notice_commands import (
    Found,
    NoteServed,
    Reword,
)
from casework.decisions.notice_events import (
    AddressedAs,
    Addressee,
    Basis,
    Document,
    Proposal,
    ProposalReworded,
    ProposalServed,
    Timing,
)
from casework.decisions.refusals import (
    AddresseeAndChildDiffer,
    AnotherProposal,
    NoSuchNotice,
    NoticeIsIssued,
    NoticeNotIssued,
    NoticeNotServed,
    ProposalIsWithdrawn,
    RepresentationsOpen,
    TextVersionUnknown,
)
from ledger.testing import Transitions
from services.casework.tests.notice_samples import (
    ADOPTER,
    CHILD,
    DEC_1,
    DEC_2,
    NOTICE,
    RULE,
    TEXT,
    WORKER,
    bounce,
    content,
    decide,
    decided,
    disputed,
    done,
    drafted,
    failed,
    gone,
    issue,
    issued,
    notice,
    out,
    over,
    propose,
    represent,
    represented,
    running,
    satisfied,
    satisfy,
    serve,
    served,
    told,
    withdraw,
    withdrawn,
    written,
)

TRANSITIONS = Transitions(
    {
        "not proposed": notice,
        "drafted": drafted,
        "issued": out,
        "served": running,
        "served, the family is satisfied": content,
        "served, representations made": disputed,
        "served and satisfied, without an assessment": notice.given(
            replace(written, basis=Basis(None, 2)), issued, served, satisfied
        ),
        "not served, the letter came back": running.given(failed),
        "decided": done,
        "withdrawn": gone,
    },
    {
        "propose": propose,
        "write the text anew": Reword(WORKER, 2, TEXT),
        "issue": issue,
        "note that it was served": serve,
        "note that it did not arrive": bounce,
        "make representations": represent,
        "be satisfied": satisfy,
        "note that the period is over": over,
        "withdraw": withdraw,
        "decide, after the last day": replace(decide, on=DEC_2, from_day=DEC_2),
        "decide, and no assessment is completed": replace(decide, found=Found(None, None, None)),
        "decide, as who proposed it": replace(decide, decided_by=WORKER),
        "decide": decide,
    },
)


def test_a_proposal_is_written_worded_anew_and_issued_in_its_last_version() -> None:
    notice.when(propose).then(written)
    drafted.when(Reword(WORKER, 2, TEXT)).then(ProposalReworded(NOTICE, CHILD, 2, WORKER, TEXT))
    drafted.when(Reword(WORKER, 4, TEXT)).then_refused(TextVersionUnknown)
    anew = drafted.given(ProposalReworded(NOTICE, CHILD, 2, WORKER, TEXT))
    anew.when(issue).then(replace(issued, text_version=2))
    out.when(Reword(WORKER, 2, TEXT)).then_refused(NoticeIsIssued)


def test_a_proposal_is_made_once() -> None:
    drafted.when(propose).then()
    drafted.when(replace(propose, proposal=Proposal.END)).then_refused(AnotherProposal)


def test_a_child_without_enough_understanding_is_not_addressed() -> None:
    for wrong in (Addressee(CHILD, AddressedAs.ADOPTER), Addressee(ADOPTER, AddressedAs.CHILD)):
        notice.when(replace(propose, addressee=wrong)).then_refused(AddresseeAndChildDiffer)
    to_child = Addressee(CHILD, AddressedAs.CHILD)
    notice.when(replace(propose, addressee=to_child)).then(replace(written, addressee=to_child))


def test_the_period_runs_from_service_and_its_last_day_is_stored_with_the_rule() -> None:
    out.when(serve).then(served)
    running.when(serve).then()
    # The notice said how long: another rule at service changes nothing.
    drafted.given(replace(issued, representation_days=14, rule="local")).when(serve).then(
        replace(served, last_day=date(2025, 11, 17), rule="local")
    )


def test_a_notice_that_did_not_arrive_starts_no_clock_and_stops_one_that_ran() -> None:
    out.when(bounce).then(failed)
    out.given(failed).when(replace(decide, on=DEC_2)).then_refused(NoticeNotServed)
    came_back = running.given(failed)
    came_back.when(bounce).then()
    came_back.when(over).then()
    came_back.when(replace(decide, on=DEC_2)).then_refused(NoticeNotServed)
    again = NoteServed(Document.PROPOSAL, 2, "first-class-post", date(2025, 12, 8))
    came_back.when(again).then(
        ProposalServed(NOTICE, 2, "first-class-post", date(2025, 12, 8), date(2026, 1, 5), RULE)
    )


def test_a_letter_that_comes_back_late_stops_no_later_service() -> None:
    second = replace(served, attempt=2)

    out.given(served, second, failed).when(satisfy).then(satisfied)
    out.given(served, second, failed).when(replace(decide, on=DEC_1)).then_refused(
        RepresentationsOpen
    )


def test_representations_are_in_time_to_the_last_day_and_late_after_it() -> None:
    running.when(represent).then(represented)
    running.when(replace(represent, on=DEC_1)).then(replace(represented, on=DEC_1))
    running.when(replace(represent, on=DEC_2)).then(
        replace(represented, on=DEC_2, timing=Timing.LATE)
    )
    # What is learned after the decision is recorded all the same, for a person to look at.
    done.when(represent).then(represented)
    disputed.when(represent).then()
    drafted.when(represent).then_refused(NoticeNotIssued)


def test_what_is_learned_of_service_after_the_decision_is_recorded() -> None:
    early = out.given(satisfied, decided, told)
    early.when(serve).then(served)
    early.given(served).when(replace(represent, on=DEC_2)).then(
        replace(represented, on=DEC_2, timing=Timing.LATE)
    )
    done.when(bounce).then(failed)


def test_a_proposal_is_withdrawn_before_it_is_decided() -> None:
    drafted.when(withdraw).then(replace(withdrawn, issued_version=None))
    for each in (out, running, disputed):
        each.when(withdraw).then(withdrawn)
    gone.when(withdraw).then()
    gone.when(decide).then_refused(ProposalIsWithdrawn)
    gone.when(issue).then_refused(ProposalIsWithdrawn)
    gone.when(over).then()


def test_what_is_no_proposal_is_answered_as_absent() -> None:
    for each in (issue, serve, represent, satisfy, over, withdraw, decide):
        notice.when(each).then_refused(NoSuchNotice)
