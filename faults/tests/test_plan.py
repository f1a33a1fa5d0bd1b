"""A plan: each class often enough, enough in all, the same again from the same seed."""

import pytest

from faults.__main__ import EACH, TOTAL, counts
from faults.campaign import Plan
from faults.registry import CLASSES


def planned(seed: int) -> Plan:
    return Plan(seed, counts(list(CLASSES), EACH, TOTAL))


def test_each_class_comes_often_enough_and_there_are_enough_in_all() -> None:
    plan = planned(1)
    assert min(plan.counts.values()) >= 40
    assert sum(plan.counts.values()) >= 1_500
    assert plan.counts.keys() == CLASSES.keys()


def test_the_rounds_make_up_the_counts() -> None:
    plan = planned(1)
    made = dict.fromkeys(CLASSES, 0)
    for known, number in plan.rounds():
        assert 0 < number <= known.at_once
        made[known.kind] += number
    assert made == plan.counts


@pytest.mark.parametrize("seed", [1, 7, 20])
def test_a_seed_gives_the_same_rounds_again_and_another_seed_others(seed: int) -> None:
    assert planned(seed).rounds() == planned(seed).rounds()
    assert planned(seed).rounds() != planned(seed + 1).rounds()


def test_fewer_faults_may_be_asked_for() -> None:
    assert counts(["F01", "F15"], 5, 0) == {"F01": 5, "F15": 5}
