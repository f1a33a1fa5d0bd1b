"""At every instant of every made-up history exactly one authority holds the case."""

from dataclasses import replace
from datetime import timedelta

from services.casework.tests.custody_histories import faults, told


def test_one_authority_holds_the_case_at_every_instant() -> None:
    passings = 0
    for seed in range(200):
        story = told(seed)
        assert list(faults(story)) == [], f"history {seed}"
        passings += len(story.passings)
    # They are histories in which something happens.
    assert passings > 100


def test_the_count_finds_two_who_hold_it() -> None:
    story = next(each for each in map(told, range(50)) if each.passings)
    first, *_ = story.passings
    story.passings.append(replace(first, at=story.now + timedelta(days=1)))
    assert list(faults(story))
