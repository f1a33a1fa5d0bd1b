"""Fixtures of the system tests: the year, imported once, and people who take on families."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from chassis.identity.local_issuer import LocalIssuer
from chassis.running.settings import Environment
from tests.system.desk import Desk
from tests.system.installation import Finished, Installation
from tests.system.office import Office
from tests.system.story import Story, tell
from tests.system.submissions import YEAR, invented
from throughline_cli.people import Staff


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def office(staff: Staff) -> AsyncIterator[Office]:
    """Give people who bring referrals in and take them on."""
    yield await Office.of(staff)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def imported(platform: Installation) -> tuple[Finished, Path]:
    """Import the year by the command, once; give what it said and its report.

    The clock stands behind the year, so that nothing falls due line by line.
    """
    await platform.throughline("clock", "2026-01-01")
    report = platform.folder / "report.json"
    return await platform.throughline("import", YEAR, "--report", report), report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def story(office: Office) -> Story:
    """Give a case with sessions and a correction."""
    return await tell(office)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def desk(platform: Installation, office: Office) -> Desk:
    """Give somebody who sends any bytes with any token; a case is there for them to be about."""
    [case] = await office.take_on(invented())
    keys = platform.embedded.stack.whereabouts().keys
    issuer = LocalIssuer.from_file(platform.platform.issuer, keys.issuer, Environment.TEST)
    return Desk(platform, office, issuer, case)
