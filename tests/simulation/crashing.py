"""A story told once without a crash, then from each state that a crash can leave behind.

A crash at any await loses the process and keeps what is committed: between two commits all awaits
leave the same behind. So each state after a commit is kept, and a new process begins from each.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casework.__main__ import SERVICE as CASEWORK
from chassis.service import Service
from groups.__main__ import SERVICE as GROUPS
from notifications.__main__ import SERVICE as NOTIFICATIONS
from referrals.__main__ import SERVICE as REFERRALS
from tests.simulation.judging import Came, came_to, faults
from tests.simulation.process import Story, play
from tests.simulation.scheduler import Stuck
from tests.simulation.stories import STORIES
from tests.simulation.world import World

SERVICES: Mapping[str, Service] = {
    each.name: each for each in (REFERRALS, CASEWORK, GROUPS, NOTIFICATIONS)
}


OUTCOMES = Path(__file__).parent / "outcomes.json"
"""What each story comes to; `python -m tests.simulation` writes it down anew."""


@dataclass(frozen=True)
class Tried:
    """What came of a story: how often it was broken off, and what was wrong afterwards."""

    steps: int
    states: int
    wrong: tuple[str, ...]


def try_out(story: Story, seed: int = 0, every: int = 1, enough: int = 10) -> Tried:
    """Tell a story; break it off after each commit (or each so-many-th) and let it go on.

    Ends once so much is wrong that it is enough.
    """
    world, states = _empty(story), []
    states.append(world.copy())
    world.changed = lambda: states.append(world.copy())
    expected = _expected(story)
    steps = 0
    wrong: list[str] = []
    try:
        steps = play(story, world, seed)
    except (Stuck, AssertionError) as error:
        wrong.append(f"uncrashed: {error}")
    else:
        wrong += [f"uncrashed: {each}" for each in _judged(world, expected)]
    broken_off = states[::every]
    for number, state in enumerate(broken_off):
        if len(wrong) < enough:
            at = f"broken off after commit {state.commits}"
            wrong += [
                f"{at}: {each}" for each in _resumed(story, state, seed + number + 1, expected)
            ]
    return Tried(steps, len(broken_off), tuple(wrong))


def outcome_of(story: Story) -> Came:
    """Tell a story once, and answer what it came to."""
    world = _empty(story)
    play(story, world, 0)
    return came_to(world)


def _empty(story: Story) -> World:
    return World({name: SERVICES[name] for name in STORIES[story]})


def _expected(story: Story) -> Came:
    found: Came = json.loads(OUTCOMES.read_text())[story.__name__]
    return found


def _resumed(story: Story, state: World, seed: int, expected: Came) -> list[str]:
    try:
        play(story, state, seed)
    except (Stuck, AssertionError) as error:
        return [str(error)]
    return _judged(state, expected)


def _judged(world: World, expected: Came) -> list[str]:
    wrong = list(faults(world))
    came = came_to(world)
    return wrong + [
        f"{what}: {came.get(what)}, not {expected.get(what)}"
        for what in sorted(came.keys() | expected.keys())
        if came.get(what) != expected.get(what)
    ]
