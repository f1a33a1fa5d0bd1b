"""What a platform is measured with is as mixed as what it is for."""

from collections import Counter
from itertools import islice

from bench.platform import strangers

MANY = 2_000
MOST_ALIKE = 10
"""Of a home, a birth date or a whole name: families have a few children, names are common."""


def test_those_who_are_referred_are_not_one_another() -> None:
    children = list(islice(strangers(), MANY))
    assert len(set(children)) == MANY
    for alike in (
        Counter(each.postcodes for each in children),
        Counter(each.births for each in children),
        Counter(each.names for each in children),
    ):
        assert max(alike.values()) <= MOST_ALIKE
