"""Fixtures for all tests: a real PostgreSQL and a real Kafka, started once a session at need."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import settings as properties
from xdist.scheduler import LoadScopeScheduling

import faults  # noqa: F401 # its folder has the same name, and pytest would take that for it
from ledger.migrate import ENGINE, migrate
from stack.databases import Databases, Passwords
from stack.settings import Provider, Settings
from stack.stack import stack_of
from stack.testing import Kafka, Postgres, discard, sweep, throwaway_settings
from stack.topics import declared, provision

# How long one example takes says more of what else the machine does than of the code.
properties.register_profile("throughline", deadline=None)
properties.load_profile("throughline")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let tests run on other servers than the embedded ones."""
    parser.addoption(
        "--stack",
        choices=[Provider.EMBEDDED.value, Provider.CONTAINERS.value],
        default=Provider.EMBEDDED.value,
        help="who runs PostgreSQL and Kafka: this machine (embedded), or a container engine",
    )


TOGETHER = ("tests/system/", "tests/scenarios/", "faults/")
"""Folders whose tests share a platform; they take longest, so they go first."""


def shared_by(file: str) -> str:
    """Return what has to stay in one process when several run the tests: a folder, or a file."""
    return next((folder for folder in TOGETHER if file.startswith(folder)), file)


class ByPlatform(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Gives each process whole platforms and whole files."""

    def _split_scope(self, nodeid: str) -> str:
        return shared_by(nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByPlatform:
    """Say how tests are given out."""
    return ByPlatform(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes longest first."""

    def place(item: pytest.Item) -> int:
        shared = shared_by(item.path.relative_to(config.rootpath).as_posix())
        return TOGETHER.index(shared) if shared in TOGETHER else len(TOGETHER)

    items.sort(key=place)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack_settings(request: pytest.FixtureRequest) -> AsyncIterator[Settings]:
    """Give the settings of this session's servers; their folder goes at its end."""
    await sweep()
    settings = throwaway_settings(Provider(request.config.getoption("--stack")))
    yield settings
    await discard(settings.places.folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres(stack_settings: Settings) -> AsyncIterator[Postgres]:
    """Give a PostgreSQL server, where tests make databases of their own."""
    server = stack_of(stack_settings).postgres
    passwords = Passwords(stack_settings.places.passwords)
    try:
        await server.start()
        yield Postgres(Databases(server.superuser_url(), passwords), _migrate)
    finally:
        await server.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kafka(stack_settings: Settings) -> AsyncIterator[Kafka]:
    """Give a Kafka broker with the declared topics."""
    server = stack_of(stack_settings).kafka
    try:
        await server.start()
        await provision(server.bootstrap, declared(stack_settings.topics_file))
        yield Kafka(server.bootstrap)
    finally:
        await server.stop()


async def _migrate(owner: str, sources: Sequence[tuple[str, Path]]) -> None:
    await migrate(owner, [ENGINE, *sources])
