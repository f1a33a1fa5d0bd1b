"""A case is closed when all is answered or settled, by whom the rules say, as the law allows."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases.case import CaseIsClosed, Closed, CloseReason, NoSuchCase, NotOpened
from casework.cases.case import Open as OpenCase
from casework.closures.checklist import (
    BY_FACTS,
    Answer,
    ChecklistIncomplete,
    Done,
    Item,
    Open,
    missing,
)
from casework.closures.closure import (
    DECIDER,
    ClosureCommand,
    ClosureProposed,
    ClosureReturned,
    ClosureSigned,
    ManagerSigns,
    NothingProposed,
    NoticeNeeded,
    Propose,
    ProposedForAnotherReason,
    Return,
    Sign,
    SignedAlready,
    Signer,
    Terms,
    Wish,
)
from casework.decisions import notice_states as notices
from casework.decisions.notice_events import (
    AddressedAs,
    Addressee,
    Basis,
    Ground,
    Outcome,
    Proposal,
)
from casework.urgent.concern_events import About
from casework.urgent.concern_events import Outcome as ConcernOutcome
from casework.urgent.concern_states import Acknowledged, Known, Raised
from casework.urgent.concern_states import Closed as ConcernClosed
from ledger.personal import Plain
from ledger.testing import Given, Transitions

CASE, CHILD, FAMILY, NOTICE, CONCERN, PLACE = (UUID(int=n) for n in range(1, 7))
DAY = date(2025, 11, 3)
RULE = "2005-12-30"
NONE: Plain[dict[str, str]] = Plain({})
WORDS = Plain("The letters are still to be handed on.")

case = OpenCase(CASE, CHILD, FAMILY, None, 1, date(2025, 9, 1), frozenset())
ASKED = tuple(each for each in Item if each not in BY_FACTS)
answers = tuple(Answer(each, Done.DONE) for each in ASKED)
terms = Terms(CloseReason.GOALS_MET, Wish.AGREES, None, answers)
against = replace(terms, wish=Wish.DISAGREES, notice=NOTICE)

known = notices.Known(
    NOTICE,
    CASE,
    CHILD,
    Proposal.CLOSE,
    (),
    Addressee(FAMILY, AddressedAs.ADOPTER),
    object.__new__(Basis),
    "somebody",
)
decided = notices.Decided(known, 28, RULE, DAY, Outcome.KEPT, Ground.PERIOD_OVER, DAY)

propose = Propose(case, terms, (), NONE)
back = Return(WORDS)
sign = Sign(
    case,
    CloseReason.GOALS_MET,
    terms,
    (),
    NONE,
    Open(),
    notices.NotProposed(),
    Signer.CLINICIAN,
    frozenset({"no-engagement"}),
    RULE,
)
sign_proposed = replace(sign, terms=None)
sign_against = replace(sign, terms=against, notice=decided, signer=Signer.MANAGER)

proposed = ClosureProposed(CASE, CHILD, 1, terms, (), NONE)
returned = ClosureReturned(CASE, CHILD, 1, WORDS)
signed = ClosureSigned(CASE, CHILD, 1, terms, (), Signer.CLINICIAN, RULE, NONE)

closure = Given(DECIDER)
waiting = closure.given(proposed)
over = waiting.given(signed)

TRANSITIONS = Transitions(
    {
        "nothing proposed": closure,
        "proposed": waiting,
        "sent back": waiting.given(returned),
        "signed": over,
    },
    {
        "propose": propose,
        "send back": back,
        "sign what was proposed": sign_proposed,
        "sign with answers of one's own": sign,
        "sign with something missing": replace(sign, found=Open(bookings=(PLACE,))),
        "sign against the family's wish, after a decision": sign_against,
        "sign against the family's wish without one": replace(
            sign_against, notice=notices.NotProposed()
        ),
    },
)


def test_who_leads_the_case_proposes_and_the_proposal_is_signed() -> None:
    closure.when(propose).then(proposed)
    waiting.when(propose).then()
    waiting.when(sign_proposed).then(signed)
    closure.when(sign).then(signed)


def test_there_is_nothing_to_sign_where_nothing_was_proposed() -> None:
    closure.when(sign_proposed).then_refused(NothingProposed)
    waiting.given(returned).when(sign_proposed).then_refused(NothingProposed)
    other = replace(sign_proposed, reason=CloseReason.MOVED)
    waiting.when(other).then_refused(ProposedForAnotherReason)


def test_a_proposal_is_sent_back_once_and_not_after_it_was_signed() -> None:
    waiting.when(back).then(returned)
    waiting.given(returned).when(back).then()
    over.when(back).then_refused(SignedAlready)


def test_what_is_missing_is_named() -> None:
    few = replace(sign, terms=replace(terms, answers=answers[:2]))
    refused = closure.when(few).refusal
    assert isinstance(refused, ChecklistIncomplete)
    # No place in a group is open: the record answers that.
    assert refused.missing == (Item.REFERRER_TOLD, Item.FUNDING, Item.LETTERS)
    assert refused.details == {"missing": "referrer-told funding letters"}


def test_what_was_not_done_is_said_with_its_reason() -> None:
    not_done = replace(terms, answers=(Answer(Item.MEASURES, Done.NOT_DONE), *answers[1:]))
    closure.when(replace(sign, terms=not_done)).then_refused(ChecklistIncomplete)
    explained = (Item.MEASURES,)
    closure.when(replace(sign, terms=not_done, explained=explained)).then(
        replace(signed, terms=not_done, explained=explained)
    )


@pytest.mark.parametrize(
    ("found", "lacks"),
    [
        (Open(), ()),
        (Open(places=(PLACE,)), (Item.GROUPS,)),
        (Open(bookings=(PLACE,)), (Item.SESSIONS,)),
    ],
)
def test_the_record_answers_what_it_can(found: Open, lacks: tuple[Item, ...]) -> None:
    without = tuple(each for each in answers if each.item is not Item.GROUPS)
    assert missing(without, (), found) == lacks
    # A place may stay open for a reason; a booking is cancelled.
    kept = (*without, Answer(Item.GROUPS, Done.NOT_DONE))
    assert missing(kept, (Item.GROUPS,), found) == tuple(
        each for each in lacks if each is not Item.GROUPS
    )


def test_an_open_concern_is_handed_over_first() -> None:
    about = Known(CONCERN, About(CHILD, None, CASE), CASE, frozenset())
    asked = frozenset({("harrowdale", DAY)})
    waits = replace(about, asked=asked, awaited=asked)
    for concern in (Raised(about), Acknowledged(about, "x"), Acknowledged(waits, "x")):
        assert missing(answers, (), Open(concerns=(concern,))) == (Item.SAFEGUARDING,)
    taken_on = Acknowledged(replace(about, asked=asked), "x")
    ended = ConcernClosed(about, ConcernOutcome.HANDED_OVER)
    assert missing(answers, (), Open(concerns=(taken_on, ended))) == ()


def test_for_some_reasons_a_manager_signs() -> None:
    lost = replace(
        sign,
        reason=CloseReason.NO_ENGAGEMENT,
        terms=replace(terms, reason=CloseReason.NO_ENGAGEMENT, wish=Wish.NOT_REACHED),
    )
    closure.when(lost).then_refused(ManagerSigns)
    assert closure.when(replace(lost, signer=Signer.MANAGER)).refusal is None


def test_against_the_familys_wish_a_case_is_closed_by_a_decision_after_notice() -> None:
    assert closure.when(sign_against).refusal is None
    closure.when(replace(sign_against, signer=Signer.CLINICIAN)).then_refused(ManagerSigns)
    others: list[Any] = [
        notices.NotProposed(),
        notices.Served(known, 28, RULE, 1, DAY),
        replace(decided, outcome=Outcome.DROPPED),
        replace(decided, known=replace(known, proposal=Proposal.END)),
        replace(decided, known=replace(known, case_id=FAMILY)),
    ]
    for other in others:
        closure.when(replace(sign_against, notice=other)).then_refused(NoticeNeeded)


def test_one_decision_closes_one_episode() -> None:
    before = closure.given(replace(signed, terms=against))
    second = replace(sign_against, case=replace(case, episode=2))
    before.when(second).then_refused(NoticeNeeded)
    assert before.when(replace(sign, case=replace(case, episode=2))).refusal is None


def test_only_an_open_case_is_closed_and_the_closing_again_is_none() -> None:
    ended = Closed(case, CloseReason.GOALS_MET, DAY)
    over.when(replace(sign, case=ended)).then()
    over.when(replace(propose, case=ended)).then_refused(CaseIsClosed)
    closure.when(replace(sign, case=NotOpened())).then_refused(NoSuchCase)


commands: st.SearchStrategy[ClosureCommand] = st.sampled_from([propose, back])


@given(st.lists(commands, max_size=10))
def test_a_repeated_command_decides_nothing(history: list[ClosureCommand]) -> None:
    so_far = closure
    for command in history:
        decided_now = so_far.when(command)
        if decided_now.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided_now.events)
