"""Contenders alternate within each repeat, and none always goes first."""

import asyncio
from functools import partial

from bench.figures import Run
from bench.rounds import interleaved, table, turned


async def measured(order: list[str], name: str) -> Run:
    order.append(name)
    await asyncio.sleep(0)
    return Run.of([0.001], 1.0, done=len(order))


async def test_each_repeat_measures_each_cell_once_and_begins_with_another() -> None:
    order: list[str] = []
    said: list[str] = []
    names = ("same/1", "ledger/1", "peer/1")
    cells = {name: partial(measured, order, name) for name in names}
    runs = await interleaved(cells, 4, said.append)
    rounds = [order[at : at + 3] for at in range(0, len(order), 3)]
    assert [sorted(each) for each in rounds] == [sorted(names)] * 4
    assert [each[0] for each in rounds] == ["same/1", "ledger/1", "peer/1", "same/1"]
    assert {name: len(of) for name, of in runs.items()} == dict.fromkeys(names, 4)
    assert said[-1] == "repeat 4 of 4"


def test_turning_keeps_what_there_is() -> None:
    assert turned([1, 2, 3], 1) == [2, 3, 1]
    assert turned([1, 2, 3], 5) == [3, 1, 2]
    assert turned([], 3) == []


def test_cells_are_told_by_contender_then_by_size() -> None:
    run = Run.of([0.001], 1.0)
    told = table({"ledger/1": [run], "ledger/16": [run], "same/1": [run]})
    assert {name: list(cells) for name, cells in told.items()} == {
        "ledger": ["1", "16"],
        "same": ["1"],
    }
