"""What a redirect brings is acknowledged, refused or given back; whichever is first stands."""

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ledger.decider import Refusal
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.redirects.incoming import (
    INCOMING,
    AcknowledgeRedirect,
    AlreadyAnswered,
    AlreadyGivenBack,
    GiveBack,
    NoteArrived,
    RedirectAcknowledged,
    RedirectArrived,
    RedirectGivenBack,
    RedirectRefused,
    RefuseRedirect,
)
from referrals.redirects.reasons import Ground, RefuseReason

ID, REFERRAL, COPY, CHILD_THERE = (UUID(int=each) for each in range(1, 5))
HERE = UUID(int=10)
NOTHING: Plain[str | None] = Plain(None)

arrived = RedirectArrived(
    ID, "colne-bay", HERE, REFERRAL, COPY, CHILD_THERE, Ground.CONSENT, "parental-responsibility",
    date(2025, 11, 17),
)  # fmt: skip
refuse = RefuseRedirect(ID, RefuseReason.NOT_DUTY_HOLDER, NOTHING)
refused_there = RedirectRefused(ID, HERE, CHILD_THERE, RefuseReason.NOT_DUTY_HOLDER, NOTHING)
acknowledged = RedirectAcknowledged(ID, HERE)
given_back = RedirectGivenBack(ID, HERE)

incoming = Given(INCOMING)
commands_there = [NoteArrived(arrived), AcknowledgeRedirect(ID), refuse, GiveBack(ID, HERE)]

TRANSITIONS = Transitions(
    {
        "not arrived": incoming,
        "waiting": incoming.given(arrived),
        "acknowledged": incoming.given(arrived, acknowledged),
        "refused": incoming.given(arrived, refused_there),
        "given back": incoming.given(arrived, given_back),
        "given back before it came": incoming.given(given_back),
    },
    {
        "arrive": NoteArrived(arrived),
        "acknowledge": AcknowledgeRedirect(ID),
        "refuse": refuse,
        "refuse for another reason": RefuseRedirect(ID, RefuseReason.NOT_ELIGIBLE, NOTHING),
        "give back": GiveBack(ID, HERE),
    },
)


def test_what_arrives_is_acknowledged_refused_or_given_back() -> None:
    incoming.when(NoteArrived(arrived)).then(arrived)
    incoming.given(arrived).when(AcknowledgeRedirect(ID)).then(acknowledged)
    incoming.given(arrived).when(refuse).then(refused_there)
    incoming.given(arrived).when(GiveBack(ID, HERE)).then(given_back)


def test_whichever_is_first_stands() -> None:
    incoming.given(arrived, acknowledged).when(GiveBack(ID, HERE)).then()
    incoming.given(arrived, refused_there).when(GiveBack(ID, HERE)).then()
    incoming.given(arrived, acknowledged).when(refuse).then_refused(AlreadyAnswered)
    incoming.given(arrived, refused_there).when(AcknowledgeRedirect(ID)).then_refused(
        AlreadyAnswered
    )
    for answer in (AcknowledgeRedirect(ID), refuse):
        incoming.given(arrived, given_back).when(answer).then_refused(AlreadyGivenBack)


def test_what_was_asked_back_before_it_came_never_arrives() -> None:
    incoming.when(GiveBack(ID, HERE)).then(given_back)
    incoming.given(given_back).when(NoteArrived(arrived)).then()


def test_nobody_answers_what_never_came() -> None:
    for answer in (AcknowledgeRedirect(ID), refuse):
        incoming.when(answer).then_refused(Refusal)


@given(st.lists(st.sampled_from(commands_there)))
def test_any_command_on_what_arrives_twice_decides_nothing_the_second_time(
    commands: list[Any],
) -> None:
    history: tuple[object, ...] = ()
    for command in commands:
        decided = incoming.given(*history).when(command)
        if decided.refusal is None:
            incoming.given(*history).repeats_nothing(command)
        history = (*history, *decided.events)
