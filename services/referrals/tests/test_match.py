"""A match is proposed once; told apart, it is proposed again only where something new is found."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.people.match import (
    MATCH,
    ConfirmMatch,
    Difference,
    MatchCommand,
    MatchConfirmed,
    MatchProposed,
    MatchRejected,
    Pair,
    ProposeMatch,
    RejectMatch,
)
from referrals.people.scoring import Finding, Reason

ONE, OTHER = UUID(int=1), UUID(int=2)
PAIR = Pair.of(OTHER, ONE)
NOTHING_SAID: Plain[str | None] = Plain(None)

some = Finding(210, (Reason.GIVEN_SAME, Reason.BIRTH_SAME))
less = Finding(190, (Reason.BIRTH_SAME,))
more = Finding(400, (Reason.GIVEN_SAME, Reason.NHS_SAME))
proposed = MatchProposed(ONE, OTHER, 210, some.reasons)
proposed_anew = MatchProposed(ONE, OTHER, 400, more.reasons)
confirmed = MatchConfirmed(ONE, OTHER, NOTHING_SAID)
rejected = MatchRejected(ONE, OTHER, Difference.TWINS, some.reasons, NOTHING_SAID)
propose, confirm = ProposeMatch(PAIR, some), ConfirmMatch(PAIR, NOTHING_SAID)
reject = RejectMatch(PAIR, Difference.TWINS, some.reasons, NOTHING_SAID)

nothing = Given(MATCH)
open_ = nothing.given(proposed)

TRANSITIONS = Transitions(
    {
        "not proposed": nothing,
        "proposed": open_,
        "confirmed": open_.given(confirmed),
        "rejected": open_.given(rejected),
    },
    {
        "propose": propose,
        "propose for a new reason": ProposeMatch(PAIR, more),
        "confirm": confirm,
        "reject": reject,
    },
)


def test_a_pair_is_the_same_whoever_comes_first() -> None:
    assert Pair.of(ONE, OTHER) == PAIR


def test_a_match_is_proposed_with_its_score_and_reasons() -> None:
    nothing.when(propose).then(proposed)
    open_.when(ProposeMatch(PAIR, less)).then()
    open_.when(ProposeMatch(PAIR, more)).then(proposed_anew)


def test_somebody_decides_also_where_nothing_was_proposed() -> None:
    for history in (nothing, open_):
        history.when(confirm).then(confirmed)
        history.when(reject).then(rejected)
    open_.given(rejected).when(confirm).then(confirmed)
    open_.given(confirmed).when(reject).then(rejected)


@pytest.mark.parametrize("finding", [some, less])
def test_whoever_was_told_apart_is_not_proposed_again(finding: Finding) -> None:
    open_.given(rejected).when(ProposeMatch(PAIR, finding)).then()
    nothing.given(rejected).when(ProposeMatch(PAIR, finding)).then()


def test_new_evidence_is_heard_though_two_were_told_apart() -> None:
    open_.given(rejected).when(ProposeMatch(PAIR, more)).then(proposed_anew)


def test_what_is_confirmed_is_not_proposed() -> None:
    open_.given(confirmed).when(ProposeMatch(PAIR, more)).then()


@given(
    history=st.sampled_from([nothing, open_, open_.given(rejected), open_.given(confirmed)]),
    command=st.sampled_from([propose, ProposeMatch(PAIR, more), confirm, reject]),
)
def test_the_same_command_again_decides_nothing(history: Given, command: MatchCommand) -> None:
    history.repeats_nothing(command)
