"""A front door whose index of people follows, and who speaks with it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from chassis.roles import Role
from referrals.people.indexing import keep_index
from throughline.referrals.v1.people_pb2_grpc import PeopleServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def indexed(front_door: Any) -> AsyncIterator[Any]:
    """Run the front door's index of tags beside its other roles."""
    following = asyncio.create_task(keep_index(front_door.runtime))
    yield front_door
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


@pytest.fixture
def manager(indexed: Any) -> Any:
    return indexed.speak(
        Role.TEAM_MANAGER, slugs=indexed.slugs, sub=UUID(int=8), stub=PeopleServiceStub
    )


@pytest.fixture
def worker(indexed: Any) -> Any:
    return indexed.speak(Role.DUTY_WORKER, slugs=indexed.slugs, stub=PeopleServiceStub)
