"""Whoever was told "accepted" gets the case: one stream decides between acceptance and recall."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.allocations.allocation_commands import Candidate
from casework.allocations.naming import MayNotLead
from casework.transfers.codes import Ground, Part, Reason, RefuseReason
from casework.transfers.incoming import (
    DECIDER,
    Accept,
    AnsweredAlready,
    GiveBack,
    IncomingCommand,
    NoSuchTransfer,
    NoteArrived,
    NoteCopied,
    NoteReceived,
    TakenBack,
    TurnDown,
)
from casework.transfers.incoming_events import (
    CaseReceived,
    CopyComplete,
    TransferAccepted,
    TransferArrived,
    TransferGivenBack,
    TransferTurnedDown,
)
from casework.workers.profile import Registration, RegistrationBody
from casework.workers.work import RegistrationLapsed
from casework.workers.worker import NotRegistered, Registered, Worker, WorkerKind, WorkerUnknown
from ledger.personal import Plain
from ledger.testing import Given, Transitions

T, CASE, CHILD, SENDER, LEAD, OTHER, BY = (UUID(int=n) for n in range(1, 8))
NONE: Plain[str | None] = Plain(None)
DAY = date(2026, 4, 1)
HCPC = Registration(RegistrationBody.HCPC, date(2024, 6, 1), date(2026, 5, 31))
amina = Registered(LEAD, WorkerKind.THERAPIST, (), (), Plain("A. B."), (HCPC,))


def accept(lead: Worker, on: date = DAY) -> Accept:
    return Accept(Candidate(lead, on))


said = TransferArrived(
    T, CASE, CHILD, SENDER, Ground.CONSENT, Reason.FAMILY_MOVED, (Part.CASE, Part.SAFEGUARDING)
)
accepted = TransferAccepted(T, CASE, SENDER, LEAD)
refuse = TurnDown(RefuseReason.NO_CAPACITY, NONE)
refused = TransferTurnedDown(T, CASE, CHILD, SENDER, RefuseReason.NO_CAPACITY, NONE)
recall = GiveBack(T, CASE, SENDER)
given_back = TransferGivenBack(T, CASE, SENDER)
received = CaseReceived(T, CASE, BY)
copied = NoteCopied(BY, "ab" * 32, 3, 12)
whole = CopyComplete(T, CASE, BY, "ab" * 32, 3, 12)

incoming = Given(DECIDER)
waiting = incoming.given(said)
taken = waiting.given(accepted)
here = taken.given(received)


def test_an_offer_arrives_once_and_never_after_it_was_taken_back() -> None:
    incoming.when(NoteArrived(said)).then(said)
    waiting.when(NoteArrived(said)).then()
    incoming.when(recall).then(given_back)
    incoming.given(given_back).when(NoteArrived(said)).then()


def test_who_takes_the_case_says_who_leads_it() -> None:
    waiting.when(accept(amina)).then(accepted)
    taken.when(accept(amina)).then()
    here.when(accept(amina)).then()
    taken.when(accept(replace(amina, worker=OTHER))).then_refused(AnsweredAlready)
    waiting.when(accept(NotRegistered())).then_refused(WorkerUnknown)
    facilitator = replace(amina, kind=WorkerKind.GROUP_FACILITATOR)
    waiting.when(accept(facilitator)).then_refused(MayNotLead)
    waiting.when(accept(amina, date(2026, 6, 1))).then_refused(RegistrationLapsed)
    incoming.when(accept(amina)).then_refused(NoSuchTransfer)


def test_whichever_comes_first_stands_the_answer_or_the_recall() -> None:
    waiting.when(recall).then(given_back)
    taken.when(recall).then()
    waiting.given(refused).when(recall).then()
    over = waiting.given(given_back)
    over.when(accept(amina)).then_refused(TakenBack)
    over.when(refuse).then_refused(TakenBack)
    over.when(recall).then()


def test_a_refusal_gives_its_reason_and_stands() -> None:
    waiting.when(refuse).then(refused)
    waiting.given(refused).when(refuse).then()
    other = replace(refuse, reason=RefuseReason.NOT_OUR_AREA)
    waiting.given(refused).when(other).then_refused(AnsweredAlready)
    waiting.given(refused).when(accept(amina)).then_refused(AnsweredAlready)
    incoming.when(refuse).then_refused(NoSuchTransfer)


def test_the_case_is_here_once_custody_has_passed_and_whole_with_its_copy() -> None:
    taken.when(NoteReceived(BY)).then(received)
    here.when(NoteReceived(BY)).then()
    waiting.when(NoteReceived(BY)).then()
    here.when(copied).then(whole)
    here.given(whole).when(copied).then()
    taken.when(copied).then()


histories = st.lists(
    st.sampled_from([said, accepted, refused, given_back, received, whole]), max_size=5
)
commands: st.SearchStrategy[IncomingCommand] = st.sampled_from(
    [NoteArrived(said), accept(amina), refuse, recall, NoteReceived(BY), copied]
)


@given(histories, commands)
def test_any_command_twice_decides_nothing_the_second_time(
    history: list[object], command: IncomingCommand
) -> None:
    before = incoming.given(*history)
    if before.when(command).refusal is None:
        before.repeats_nothing(command)


TRANSITIONS = Transitions(
    {
        "not arrived": incoming,
        "waiting": waiting,
        "accepted": taken,
        "turned down": waiting.given(refused),
        "given back": waiting.given(given_back),
        "received": here,
        "whole": here.given(whole),
    },
    {
        "note the offer": NoteArrived(said),
        "accept": accept(amina),
        "refuse": refuse,
        "take back": recall,
        "note that custody has passed": NoteReceived(BY),
        "note that the copy is whole": copied,
    },
)
