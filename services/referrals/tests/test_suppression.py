"""Small numbers are hidden, and nobody who knows all that is shown can work one out."""

from hypothesis import given
from hypothesis import strategies as st

from referrals.worklists.suppression import FEWEST, HIDDEN, Hidden, Table, suppressed

numbers = st.dictionaries(
    st.sampled_from(["asian", "black", "mixed", "other", "white", "not-known"]),
    st.integers(0, 12) | st.integers(0, 2_000),
    max_size=6,
)


def possible(table: Table, name: str) -> range:
    """Return what a group's number may be, for an attacker who sums and subtracts."""
    shown = table.groups[name]
    if not isinstance(shown, Hidden):
        return range(shown, shown + 1)
    if isinstance(table.total, Hidden):
        return range(FEWEST)
    left = table.total - sum(each for each in table.groups.values() if not isinstance(each, Hidden))
    alone = sum(isinstance(each, Hidden) for each in table.groups.values()) == 1
    return range(left, left + 1) if alone else range(left + 1)


@given(numbers)
def test_no_number_from_1_to_4_is_shown(groups: dict[str, int]) -> None:
    table = suppressed(groups)
    for shown in [table.total, *table.groups.values()]:
        assert isinstance(shown, Hidden) or shown == 0 or shown >= FEWEST


@given(numbers)
def test_what_is_shown_is_true_and_every_group_has_its_place(groups: dict[str, int]) -> None:
    table = suppressed(groups)
    assert table.groups.keys() == groups.keys()
    assert table.total in (HIDDEN, sum(groups.values()))
    for name, shown in table.groups.items():
        assert shown in (HIDDEN, groups[name])


@given(numbers)
def test_a_hidden_number_may_be_any_from_0_to_4_at_least(groups: dict[str, int]) -> None:
    table = suppressed(groups)
    for name, shown in table.groups.items():
        if isinstance(shown, Hidden):
            assert set(range(FEWEST)) <= set(possible(table, name))


@given(numbers)
def test_what_need_not_be_hidden_is_shown(groups: dict[str, int]) -> None:
    table = suppressed(groups)
    if all(each == 0 or each >= FEWEST for each in groups.values()):
        assert dict(table.groups) == groups
        assert table.total == sum(groups.values())


@given(numbers)
def test_the_order_of_the_groups_hides_nothing_else(groups: dict[str, int]) -> None:
    assert suppressed(dict(reversed(groups.items()))) == suppressed(groups)


def test_a_lone_small_number_takes_the_next_smallest_with_it() -> None:
    assert suppressed({"asian": 3, "black": 9, "white": 40}) == Table(
        52, {"asian": HIDDEN, "black": HIDDEN, "white": 40}
    )


def test_two_that_are_too_few_together_take_a_third_with_them() -> None:
    assert suppressed({"asian": 1, "black": 1, "mixed": 0, "white": 40}) == Table(
        42, {"asian": HIDDEN, "black": HIDDEN, "mixed": 0, "white": HIDDEN}
    )


def test_a_small_total_is_hidden_with_all_its_groups() -> None:
    assert suppressed({"asian": 1, "white": 0}) == Table(HIDDEN, {"asian": HIDDEN, "white": HIDDEN})
