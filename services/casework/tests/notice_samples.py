"""A proposal to provide therapy, as the tests of it tell its history."""

from datetime import date
from uuid import UUID

from casework.decisions.notice import DECIDER
from casework.decisions.notice_commands import (
    BeSatisfied,
    Decide,
    Found,
    Issue,
    NotePeriodOver,
    NoteServed,
    NoteServiceFailed,
    Propose,
    Represent,
    Withdraw,
)
from casework.decisions.notice_events import (
    AddressedAs,
    Addressee,
    Basis,
    DecisionMade,
    DecisionNoticeIssued,
    Document,
    FamilySatisfied,
    Ground,
    Manner,
    NoticeIssued,
    Outcome,
    Proposal,
    ProposalServed,
    ProposalWithdrawn,
    RepresentationMade,
    RepresentationPeriodEnded,
    ServiceOfProposalFailed,
    ServiceProposed,
    Timing,
)
from ledger.personal import Plain
from ledger.testing import Given

NOTICE, CASE, CHILD, ADOPTER, AUNT, ASSESSMENT, OTHER, SAID, MONITOR, URGENT = (
    UUID(int=n) for n in range(1, 11)
)
WORKER, MANAGER = "worker", "manager"
RULE, TEXT = "2005-12-30", Plain("We propose therapy.")
MON_3_NOV, DEC_1, DEC_2 = date(2025, 11, 3), date(2025, 12, 1), date(2025, 12, 2)
NOV_14, NOV_17, NOV_24 = (date(2025, 11, day) for day in (14, 17, 24))

to_adopter = Addressee(ADOPTER, AddressedAs.ADOPTER)
basis = Basis(ASSESSMENT, 2)
propose = Propose(
    NOTICE, CASE, CHILD, Proposal.PROVIDE, ("therapy",), to_adopter, basis, WORKER, TEXT
)
issue = Issue(MON_3_NOV, 28, RULE)
serve = NoteServed(Document.PROPOSAL, 1, "by-hand", MON_3_NOV)
bounce = NoteServiceFailed(Document.PROPOSAL, 1, "returned")
represent = Represent(SAID, ADOPTER, Manner.IN_WRITING, date(2025, 11, 28), Plain("We disagree."))
satisfy = BeSatisfied(ADOPTER, NOV_14)
over = NotePeriodOver(DEC_1)
withdraw = Withdraw(NOV_17, Plain("Another service was found."))
there = Found(ASSESSMENT, None, MONITOR)
decide = Decide(Outcome.KEPT, NOV_17, MANAGER, None, NOV_24, there, Plain("Why."), Plain("Notice."))

written = ServiceProposed(
    NOTICE, CASE, CHILD, Proposal.PROVIDE, ("therapy",), to_adopter, basis, WORKER, TEXT
)
issued = NoticeIssued(NOTICE, CHILD, ADOPTER, 1, MON_3_NOV, 28, RULE)
served = ProposalServed(NOTICE, 1, "by-hand", MON_3_NOV, DEC_1, RULE)
failed = ServiceOfProposalFailed(NOTICE, 1, "returned")
satisfied = FamilySatisfied(NOTICE, ADOPTER, NOV_14)
represented = RepresentationMade(
    NOTICE, CHILD, SAID, ADOPTER, Manner.IN_WRITING, represent.on, Timing.IN_TIME, represent.words
)
ended = RepresentationPeriodEnded(NOTICE, DEC_1)
withdrawn = ProposalWithdrawn(NOTICE, CHILD, NOV_17, 1, withdraw.words)
decided = DecisionMade(
    NOTICE,
    CASE,
    CHILD,
    Proposal.PROVIDE,
    Outcome.KEPT,
    Ground.SATISFIED,
    NOV_17,
    MANAGER,
    basis,
    NOV_24,
    MONITOR,
    None,
    Plain("Why."),
)
told = DecisionNoticeIssued(NOTICE, CHILD, ADOPTER, 1, NOV_17, Plain("Notice."))

notice = Given(DECIDER)
drafted = notice.given(written)
out = drafted.given(issued)
running = out.given(served)
content = running.given(satisfied)
disputed = running.given(represented)
done = content.given(decided, told)
gone = running.given(withdrawn)
