"""A process that measures is asked by lines; what it acknowledged is added up and held to rows."""

import os
import sys

import pytest

from bench.figures import Run
from bench.lines import Failed, measurer
from bench.peers.starting import Miscounted, Peer, checked

ECHO = """
import asyncio
from bench.figures import Run
from bench.speaking import answer_all
async def answer(asked):
    if asked["writers"] == 13:
        raise SystemExit(1)
    return Run.of([0.001] * asked["writers"], asked["seconds"])
asyncio.run(answer_all(answer))
"""


async def test_a_measurer_is_asked_again_and_again_and_what_it_did_is_added_up() -> None:
    async with measurer("echo", (sys.executable, "-c", ECHO), dict(os.environ)) as process:
        runs = [await process.ask(writers=n, seconds=2.0) for n in (4, 6)]
        assert [each.rate for each in runs] == [2.0, 3.0]
        assert process.acknowledged == 10
        with pytest.raises(Failed, match="echo ended"):
            await process.ask(writers=13, seconds=1.0)


async def test_one_that_never_gets_ready_is_told_of() -> None:
    command = (sys.executable, "-c", "pass")
    with pytest.raises(Failed, match="nobody ended"):
        async with measurer("nobody", command, dict(os.environ)):
            pass


class Fake:
    """A peer that forgets some of what it acknowledged."""

    def __init__(self, *, forgets: int) -> None:
        self.rows = 0
        self._forgets = forgets

    async def write(self, writers: int, seconds: float) -> Run:
        """Write ten rows a writer."""
        done = writers * 10
        self.rows += done - self._forgets
        return Run.of([seconds / done] * done, seconds)

    async def count(self) -> int:
        """Count what is there."""
        return self.rows


@pytest.mark.parametrize("name", ["eventsourcing", "message-db", "emmett"])
async def test_a_peer_whose_rows_are_all_there_is_taken_at_its_word(name: str) -> None:
    fake = Fake(forgets=0)
    peer = Peer(name, fake.write, fake.count)
    await peer.run(16, 0.5)
    await peer.run(1, 0.5)
    assert await peer.check() == {"acknowledged": 170, "rows": 170}


@pytest.mark.parametrize("name", ["eventsourcing", "message-db", "emmett"])
async def test_a_peer_that_lost_a_row_has_no_figures(name: str) -> None:
    fake = Fake(forgets=1)
    peer = Peer(name, fake.write, fake.count)
    await peer.run(16, 0.5)
    with pytest.raises(Miscounted, match=f"{name} acknowledged 160 and holds 159"):
        await peer.check()


def test_rows_that_nobody_acknowledged_do_not_count_either() -> None:
    with pytest.raises(Miscounted):
        checked("it", 10, 11)
