"""Fixtures of the tests of the whole: one platform a session, on real servers of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from stack.settings import Provider
from stack.testing import sweep
from tests.system.installation import Installation, installed
from throughline_cli.people import Staff


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Installation]:
    """Give a running platform with nothing recorded in it; it is shared by all tests."""
    await sweep()
    async with installed(Provider(request.config.getoption("--stack"))) as installation:
        yield installation


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def staff(platform: Installation) -> AsyncIterator[Staff]:
    """Give the people of the platform, each on channels of his own."""
    async with AsyncExitStack() as opened:
        yield Staff.of(platform.platform, opened)
