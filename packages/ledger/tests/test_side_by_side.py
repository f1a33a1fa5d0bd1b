"""Several things at once: the first failure is told, and whoever goes on after it is as before."""

import asyncio

import pytest

from ledger.side_by_side import side_by_side


class Broke(Exception):  # noqa: N818 # named for what has happened
    """What one of them fails with."""


async def broke() -> None:
    await asyncio.sleep(0)
    raise Broke


async def test_all_are_done_at_once() -> None:
    met = asyncio.Barrier(3)

    async def meet() -> None:
        await met.wait()

    async with asyncio.timeout(5):
        await side_by_side(meet() for _ in range(3))


async def test_the_first_failure_ends_the_others_and_is_raised() -> None:
    ended = asyncio.Event()

    async def wait_for_ever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(Broke):
        await side_by_side([wait_for_ever(), broke()])
    assert ended.is_set()


async def test_whoever_goes_on_after_a_failure_is_not_counted_as_cancelled() -> None:
    with pytest.raises(Broke):
        await side_by_side([broke(), asyncio.sleep(5)])
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.sleep(5)


async def test_whoever_is_cancelled_ends_all_of_them_first() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def wait_for_ever() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()

    waiting = asyncio.create_task(side_by_side([wait_for_ever()]))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended.is_set()
