"""Two authorities draw the same line of who owes a child the service, wherever its case went."""

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.personal import Plain
from referrals.arrivals.law import going, learning
from referrals.duty.facts import AnyFact, HolderAgreed, OrderSetAside
from referrals.duty.line import draw
from referrals.duty.timeline import TIMELINE, facts_in
from referrals.rules.policies import duty_rules, shipped
from services.referrals.tests.duty_histories import CHILD, invented

CASE, TODAY = UUID(int=5), date(2026, 1, 19)


@given(st.integers(0, 2_000))
def test_the_line_is_the_same_there(seed: int) -> None:
    here = tuple(invented(seed).facts)
    law = going(CHILD, here)
    # An order whose day was set right to one after it was set aside can be recorded nowhere anew.
    assume({_aside(each) for each in law} <= {_aside(each) for each in here})
    state: Any = TIMELINE.initial
    for step in learning(CASE, CHILD, law, TODAY):
        command: Any = step.command
        state = TIMELINE.fold(TIMELINE.decide(command, state), state)
    assert facts_in(state) == () or {each.fact for each in facts_in(state)} == {
        each.fact for each in law
    }
    rules = duty_rules(shipped(), "")
    assert draw(law, rules) == draw(here, rules)


def _aside(fact: AnyFact) -> tuple[UUID, date] | None:
    return (fact.fact, fact.on) if isinstance(fact, OrderSetAside) else None


@given(st.integers(0, 2_000))
def test_what_was_set_right_and_the_words_of_an_agreement_stay_behind(seed: int) -> None:
    here = tuple(invented(seed).facts)
    law = going(CHILD, here)
    assert all(each.corrects == () for each in law)
    wrong = {each for fact in here for each in fact.corrects}
    assert not wrong & {each.fact for each in law}
    agreed = [each for each in law if isinstance(each, HolderAgreed)]
    assert all((each.reference, each.words) == (Plain(None), Plain(None)) for each in agreed)
