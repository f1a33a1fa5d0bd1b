"""Made-up lives: the same seed gives the same, and what comes of it is what services see."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from ledger.working_days import ENGLAND_AND_WALES
from throughline_cli.simulating.lives import Scope, lives
from throughline_cli.simulating.player import VERBS
from throughline_cli.simulating.steps import Life, Verb

AUTHORITIES = ("westmarch", "harrowdale", "saltby", "northmoor", "colne-bay")
YEAR = Scope(7, 300, 12, date(2025, 1, 2), AUTHORITIES)


@pytest.fixture(scope="module")
def year() -> list[Life]:
    return lives(YEAR)


def test_the_same_seed_gives_the_same_lives_and_another_one_others(year: list[Life]) -> None:
    assert lives(YEAR) == year
    assert lives(replace(YEAR, seed=8)) != year


def test_fewer_families_are_the_first_of_more(year: list[Life]) -> None:
    assert lives(replace(YEAR, families=10)) == year[:10]


def test_all_is_written_on_few_working_days_within_the_scope_in_order(year: list[Life]) -> None:
    assert len({step.told for life in year for step in life.steps}) <= 64
    for life in year:
        told = [step.told for step in life.steps]
        assert told == sorted(told)
        assert all(YEAR.begins <= each <= YEAR.ends for each in told)
        assert all(ENGLAND_AND_WALES.is_working(each) for each in told)
        assert all(step.on <= step.told for step in life.steps)


def test_nothing_is_done_for_a_child_before_what_it_rests_on(year: list[Life]) -> None:
    for life in year:
        assert life.steps[0].verb is Verb.REFER
        for child in range(len(life.family.children)):
            verbs = [step.verb for step in life.steps[1:] if step.child == child]
            if Verb.ALLOCATE in verbs:
                assert verbs.index(Verb.SCREEN) < verbs.index(Verb.ACCEPT)
                assert verbs.index(Verb.ACCEPT) < verbs.index(Verb.ALLOCATE)
            if Verb.SESSION in verbs:
                assert verbs.index(Verb.ALLOCATE) < verbs.index(Verb.SESSION)


def test_nothing_is_done_in_a_case_after_its_end(year: list[Life]) -> None:
    for life in year:
        for child in range(len(life.family.children)):
            verbs = [step.verb for step in life.steps[1:] if step.child == child]
            assert {Verb.CLOSE, Verb.TRANSFER}.isdisjoint(verbs[:-1])
            # A duty that is owed elsewhere would keep the case from its end.
            if Verb.CLOSE in verbs:
                assert verbs.count(Verb.OWE) == verbs.count(Verb.ANSWER_DUTY)


def test_each_notice_is_served_once_after_it_is_issued(year: list[Life]) -> None:
    of_document = (Verb.PROPOSE, Verb.DECIDE)
    for life in year:
        for child in range(len(life.family.children)):
            own = [step for step in life.steps if step.child == child]
            served = [place for place, step in enumerate(own) if step.verb is Verb.SERVE]
            assert [own[place].number for place in served] == list(range(len(served)))
            for place, issued in zip(served, of_document, strict=False):
                assert issued in {step.verb for step in own[:place]}


def test_a_group_begins_after_the_family_has_its_place(year: list[Life]) -> None:
    for life in year:
        for step in life.steps:
            if step.verb is Verb.JOIN:
                starts = date.fromisoformat(step.code)
                assert starts.strftime("%A") == "Wednesday"
                own = [each for each in life.steps if each.child == step.child]
                assert all(each.on < starts for each in own if each.verb is Verb.TAKE_PLACE)
                assert all(each.on >= starts for each in own if each.verb is Verb.ATTEND)


def test_every_authority_has_families_and_most_referrals_are_taken_on(year: list[Life]) -> None:
    assert {life.family.authority for life in year} == set(AUTHORITIES)
    verbs = Counter(step.verb for life in year for step in life.steps)
    assert 0.75 <= verbs[Verb.ACCEPT] / verbs[Verb.SCREEN] <= 0.95
    days = {step.on.weekday() for life in year for step in life.steps if step.verb is Verb.REFER}
    assert days == set(range(5))


def test_no_two_families_are_called_the_same(year: list[Life]) -> None:
    assert len({life.family.adult for life in year}) == len(year)


def test_every_verb_can_be_played_and_is_used(year: list[Life]) -> None:
    assert set(VERBS) == set(Verb)
    assert {step.verb for life in year for step in life.steps} == set(Verb)
