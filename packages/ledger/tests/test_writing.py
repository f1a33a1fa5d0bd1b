"""Writes are grouped by statement, and no row sees its own writes in another order."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from ledger.writes import Statement, Write
from ledger.writing import layers

STATEMENTS = [Statement(f"s{number}", f"select {number}", key=(0,)) for number in range(4)]
SWEEP = Statement("sweep", "select", key=())

writes = st.lists(
    st.one_of(
        st.builds(
            lambda statement, row, number: statement(row, number),
            st.sampled_from(STATEMENTS),
            st.integers(0, 5),
            st.integers(),
        ),
        st.builds(SWEEP, st.integers()),
    ),
    max_size=60,
)


def sent(given_writes: list[Write]) -> list[Write]:
    return [
        Write(layer.statement, arguments)
        for layer in layers(given_writes)
        for arguments in layer.arguments
    ]


def on_each_row(given_writes: list[Write]) -> dict[object, list[Write]]:
    rows: dict[object, list[Write]] = defaultdict(list)
    for write in given_writes:
        for row in [write.row] if write.row else [(row,) for row in range(6)]:
            rows[row].append(write)
    return rows


@given(writes)
def test_each_row_keeps_the_order_of_its_writes(given_writes: list[Write]) -> None:
    assert on_each_row(sent(given_writes)) == on_each_row(given_writes)
    assert len(sent(given_writes)) == len(given_writes)


def test_writes_on_different_rows_share_a_layer() -> None:
    one, two = STATEMENTS[:2]
    made = layers([one(1), two(2), one(3), two(4), one(5)])
    assert [(each.statement.name, len(each.arguments)) for each in made] == [("s0", 3), ("s1", 2)]


def test_a_row_written_by_turns_takes_a_layer_a_turn() -> None:
    one, two = STATEMENTS[:2]
    assert len(layers([one(1), two(1), one(1), two(1)])) == 4


def test_nothing_crosses_a_statement_without_a_key() -> None:
    one = STATEMENTS[0]
    names = [each.statement.name for each in layers([one(1), SWEEP(0), one(2), one(3)])]
    assert names == ["s0", "sweep", "s0"]
