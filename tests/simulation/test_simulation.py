"""Each story comes to the same wherever a crash breaks it off: nothing is lost, nothing twice.

All services in one process over stores and topics in memory, in an order drawn from a seed.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.feed import Cursor
from tests.simulation.crashing import try_out
from tests.simulation.memories import WorldOutbox
from tests.simulation.process import Story
from tests.simulation.stories import STORIES, many_come_at_once

FEWEST_STORIES, FEWEST_STATES = 20, 10


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Let what parks in a story not be told again and again."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_story_that_a_crash_breaks_off_anywhere_comes_to_the_same(story: Story) -> None:
    tried = try_out(story)
    assert tried.wrong == ()
    assert tried.states >= FEWEST_STATES


@pytest.mark.parametrize("seed", range(1, 3))
def test_in_whatever_order_things_come_a_story_comes_to_the_same(seed: int) -> None:
    for story in STORIES:
        assert try_out(story, seed=1_000 * seed, every=1_000).wrong == ()


def test_a_run_is_the_same_whenever_it_is_repeated() -> None:
    [story, *_] = STORIES
    steps = {try_out(story, every=1_000).steps for _ in range(6)}
    assert len(steps) == 1


def test_there_are_enough_stories() -> None:
    assert len(STORIES) >= FEWEST_STORIES


def test_events_that_come_together_share_a_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[int] = []
    usual = WorldOutbox.advance

    async def advance(outbox: WorldOutbox, since: Cursor, to: Cursor, *more: Any) -> None:
        moved.append(to.position - since.position)
        await usual(outbox, since, to, *more)

    monkeypatch.setattr(WorldOutbox, "advance", advance)
    assert try_out(many_come_at_once, every=1_000).wrong == ()
    assert len(moved) * 4 < sum(moved)
