"""The two sides of redirects, and what goes between them."""

from typing import Any

import pytest
import pytest_asyncio

from ledger.feed import Cursor
from services.referrals.tests.redirecting.sides import Between, Side

# `Any`: the fixture `front_door` is a FrontDoor of the conftest above, which cannot be imported.


@pytest.fixture
def here(front_door: Any) -> Side:
    """Speak as the authority where the family lives, which began the redirect."""
    return Side(front_door, "colne-bay")


@pytest.fixture
def there(front_door: Any) -> Side:
    """Speak as the authority that placed the child."""
    return Side(front_door, "harrowdale")


@pytest_asyncio.fixture(loop_scope="session")
async def between(front_door: Any) -> Between:
    """Play the other roles, from now on."""
    last = await front_door.runtime.feed.last_position()
    page = await front_door.runtime.feed.page(Cursor(last - 1), 1)
    return Between(front_door, page.end(Cursor(last)))
