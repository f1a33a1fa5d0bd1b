"""The parts of a plan hang together, each refusal names the part; two versions differ readably."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.plans.differences import How, differences
from casework.plans.document import (
    CameOf,
    Contingency,
    Criterion,
    Goal,
    Measure,
    Need,
    Part,
    Party,
    View,
)
from casework.plans.links import (
    GoalWithoutNeed,
    KeyTwice,
    LooseEnd,
    MeasureWithoutService,
    ServiceWithoutGoal,
    ViewWithoutAnswer,
    WordsOfNothing,
    check_links,
    missing,
)
from services.casework.tests.plan_samples import a_plan, hers, theirs, therapy

DAY = date(2026, 3, 2)
group = replace(therapy, key="group", kind=therapy.kind)


def test_a_whole_plan_hangs_together_and_lacks_nothing() -> None:
    check_links(a_plan(), ["therapy", "hers"])
    assert missing(a_plan()) == ()


@pytest.mark.parametrize(
    ("changed", "refusal", "part"),
    [
        ({"needs": (Need("sleep", "sleep"), Need("sleep", "school"))}, KeyTwice, "sleep"),
        ({"goals": (Goal("nights", "food"),)}, GoalWithoutNeed, "nights"),
        ({"services": (replace(therapy, goal=""),)}, ServiceWithoutGoal, "therapy"),
        ({"services": (therapy, replace(group, goal="days"))}, ServiceWithoutGoal, "group"),
        ({"measures": (Measure("m", "group", "sdq", DAY),)}, MeasureWithoutService, "m"),
        ({"criteria": (Criterion("c", "days"),)}, LooseEnd, "c"),
        ({"parts": (Part("p", "nothing", Party.PARENTS),)}, LooseEnd, "p"),
        ({"contingencies": (Contingency("k", "nothing"),)}, LooseEnd, "k"),
        ({"views": (replace(hers, led_to=()),)}, ViewWithoutAnswer, "hers"),
        ({"views": (replace(hers, led_to=("group",)),)}, ViewWithoutAnswer, "hers"),
        ({"views": (replace(theirs, led_to=("therapy",)),)}, ViewWithoutAnswer, "theirs"),
    ],
)
def test_a_part_that_hangs_loose_is_refused_by_name(
    changed: dict[str, Any], refusal: type[Any], part: str
) -> None:
    with pytest.raises(refusal) as refused:
        check_links(a_plan(**changed), [])
    assert refused.value.details == {"part": part}


def test_words_belong_to_a_part() -> None:
    with pytest.raises(WordsOfNothing):
        check_links(a_plan(), ["nothing"])


def test_a_view_may_be_absent_for_a_reason() -> None:
    young = View("hers", Party.CHILD, CameOf.TOO_YOUNG, ())
    document = a_plan(views=(young, theirs))
    check_links(document, [])
    assert missing(document) == ()


def test_two_versions_differ_in_sentences() -> None:
    after = a_plan(
        services=(replace(therapy, sessions=20, cost_pence=200_050),),
        contacts=(),
        parts=(Part("bedtime", "nights", Party.PARENTS),),
        criteria=(),
        review_on=DAY,
    )
    said = [each.sentence for each in differences(a_plan(), after)]
    assert said == [
        "Service 'therapy', sessions: now 20, before 12.",
        "Service 'therapy', cost: now £2,000.50, before £1,200.00.",
        "Part 'bedtime' is new: towards nights, who parents.",
        "Criterion 'slept' is left out: goal nights.",
        "The plan, day of review: now 2 March 2026, before nothing.",
    ]


def test_words_differ_only_where_they_were_opened() -> None:
    assert differences(a_plan(), a_plan()) == ()
    (found,) = differences(a_plan(), a_plan(), {"therapy": "Play"}, {"therapy": "Painting"})
    assert (found.how, found.value) == (How.CHANGED, "words")
    assert found.sentence == "Service 'therapy', words: now Painting, before Play."


def test_the_way_back_is_the_same_differences_turned_round() -> None:
    other = a_plan(needs=(Need("sleep", "rest"), Need("school", "school")), views=(hers,))
    there, back = differences(a_plan(), other), differences(other, a_plan())
    turned = {How.ADDED: How.REMOVED, How.REMOVED: How.ADDED, How.CHANGED: How.CHANGED}
    assert {(e.section, e.key, turned[e.how]) for e in there} == {
        (e.section, e.key, e.how) for e in back
    }
