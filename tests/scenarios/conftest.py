"""Gives each story its world, and tells all stories of the run at the same time (world.py)."""

import inspect
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from chassis.roles import Role
from stack.settings import Provider
from stack.testing import sweep
from tests.scenarios import disturbing
from tests.scenarios.judging import Again
from tests.scenarios.stage import Stage
from tests.scenarios.telling import Telling, peace
from tests.scenarios.world import BEGINS, World
from tests.system.installation import installed
from throughline_cli.operating import Clock, Operator
from throughline_cli.people import Staff
from throughline_cli.playing import register_workers

_HERE = Path(__file__).parent
_STORIES = pytest.StashKey[dict[str, Any]]()


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Let each test that wants a world only wait for its story, which is told with the others."""
    stories: dict[str, Any] = {}
    for item in items:
        if isinstance(item, pytest.Function) and _is_story(item):
            stories[item.nodeid] = item.obj
            item.obj = _waiting_for(item.nodeid)
    session.config.stash[_STORIES] = stories


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage_of(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """Give what makes a stage for a story, over a platform of the stories' own."""
    await sweep()
    async with (
        installed(Provider(request.config.getoption("--stack"))) as installation,
        AsyncExitStack() as opened,
    ):
        staff = Staff.of(installation.platform, opened)
        operator = Operator(await staff.line(Role.OPERATOR))
        directory = installation.platform.directory
        await register_workers(staff, directory, await staff.managers(), BEGINS)
        disturber = await opened.enter_async_context(disturbing.disturber(installation))
        again = _again(request.config)
        disturb = peace if again is None else disturber.at_each_move
        telling = Telling(await Clock.of(operator), disturb)
        yield partial(Stage, staff=staff, telling=telling, disturber=disturber)
        await telling.end()
        if again is not None:
            await again.judge(installation, disturber, operator)


@pytest_asyncio.fixture(loop_scope="session")
async def world(request: pytest.FixtureRequest, stage_of: Any) -> World:
    """Begin all stories, unless that was done, and give the one of this test."""
    stories = request.config.stash[_STORIES]
    first: Stage = stage_of(request.node.nodeid)
    first.telling.begin(
        {name: partial(story, World(stage_of(name))) for name, story in stories.items()}
    )
    return World(first)


def _again(config: pytest.Config) -> Again | None:
    """Return what judges a run that is disturbed throughout; None where it is told in peace."""
    return next(
        (each for each in config.pluginmanager.get_plugins() if isinstance(each, Again)), None
    )


def _is_story(item: pytest.Function) -> bool:
    return (
        item.path.is_relative_to(_HERE)
        and inspect.iscoroutinefunction(item.obj)
        and list(inspect.signature(item.obj).parameters) == ["world"]
    )


def _waiting_for(name: str) -> Any:
    async def wait(world: World) -> None:
        await world.stage.telling.outcome(name)

    return wait
